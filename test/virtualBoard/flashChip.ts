// A SPI NOR flash chip: erased bytes are 0xFF, programming only clears bits, erasing works on whole 4 KiB sectors.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export const SECTOR_SIZE = 0x1000;
const BLOCK_SIZE = 0x10000;

export class FlashChip {
  readonly bytes: Uint8Array;
  readonly isNew: boolean;
  #dirty = false;
  #timer: NodeJS.Timeout | undefined;

  /** With a `file` the content is read from it and written back half a second after the last change, and by `save`. */
  constructor(
    readonly size = 4 * 1024 * 1024,
    private readonly file?: string,
  ) {
    this.bytes = new Uint8Array(size).fill(0xff);
    this.isNew = !(file && existsSync(file));
    if (file && !this.isNew) this.bytes.set(readFileSync(file).subarray(0, size));
  }

  /** 0xC84016 is a GigaDevice 4 MB chip; the last byte is log2 of the size. Manufacturer in the lowest byte, as RDID answers. */
  get jedecId(): number {
    return 0xc8 | (0x40 << 8) | (Math.log2(this.size) << 16);
  }

  read(offset: number, length: number): Uint8Array {
    return this.bytes.slice(offset, offset + length);
  }

  /** Erases every sector that the range touches. False where the range leaves the chip. */
  erase(offset: number, length: number): boolean {
    if (length <= 0) return true;
    if (offset + length > this.size) return false;
    const start = offset - (offset % SECTOR_SIZE);
    const end = Math.min(this.size, Math.ceil((offset + length) / SECTOR_SIZE) * SECTOR_SIZE);
    this.bytes.fill(0xff, start, end);
    this.#changed();
    return true;
  }

  /** Like `erase`, by 64 KiB where it fits: how far a loader gets in one step. Returns the end of what is erased. */
  eraseStep(offset: number, limit: number): number {
    const wide = offset % BLOCK_SIZE === 0 && offset + BLOCK_SIZE <= limit;
    const end = offset + (wide ? BLOCK_SIZE : SECTOR_SIZE);
    return this.erase(offset, end - offset) ? end : limit;
  }

  /** Programs: bits go from 1 to 0 only. False where the range leaves the chip. */
  program(offset: number, data: Uint8Array): boolean {
    if (offset + data.length > this.size) return false;
    for (let i = 0; i < data.length; i++) {
      const at = offset + i;
      this.bytes[at] = (this.bytes[at] ?? 0xff) & (data[i] ?? 0xff);
    }
    this.#changed();
    return true;
  }

  /** Erases and programs: how a factory or a test prepares the chip. */
  preload(offset: number, data: Uint8Array): void {
    if (!this.erase(offset, data.length) || !this.program(offset, data)) throw new RangeError('does not fit the flash');
  }

  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.file || !this.#dirty) return;
    writeFileSync(`${this.file}.part`, this.bytes);
    renameSync(`${this.file}.part`, this.file);
    this.#dirty = false;
  }

  #changed(): void {
    this.#dirty = true;
    if (!this.file) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), 500).unref();
  }
}
