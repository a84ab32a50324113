// CBOR (RFC 8949) as diagnostic notation (section 8), bounded: an item that is too deep or too long is refused.

/** Levels and items decoded at most: a small payload can claim billions. */
const MAX_DEPTH = 64;
const MAX_ITEMS = 20_000;
/** Bytes of a byte string that are shown. */
const SHOWN_BYTES = 4096;

class NotCbor extends Error {}

/** Diagnostic notation with one entry a line, or undefined when `bytes` are not exactly one CBOR item. */
export function cborText(bytes: Uint8Array): string | undefined {
  try {
    const reader = new Reader(bytes);
    const text = reader.item(0);
    return reader.atEnd ? text : undefined;
  } catch (error) {
    if (error instanceof NotCbor) return undefined;
    throw error;
  }
}

class Reader {
  private at = 0;
  private items = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get atEnd(): boolean {
    return this.at === this.bytes.length;
  }

  item(depth: number): string {
    if (depth > MAX_DEPTH || ++this.items > MAX_ITEMS) throw new NotCbor();
    const head = this.byte();
    const major = head >> 5;
    const info = head & 31;
    switch (major) {
      case 0:
        return this.argument(info).toString();
      case 1:
        return (-1n - this.argument(info)).toString();
      case 2:
        return info === 31 ? this.chunks(2, depth) : byteString(this.take(this.argument(info)));
      case 3:
        return info === 31 ? this.chunks(3, depth) : JSON.stringify(utf8(this.take(this.argument(info))));
      case 4:
        return this.list(info, depth, '[', ']', () => this.item(depth + 1));
      case 5:
        return this.list(info, depth, '{', '}', () => `${this.item(depth + 1)}: ${this.item(depth + 1)}`);
      case 6:
        return `${this.argument(info)}(${this.item(depth + 1)})`;
      default:
        return this.simple(info);
    }
  }

  private list(info: number, depth: number, open: string, close: string, next: () => string): string {
    const count = info === 31 ? undefined : this.argument(info);
    if (count !== undefined && count > BigInt(this.bytes.length)) throw new NotCbor();
    const entries: string[] = [];
    while (count === undefined ? !this.atBreak() : entries.length < Number(count)) entries.push(next());
    if (entries.length === 0) return open + close;
    const indent = '  '.repeat(depth + 1);
    return `${open}\n${entries.map((entry) => indent + entry).join(',\n')}\n${'  '.repeat(depth)}${close}`;
  }

  /** A string of indefinite length: definite chunks of the same kind until the break. */
  private chunks(major: number, depth: number): string {
    const parts: string[] = [];
    while (!this.atBreak()) {
      const head = this.bytes[this.at];
      if (head === undefined || head >> 5 !== major || (head & 31) === 31) throw new NotCbor();
      parts.push(this.item(depth + 1));
    }
    return `(_ ${parts.join(', ')})`;
  }

  private simple(info: number): string {
    if (info === 20) return 'false';
    if (info === 21) return 'true';
    if (info === 22) return 'null';
    if (info === 23) return 'undefined';
    if (info === 25) return float(half(this.view.getUint16(this.skip(2))));
    if (info === 26) return float(this.view.getFloat32(this.skip(4)));
    if (info === 27) return float(this.view.getFloat64(this.skip(8)));
    if (info < 20) return `simple(${info})`;
    if (info === 24) {
      const value = this.byte();
      if (value >= 32) return `simple(${value})`;
    }
    throw new NotCbor();
  }

  private argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    if (info === 24) return BigInt(this.byte());
    if (info === 25) return BigInt(this.view.getUint16(this.skip(2)));
    if (info === 26) return BigInt(this.view.getUint32(this.skip(4)));
    if (info === 27) return this.view.getBigUint64(this.skip(8));
    throw new NotCbor();
  }

  private atBreak(): boolean {
    if (this.bytes[this.at] !== 0xff) return false;
    this.at += 1;
    return true;
  }

  private byte(): number {
    return this.bytes[this.skip(1)] ?? 0;
  }

  private take(length: bigint): Uint8Array {
    const count = Number(length);
    const from = this.skip(count);
    return this.bytes.subarray(from, from + count);
  }

  /** Moves on; returns where it was. */
  private skip(count: number): number {
    const from = this.at;
    if (from + count > this.bytes.length) throw new NotCbor();
    this.at += count;
    return from;
  }
}

/** A longer one with a comment, as diagnostic notation has them: `h'00ff…' / 10485760 bytes /`. */
function byteString(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > SHOWN_BYTES ? `h'${hex}…' / ${bytes.length} bytes /` : `h'${hex}'`;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new NotCbor();
  }
}

/** IEEE 754 half precision (RFC 8949, appendix D). */
function half(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (mantissa + 1_024) * 2 ** (exponent - 25);
}

function float(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}
