// One FLASH_BEGIN ... FLASH_END: where the next bytes go, what is erased, and what went wrong.
import { type FlashChip, SECTOR_SIZE } from './flashChip';
import { Inflater } from './inflater';

export type LoaderFault =
  | 'checksum'
  | 'length'
  | 'blockSize'
  | 'notInFlashMode'
  | 'inflate'
  | 'spi'
  | 'tooMuchData'
  | 'notEnoughData'
  | 'invalid'
  | 'notImplemented';

export interface SessionStart {
  /** Bytes to be written, after inflating. */
  readonly size: number;
  readonly offset: number;
  readonly compressed: boolean;
  /** The ROM erases everything first; the stub erases just ahead of what it writes. */
  readonly eraseFirst: boolean;
}

export class FlashSession {
  readonly #inflater: Inflater | undefined;
  #next: number;
  #remaining: number;
  #erasedTo: number;
  readonly #eraseEnd: number;
  fault: LoaderFault | undefined;

  constructor(
    private readonly flash: FlashChip,
    private readonly start: SessionStart,
  ) {
    this.#next = start.offset;
    this.#remaining = start.size;
    this.#erasedTo = start.offset - (start.offset % SECTOR_SIZE);
    this.#eraseEnd = Math.ceil((start.offset + start.size) / SECTOR_SIZE) * SECTOR_SIZE;
    if (start.compressed) this.#inflater = new Inflater();
    if (start.eraseFirst && !flash.erase(start.offset, start.size)) this.fault = 'spi';
  }

  /** Writes a block. Bytes beyond the announced size are padding in a plain transfer and an error in a compressed one. */
  async write(block: Uint8Array): Promise<void> {
    let bytes = block;
    if (this.#inflater) {
      try {
        bytes = await this.#inflater.push(block);
      } catch {
        this.fault = 'inflate';
        return;
      }
      if (bytes.length > this.#remaining) this.fault = 'tooMuchData';
    }
    bytes = bytes.subarray(0, this.#remaining);
    if (!this.start.eraseFirst) {
      while (this.#erasedTo < Math.min(this.#next + bytes.length, this.#eraseEnd))
        this.#erasedTo = this.flash.eraseStep(this.#erasedTo, this.#eraseEnd);
    }
    if (!this.flash.program(this.#next, bytes)) this.fault = 'spi';
    this.#next += bytes.length;
    this.#remaining -= bytes.length;
  }

  end(): LoaderFault | undefined {
    this.#inflater?.close();
    return this.fault ?? (this.#remaining > 0 ? 'notEnoughData' : undefined);
  }
}
