// The flasher stub that esptool uploads: two status bytes, acknowledges before it writes, reads flash in packets.
import { createHash } from 'node:crypto';
import type { Chip } from './chip';
import type { LoaderFault } from './flashSession';
import { Loader, type Reply } from './loader';
import { type LoaderRequest, Op, StubError, words } from './loaderProtocol';

const MAX_BLOCK = 0x4000;

export class StubLoader extends Loader {
  /** Set while READ_FLASH runs: frames are acknowledgements then, not commands. */
  #acknowledge: ((frame: Uint8Array) => void) | undefined;

  constructor(chip: Chip) {
    super(chip);
    chip.registers.attachFlash();
    this.sendFrame(new TextEncoder().encode('OHAI'));
  }

  protected statusBytes(fault: LoaderFault | undefined): Uint8Array {
    if (!fault) return new Uint8Array(2);
    const codes: Record<LoaderFault, number> = {
      checksum: StubError.badChecksum,
      length: StubError.badLength,
      blockSize: StubError.badBlockSize,
      notInFlashMode: StubError.notInFlashMode,
      inflate: StubError.inflate,
      spi: StubError.spiFailed,
      tooMuchData: StubError.tooMuchData,
      notEnoughData: StubError.notEnoughData,
      invalid: StubError.invalidCommand,
      notImplemented: StubError.notImplemented,
    };
    return Uint8Array.of(codes[fault], 0);
  }

  /** The value 0 tells esptool that the stub, not the ROM, answers. */
  protected sync(): void {
    for (let i = 0; i < 8; i++) this.respond(Op.SYNC, {}, 0);
  }

  protected override takeFrame(frame: Uint8Array): boolean {
    this.#acknowledge?.(frame);
    return this.#acknowledge !== undefined;
  }

  protected run(request: LoaderRequest): Reply | Promise<Reply> {
    const common = this.common(request);
    if (common) return common;
    const word = words(request.data);
    const { flash } = this.chip;
    switch (request.op) {
      case Op.SPI_ATTACH:
        return {};
      case Op.CHANGE_BAUDRATE:
        return { after: () => this.chip.setBaudRate(word(0)) };
      case Op.FLASH_BEGIN:
      case Op.FLASH_DEFL_BEGIN:
        return word(2) > MAX_BLOCK ? { fault: 'blockSize' } : this.begin(request, false);
      case Op.FLASH_DATA:
      case Op.FLASH_DEFL_DATA:
        return this.#data(request);
      case Op.FLASH_END:
      case Op.FLASH_DEFL_END:
        return this.#end(word(0) === 0);
      case Op.SPI_FLASH_MD5:
        if (word(0) + word(1) > flash.size) return { fault: 'spi' };
        return {
          data: createHash('md5')
            .update(flash.read(word(0), word(1)))
            .digest(),
        };
      case Op.ERASE_FLASH:
        return flash.erase(0, flash.size) ? {} : { fault: 'spi' };
      case Op.ERASE_REGION:
        return flash.erase(word(0), word(1)) ? {} : { fault: 'spi' };
      case Op.READ_FLASH:
        return { after: () => this.#read(word(0), word(1), word(2), word(3)) };
      case Op.RUN_USER_CODE:
        return { after: () => this.chip.start({ kind: 'softReset' }) };
      default:
        return { fault: 'notImplemented' };
    }
  }

  /** Acknowledged at once, so that the next block travels meanwhile; a failure shows in the next answer. */
  #data(request: LoaderRequest): Reply {
    const { session } = this;
    if (!session) return { fault: 'notInFlashMode' };
    const payload = this.payload(request);
    if (typeof payload === 'string') return { fault: payload };
    return { fault: session.fault, after: () => session.write(payload) };
  }

  #end(reboot: boolean): Reply {
    if (!this.session) return { fault: 'notInFlashMode' };
    const fault = this.session.end();
    this.session = undefined;
    return { fault, after: () => (reboot ? this.chip.start({ kind: 'softReset' }) : undefined) };
  }

  /** Packets, each acknowledged with the count of bytes that arrived; at the end the MD5 of all of them. */
  async #read(offset: number, length: number, packet: number, inFlight: number): Promise<void> {
    const data = this.chip.flash.read(offset, length);
    await new Promise<void>((resolve) => {
      let sent = 0;
      const advance = (acknowledged: number) => {
        while (sent < length && sent - acknowledged < inFlight) {
          this.sendFrame(data.subarray(sent, sent + packet));
          sent = Math.min(sent + packet, length);
        }
        if (acknowledged >= length || acknowledged > sent) resolve();
      };
      this.#acknowledge = (frame) => (frame.length === 4 ? advance(words(frame)(0)) : resolve());
      advance(0);
    });
    this.#acknowledge = undefined;
    this.sendFrame(createHash('md5').update(data).digest());
  }
}
