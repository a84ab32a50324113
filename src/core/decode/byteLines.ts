// The lines of a UTF-8 log as places in its bytes: only a line that deserves a look becomes text.

import { LineSplitter, MAX_LINE } from '../serial/lineSplitter';
import { ByteLine } from './byteLine';
import { ByteScan } from './byteScan';
import { LinePlaces } from './linePlaces';
import { isStrange, LOOK_CLOSER, type WordTable } from './wordTable';

const [LF, CR, ESC] = [10, 13, 27];

export interface LineHooks {
  /** A line that holds a word, or may; `strange` where bytes stand in it that no firmware prints on purpose. */
  look(line: ByteLine, strange: boolean): void;
  /** Lines that hold none, in memory that is used again: to be read at once. */
  skip(lines: LinePlaces): void;
}

export class ByteLines {
  private readonly scan: ByteScan;
  /** Bytes of the unfinished line, from the chunks before. */
  private held: Uint8Array[] = [];
  private heldLength = 0;
  private heldCr = false;
  /** The unfinished line has a place that deserves a closer look. */
  private closer = false;
  private strange = false;
  /** Takes a line that is longer than MAX_LINE, and cuts it as it does everywhere. */
  private overlong: LineSplitter | undefined;
  /** The quiet lines of the chunk since the last look. */
  private readonly quiet = new LinePlaces();

  constructor(
    private readonly words: WordTable,
    private readonly hooks: LineHooks,
  ) {
    this.scan = new ByteScan(words);
  }

  /** `bytes` must stay as they are: a line's text is made later. */
  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.heldCr && bytes[0] !== LF) this.finish(bytes, 0);
    let start = 0;
    for (const { at, length } of this.scan.next(bytes)) {
      for (let n = 0; n < length; n += 1) {
        const place = at[n] as number;
        const byte = bytes[place] as number;
        if (byte === LF) {
          this.line(bytes, start, place + 1);
          start = place + 1;
          continue;
        }
        if (bytes[place - 1] === CR) {
          this.line(bytes, start, place);
          start = place;
          if ((this.words.steps[byte] as number) < LOOK_CLOSER) continue;
        }
        if (byte === ESC && endsLine(bytes, place)) continue;
        this.closer = true;
        if (isStrange(byte)) this.strange = true;
      }
    }
    this.skipQuiet(bytes, start);
    this.hold(bytes, start);
  }

  private line(bytes: Uint8Array, start: number, end: number): void {
    if (this.heldLength > 0 || this.overlong) this.finish(bytes, end);
    else if (end - start > MAX_LINE) this.cut(bytes, start, end);
    else if (this.closer) {
      this.skipQuiet(bytes, start);
      this.look(new ByteLine(bytes, start, end));
    } else this.quiet.add(start);
  }

  end(): void {
    if (this.heldLength > 0 || this.overlong) this.finish(new Uint8Array(), 0);
  }

  private look(line: ByteLine): void {
    this.hooks.look(line, this.strange);
    this.forget();
  }

  private forget(): void {
    this.closer = false;
    this.strange = false;
  }

  /** The unfinished line ends at `end` of `bytes`. */
  private finish(bytes: Uint8Array, end: number): void {
    if (end > 0) this.keep(bytes.slice(0, end));
    const { held, heldLength, overlong } = this;
    this.held = [];
    this.heldLength = 0;
    this.heldCr = false;
    if (overlong) {
      for (const { text } of overlong.end()) this.hooks.look(ByteLine.of(text), true);
      this.overlong = undefined;
      this.forget();
    } else {
      const bytes = joined(held, heldLength);
      if (this.closer) this.look(new ByteLine(bytes, 0, heldLength));
      else {
        this.quiet.add(0);
        this.skipQuiet(bytes, heldLength);
      }
    }
  }

  private hold(bytes: Uint8Array, start: number): void {
    if (start === bytes.length) return;
    this.heldCr = bytes[bytes.length - 1] === CR;
    this.keep(bytes.slice(start));
  }

  private keep(piece: Uint8Array): void {
    if (!this.overlong) {
      this.held.push(piece);
      this.heldLength += piece.length;
      if (this.heldLength <= MAX_LINE) return;
      this.overlong = new LineSplitter(MAX_LINE, 'utf-8');
      for (const part of this.held) this.pass(part);
      this.held = [];
      this.heldLength = 0;
    } else this.pass(piece);
  }

  private pass(piece: Uint8Array): void {
    for (const { text } of this.overlong?.push(piece) ?? []) this.hooks.look(ByteLine.of(text), true);
  }

  private cut(bytes: Uint8Array, start: number, end: number): void {
    this.skipQuiet(bytes, start);
    const splitter = new LineSplitter(MAX_LINE, 'utf-8');
    for (const { text } of [...splitter.push(bytes.subarray(start, end)), ...splitter.end()])
      this.hooks.look(ByteLine.of(text), true);
    this.forget();
  }

  /** The quiet lines so far, which lie in `bytes` and the last of which ends at `end`. */
  private skipQuiet(bytes: Uint8Array, end: number): void {
    const { quiet } = this;
    if (quiet.count === 0) return;
    quiet.bytes = bytes;
    quiet.end = end;
    this.hooks.skip(quiet);
    quiet.clear();
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** `ESC[0m` with a line ending behind it, as ESP-IDF prints after each line: it splits no word. */
function endsLine(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 1] !== 0x5b || bytes[at + 2] !== 0x30 || bytes[at + 3] !== 0x6d) return false;
  return bytes[at + 4] === LF || (bytes[at + 4] === CR && bytes[at + 5] === LF);
}
