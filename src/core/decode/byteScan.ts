// Where in a stream of bytes a line deserves a closer look, chunk by chunk: most chunks of a quiet log have no such place.
import { LOOK_CLOSER, ROW_BITS, WORD_START, type WordTable } from './wordTable';

const ESC = 27;
/** Shorter chunks are read in one go. */
const WORTH_SPLITTING = 1024;

export class ByteScan {
  /** The word begun at the end of the chunk before. */
  private row = 0;
  private readonly places: number[] = [];
  private readonly quarters: readonly number[][] = [[], [], [], []];

  constructor(private readonly table: WordTable) {}

  /**
   * Indices into `bytes`, ascending, at which a word's beginning ends (it may have begun in the chunk before), a control
   * sequence may split a word, or noise stands. The array is used again at the next call.
   */
  next(bytes: Uint8Array): readonly number[] {
    const { places } = this;
    places.length = 0;
    if (bytes.length < WORTH_SPLITTING) this.row = this.read(bytes, 0, bytes.length, this.row, places);
    else this.readQuarters(bytes);
    return places;
  }

  /** A step waits for the one before it, so four parts are read side by side: that is more than twice as fast. */
  private readQuarters(bytes: Uint8Array): void {
    const { steps } = this.table;
    const [shift, closer] = [ROW_BITS, LOOK_CLOSER]; // locals: this loop is the price of a quiet log
    const [first, second, third, fourth] = this.quarters as [number[], number[], number[], number[]];
    for (const quarter of this.quarters) quarter.length = 0;
    const size = bytes.length >> 2;
    const [to2, to3] = [size * 2, size * 3];
    let a = this.row;
    let b = this.rowBefore(bytes, size);
    let c = this.rowBefore(bytes, to2);
    let d = this.rowBefore(bytes, to3);
    for (let i = 0; i < size; i += 1) {
      a = steps[(a << shift) + (bytes[i] as number)] as number;
      b = steps[(b << shift) + (bytes[i + size] as number)] as number;
      c = steps[(c << shift) + (bytes[i + to2] as number)] as number;
      d = steps[(d << shift) + (bytes[i + to3] as number)] as number;
      if (((a | b | c | d) & closer) === 0) continue;
      if (a >= closer) a = this.found(bytes, i, a, first);
      if (b >= closer) b = this.found(bytes, i + size, b, second);
      if (c >= closer) c = this.found(bytes, i + to2, c, third);
      if (d >= closer) d = this.found(bytes, i + to3, d, fourth);
    }
    this.row = this.read(bytes, size * 4, bytes.length, d, fourth);
    for (const quarter of this.quarters) for (const place of quarter) this.places.push(place);
  }

  /** The word begun before `at`; what ends there is found by the part before. */
  private rowBefore(bytes: Uint8Array, at: number): number {
    return this.read(bytes, at - WORD_START, at, 0, undefined);
  }

  private read(bytes: Uint8Array, from: number, to: number, start: number, places: number[] | undefined): number {
    const { steps } = this.table;
    let row = start;
    for (let i = from; i < to; i += 1) {
      row = steps[(row << ROW_BITS) + (bytes[i] as number)] as number;
      if (row >= LOOK_CLOSER) row = this.found(bytes, i, row, places);
    }
    return row;
  }

  private found(bytes: Uint8Array, at: number, row: number, places: number[] | undefined): number {
    if (places !== undefined && !(bytes[at] === ESC && endsLine(bytes, at))) places.push(at);
    return row - LOOK_CLOSER;
  }
}

/** `ESC[0m` with a line ending behind it, as ESP-IDF prints after each line: it splits no word. */
function endsLine(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== 0x5b || bytes[at + 2] !== 0x30 || bytes[at + 3] !== 0x6d) return false;
  return bytes[at + 4] === 10 || (bytes[at + 4] === 13 && bytes[at + 5] === 10);
}
