// A chip's ROM serial loader: slow flash commands, RAM download for the stub, and Secure Download Mode.
import { createHash } from 'node:crypto';
import type { Chip } from './chip';
import { CALIBRATED_HZ } from './chipEsp32';
import type { LoaderFault } from './flashSession';
import { securityInfo } from './fuses';
import { Loader, type Reply } from './loader';
import { type LoaderRequest, Op, RomError, words } from './loaderProtocol';

const SYNC_VALUE = 0x55201207;
const READ_SLOW_LENGTH = 64;
/** Text of the stub's greeting, which an Xtensa stub has in its data; a RISC-V stub has it in two instructions. */
const GREETING = 'OHAI';
const SMALLEST_STUB = 2048;

/** What the ESP8266's ROM does not know: its loader is older than these. */
const ESP32_ONLY: ReadonlySet<number> = new Set([
  Op.SPI_ATTACH,
  Op.SPI_SET_PARAMS,
  Op.CHANGE_BAUDRATE,
  Op.FLASH_DEFL_BEGIN,
  Op.FLASH_DEFL_DATA,
  Op.FLASH_DEFL_END,
  Op.SPI_FLASH_MD5,
  Op.READ_FLASH_SLOW,
]);
/** What Secure Download Mode leaves: writing, and saying so. */
const SECURE_DOWNLOAD: ReadonlySet<number> = new Set([
  Op.SYNC,
  Op.SPI_ATTACH,
  Op.SPI_SET_PARAMS,
  Op.CHANGE_BAUDRATE,
  Op.FLASH_BEGIN,
  Op.FLASH_DATA,
  Op.FLASH_END,
  Op.FLASH_DEFL_BEGIN,
  Op.FLASH_DEFL_DATA,
  Op.FLASH_DEFL_END,
  Op.GET_SECURITY_INFO,
]);

export class RomLoader extends Loader {
  #attached = false;
  #ram: { address: number; chunks: Uint8Array[]; blockSize: number } | undefined;
  readonly #loaded: Uint8Array[] = [];

  constructor(chip: Chip) {
    super(chip);
  }

  protected statusBytes(fault: LoaderFault | undefined): Uint8Array {
    const length = this.chip.model.statusBytes;
    if (!fault) return new Uint8Array(length);
    const codes: Partial<Record<LoaderFault, number>> = {
      checksum: RomError.checksum,
      inflate: RomError.inflate,
      spi: RomError.flashWrite,
      invalid: RomError.invalidMessage,
      length: RomError.invalidMessage,
    };
    return Uint8Array.of(1, codes[fault] ?? RomError.failed, 0, 0).subarray(0, length);
  }

  protected sync(): void {
    this.chip.adoptHostBaudRate();
    for (let i = 0; i < 8; i++) this.respond(Op.SYNC, {}, SYNC_VALUE);
  }

  protected run(request: LoaderRequest): Reply | Promise<Reply> {
    const { model, burnt } = this.chip;
    if (burnt.secureDownload && !SECURE_DOWNLOAD.has(request.op)) return this.#unknown();
    if (model.statusBytes === 2 && ESP32_ONLY.has(request.op)) return this.#unknown();
    const common = this.common(request);
    if (common) return common;
    switch (request.op) {
      case Op.SPI_ATTACH:
        this.#attach();
        return {};
      case Op.GET_SECURITY_INFO:
        if (model.securityInfoBytes === 0) return this.#unknown();
        return { data: securityInfo(burnt, model.imageId ?? 0, model.securityInfoBytes) };
      case Op.MEM_BEGIN:
      case Op.MEM_DATA:
      case Op.MEM_END:
        return this.#memory(request);
      case Op.CHANGE_BAUDRATE: {
        const asked = words(request.data)(0);
        const baudRate = model.name === 'ESP32' ? (asked * model.crystalHz) / CALIBRATED_HZ : asked;
        return { after: () => this.chip.setBaudRate(Math.round(baudRate)) };
      }
      case Op.FLASH_BEGIN:
      case Op.FLASH_DEFL_BEGIN:
      case Op.FLASH_DATA:
      case Op.FLASH_DEFL_DATA:
      case Op.FLASH_END:
      case Op.FLASH_DEFL_END:
      case Op.SPI_FLASH_MD5:
      case Op.READ_FLASH_SLOW:
        // the ESP8266 has no SPI_ATTACH: FLASH_BEGIN does it
        if (this.chip.model.statusBytes === 2 && request.op === Op.FLASH_BEGIN) this.#attach();
        return this.#attached || isRunCommand(request) ? this.#flash(request) : { fault: 'notInFlashMode' };
      default:
        return this.#unknown();
    }
  }

  /** Eight answers, as to a SYNC, and not under the command's own number (esptool drains them). */
  #unknown(): Reply {
    for (let i = 0; i < 7; i++) this.respond(0, { fault: 'invalid' }, SYNC_VALUE);
    return { fault: 'invalid' };
  }

  #attach(): void {
    this.#attached = true;
    this.chip.registers.attachFlash();
  }

  protected override respond(op: number, reply: Reply, value: number): void {
    super.respond(reply.fault === 'invalid' ? 0 : op, reply, value);
  }

  #flash(request: LoaderRequest): Reply | Promise<Reply> {
    const word = words(request.data);
    switch (request.op) {
      case Op.FLASH_DATA:
      case Op.FLASH_DEFL_DATA:
        return this.#write(request);
      case Op.FLASH_END:
      case Op.FLASH_DEFL_END: {
        const fault = this.session?.end();
        this.session = undefined;
        const kind = word(0) === 0 ? 'softReset' : 'application';
        return { fault, after: () => this.chip.start({ kind }) };
      }
      case Op.SPI_FLASH_MD5: {
        const hex = createHash('md5')
          .update(this.chip.flash.read(word(0), word(1)))
          .digest('hex');
        return { data: new TextEncoder().encode(hex) };
      }
      case Op.READ_FLASH_SLOW: {
        const data = new Uint8Array(READ_SLOW_LENGTH);
        data.set(this.chip.flash.read(word(0), Math.min(word(1), READ_SLOW_LENGTH)));
        return { data };
      }
      default:
        // ROMs after the ESP32's take a fifth word, "encrypt", and count its absence as a broken command
        if (this.chip.model.securityInfoBytes > 0 && request.data.length < 20) return { fault: 'invalid' };
        return this.begin(request, true);
    }
  }

  async #write(request: LoaderRequest): Promise<Reply> {
    const payload = this.payload(request);
    if (typeof payload === 'string') return { fault: payload };
    if (!this.session) return { fault: 'notInFlashMode' };
    await this.session.write(payload);
    return { fault: this.session.fault };
  }

  #memory(request: LoaderRequest): Reply {
    const word = words(request.data);
    if (request.op === Op.MEM_BEGIN) {
      this.#ram = { address: word(3), chunks: [], blockSize: word(2) };
      return {};
    }
    if (request.op === Op.MEM_DATA) {
      const payload = this.payload(request);
      if (typeof payload === 'string') return { fault: payload };
      if (!this.#ram) return { fault: 'notInFlashMode' };
      this.chip.registers.load(this.#ram.address + word(1) * this.#ram.blockSize, payload);
      this.#loaded.push(payload.slice());
      return {};
    }
    const stay = word(0) !== 0;
    return { after: () => (stay ? undefined : this.#jump()) };
  }

  /**
   * No code can run here. A program that carries the stub's greeting, or is as large as a stub where the greeting cannot
   * be seen, is taken for the stub, which is then emulated; anything else stays silent, as a program that crashed.
   */
  #jump(): void {
    const program = Buffer.concat(this.#loaded);
    const riscv = !['ESP8266', 'ESP32', 'ESP32-S2', 'ESP32-S3'].includes(this.chip.model.name);
    if (program.includes(GREETING) || (riscv && program.length >= SMALLEST_STUB)) this.chip.start({ kind: 'stub' });
    else this.stop();
  }
}

/** FLASH_BEGIN with size 0 and FLASH_END: "run the application", which needs no flash pins attached. */
function isRunCommand(request: LoaderRequest): boolean {
  return request.op === Op.FLASH_END || (request.op === Op.FLASH_BEGIN && words(request.data)(0) === 0);
}
