// The ESP32's ROM serial loader: four status bytes, slow flash commands, and RAM download for the stub.
import { createHash } from 'node:crypto';
import type { Chip } from './chip';
import { CK8M_FREQUENCY, CRYSTAL_HZ, RTC_CALIBRATION } from './chipIdentity';
import type { LoaderFault } from './flashSession';
import { Loader, type Reply } from './loader';
import { type LoaderRequest, Op, RomError, words } from './loaderProtocol';

const SYNC_VALUE = 0x55201207;
const READ_SLOW_LENGTH = 64;
/** A real chip computes its divider from a badly calibrated clock, and esptool corrects for that. */
const CALIBRATED_HZ = (RTC_CALIBRATION * 15625 * CK8M_FREQUENCY) / 40;

export class RomLoader extends Loader {
  #attached = false;
  #ram: { address: number; chunks: Uint8Array[]; blockSize: number } | undefined;
  readonly #loaded: Uint8Array[] = [];

  constructor(chip: Chip) {
    super(chip);
  }

  protected statusBytes(fault: LoaderFault | undefined): Uint8Array {
    if (!fault) return new Uint8Array(4);
    const codes: Partial<Record<LoaderFault, number>> = {
      checksum: RomError.checksum,
      inflate: RomError.inflate,
      spi: RomError.flashWrite,
      invalid: RomError.invalidMessage,
      length: RomError.invalidMessage,
    };
    return Uint8Array.of(1, codes[fault] ?? RomError.failed, 0, 0);
  }

  protected sync(): void {
    this.chip.adoptHostBaudRate();
    for (let i = 0; i < 8; i++) this.respond(Op.SYNC, {}, SYNC_VALUE);
  }

  protected run(request: LoaderRequest): Reply | Promise<Reply> {
    const common = this.common(request);
    if (common) return common;
    switch (request.op) {
      case Op.SPI_ATTACH:
        this.#attached = true;
        return {};
      case Op.MEM_BEGIN:
      case Op.MEM_DATA:
      case Op.MEM_END:
        return this.#memory(request);
      case Op.CHANGE_BAUDRATE: {
        const baudRate = (words(request.data)(0) * CRYSTAL_HZ) / CALIBRATED_HZ;
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
        return this.#attached || isRunCommand(request) ? this.#flash(request) : { fault: 'notInFlashMode' };
      default:
        // Eight answers, as to a SYNC, and not under the command's own number (esptool drains them).
        for (let i = 0; i < 7; i++) this.respond(0, { fault: 'invalid' }, SYNC_VALUE);
        return { fault: 'invalid' };
    }
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
   * No Xtensa code can run here. A program that carries the stub's greeting is taken for the stub, which is then
   * emulated; anything else stays silent, as a program that crashed.
   */
  #jump(): void {
    if (Buffer.concat(this.#loaded).includes('OHAI')) this.chip.start({ kind: 'stub' });
    else this.stop();
  }
}

/** FLASH_BEGIN with size 0 and FLASH_END: "run the application", which needs no flash pins attached. */
function isRunCommand(request: LoaderRequest): boolean {
  return request.op === Op.FLASH_END || (request.op === Op.FLASH_BEGIN && words(request.data)(0) === 0);
}
