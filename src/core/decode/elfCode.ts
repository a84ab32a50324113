// The instructions in an ELF file of a 32-bit chip, by address. Reads section headers only (System V ABI, chapter 4).

const EXECUTABLE = 4;
const NO_BITS = 8;

interface Section {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

export class ElfCode {
  private constructor(
    private readonly view: DataView,
    private readonly sections: readonly Section[],
  ) {}

  /** Undefined for anything but a little-endian ELF of 32 bit whose section table lies within the file. */
  static of(bytes: Uint8Array): ElfCode | undefined {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 52 || view.getUint32(0) !== 0x7f454c46 || bytes[4] !== 1 || bytes[5] !== 1) return undefined;
    const table = view.getUint32(32, true);
    const [size, count] = [view.getUint16(46, true), view.getUint16(48, true)];
    if (size < 40 || table + size * count > bytes.length) return undefined;
    const sections: Section[] = [];
    for (let at = table; at < table + size * count; at += size) {
      const field = (index: number) => view.getUint32(at + index * 4, true);
      const [type, flags, start, offset, length] = [field(1), field(2), field(3), field(4), field(5)];
      if ((flags & EXECUTABLE) === 0 || type === NO_BITS || offset + length > bytes.length) continue;
      sections.push({ start, end: start + length, offset });
    }
    return new ElfCode(view, sections);
  }

  /** The byte at `address`; undefined outside of the code. */
  byte(address: number): number | undefined {
    const section = this.sections.find(({ start, end }) => address >= start && address < end);
    return section && this.view.getUint8(section.offset + address - section.start);
  }

  /** The two bytes at `address`; undefined outside of the code, and at odd addresses. */
  halfword(address: number): number | undefined {
    if (address % 2 !== 0) return undefined;
    const section = this.sections.find(({ start, end }) => address >= start && address + 2 <= end);
    return section && this.view.getUint16(section.offset + address - section.start, true);
  }
}
