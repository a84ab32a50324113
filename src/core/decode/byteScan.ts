// Where in a stream of bytes something happens, chunk by chunk: a line ends, or deserves a closer look.
import { LOOK_CLOSER, ROW_BITS, WORD_START, type WordTable } from './wordTable';

/** Shorter chunks are read in one go. */
const WORTH_SPLITTING = 1024;

/** So many bytes at most are left over by four equal parts. */
const REST = 3;

/** Indices, ascending, in memory that is used again. */
export interface Places {
  readonly at: Int32Array;
  length: number;
}

export class ByteScan {
  /** The word begun at the end of the chunk before. */
  private row = 0;
  private quarters = places(0);

  constructor(private readonly table: WordTable) {}

  /**
   * Indices into `bytes` at which the table asks for a closer look, in four lists that are used again at the next call:
   * a line ends, a word's beginning ends (it may have begun in the chunk before), a control sequence may split a word, or
   * noise stands there. Behind a CR every byte is one.
   */
  next(bytes: Uint8Array): readonly Places[] {
    // Every byte may be a place: with room for all of them the loop below has nothing to check.
    const room = Math.max(WORTH_SPLITTING, (bytes.length >> 2) + REST);
    if (this.quarters[0].at.length < room) this.quarters = places(room);
    for (const quarter of this.quarters) quarter.length = 0;
    if (bytes.length < WORTH_SPLITTING) this.row = this.read(bytes, 0, this.row, this.quarters[0]);
    else this.readQuarters(bytes);
    return this.quarters;
  }

  /** A step waits for the one before it, so four parts are read side by side: that is more than twice as fast. */
  private readQuarters(bytes: Uint8Array): void {
    const { steps } = this.table;
    const [shift, closer] = [ROW_BITS, LOOK_CLOSER]; // locals: this loop is the price of a quiet log
    const [first, second, third, fourth] = this.quarters;
    const [at1, at2, at3, at4] = [first.at, second.at, third.at, fourth.at];
    const size = bytes.length >> 2;
    const [to2, to3] = [size * 2, size * 3];
    let a = this.row;
    let b = this.rowBefore(bytes, size);
    let c = this.rowBefore(bytes, to2);
    let d = this.rowBefore(bytes, to3);
    let [n1, n2, n3, n4] = [0, 0, 0, 0];
    for (let i = 0; i < size; i += 1) {
      a = steps[(a << shift) + (bytes[i] as number)] as number;
      b = steps[(b << shift) + (bytes[i + size] as number)] as number;
      c = steps[(c << shift) + (bytes[i + to2] as number)] as number;
      d = steps[(d << shift) + (bytes[i + to3] as number)] as number;
      if (((a | b | c | d) & closer) === 0) continue;
      if (a >= closer) at1[n1++] = i;
      if (b >= closer) at2[n2++] = i + size;
      if (c >= closer) at3[n3++] = i + to2;
      if (d >= closer) at4[n4++] = i + to3;
      a &= ~closer;
      b &= ~closer;
      c &= ~closer;
      d &= ~closer;
    }
    first.length = n1;
    second.length = n2;
    third.length = n3;
    fourth.length = n4;
    this.row = this.read(bytes, size * 4, d, fourth);
  }

  /** The word begun before `at`; what ends there is found by the part before. */
  private rowBefore(bytes: Uint8Array, at: number): number {
    const { steps } = this.table;
    let row = 0;
    for (let i = at - WORD_START; i < at; i += 1)
      row = (steps[(row << ROW_BITS) + (bytes[i] as number)] as number) & ~LOOK_CLOSER;
    return row;
  }

  private read(bytes: Uint8Array, from: number, start: number, found: Places): number {
    const { steps } = this.table;
    let row = start;
    for (let i = from; i < bytes.length; i += 1) {
      row = steps[(row << ROW_BITS) + (bytes[i] as number)] as number;
      if (row < LOOK_CLOSER) continue;
      row -= LOOK_CLOSER;
      found.at[found.length] = i;
      found.length += 1;
    }
    return row;
  }
}

function places(room: number): readonly [Places, Places, Places, Places] {
  const one = (): Places => ({ at: new Int32Array(room), length: 0 });
  return [one(), one(), one(), one()];
}
