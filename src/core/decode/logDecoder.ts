// Bytes in, findings out: the way to read a log of gigabytes. What holds nothing is told on its bytes, a chunk at a time.
import { type Line, LineSplitter } from '../serial/lineSplitter';
import { BaudWatch } from '../serial/wrongBaud';
import { ByteScan } from './byteScan';
import { createDecoder, type DecoderOptions, WORDS } from './decoder';
import type { Finding } from './finding';

export interface LogHooks {
  /** Each line before its findings; it counts from 1. */
  readonly onLine?: (line: string, number: number) => void;
  readonly onFinding: (finding: Finding, line: string) => void;
  /** At the line that makes a wrong baud rate certain. */
  readonly onWrongBaud?: (number: number) => void;
}

const [LF, CR] = [10, 13];

export class LogDecoder {
  private readonly splitter = new LineSplitter();
  private readonly scan = new ByteScan(WORDS);
  private readonly baud = new BaudWatch();
  private readonly decoder;
  private count = 0;
  /** The unfinished line has a place that deserves a closer look. */
  private closer = false;

  constructor(
    options: DecoderOptions,
    private readonly hooks: LogHooks,
  ) {
    this.decoder = createDecoder(options);
  }

  /** Lines so far. */
  get lines(): number {
    return this.count;
  }

  push(bytes: Uint8Array): void {
    const { splitter } = this;
    // The first chunk tells the encoding; only in UTF-8 are words and line ends what they are in ASCII.
    const readable = splitter.encoding === 'utf-8';
    const heldCr = splitter.partial.endsWith('\r');
    const places = this.scan.next(bytes);
    const lines = splitter.push(bytes);
    if (readable && places.length === 0 && !this.closer) this.skip(lines, 0, lines.length);
    // A piece of an overlong line has no ending to be found by.
    else if (!readable || lines.some(({ ending }) => ending === '')) this.lookAtAll(lines);
    else this.lookAt(lines, places, bytes, heldCr);
  }

  end(): void {
    this.lookAtAll(this.splitter.end());
    this.tell(this.decoder.end(), '');
  }

  /** With `heldCr` the chunk before ended in a CR, which is a line ending or half of one. */
  private lookAt(lines: readonly Line[], places: readonly number[], bytes: Uint8Array, heldCr: boolean): void {
    let end = 0;
    let next = 0;
    let quiet = 0;
    for (let i = 0; i < lines.length && (this.closer || next < places.length); i += 1) {
      const line = lines[i] as Line;
      if (i > 0) end = endOf(line, bytes, end);
      else if (!heldCr || line.ending !== '\r') end = bytes.indexOf(line.ending === '\r' ? CR : LF) + 1;
      for (; (places[next] as number) < end; next += 1) this.closer = true;
      if (!this.closer) continue;
      this.closer = false;
      this.skip(lines, quiet, i);
      this.look(line.text);
      quiet = i + 1;
    }
    this.skip(lines, quiet, lines.length);
    if (next < places.length) this.closer = true;
  }

  private lookAtAll(lines: readonly Line[]): void {
    for (const { text } of lines) this.look(text);
    this.closer = true;
  }

  private look(text: string): void {
    const { hooks } = this;
    this.count += 1;
    hooks.onLine?.(text, this.count);
    this.tell(this.decoder.look(text), text);
    if (this.baud.next(text)) hooks.onWrongBaud?.(this.count);
  }

  /** Lines `from` to `to` (exclusive) hold nothing. */
  private skip(lines: readonly Line[], from: number, to: number): void {
    if (from === to) return;
    const { onLine } = this.hooks;
    if (onLine) for (let i = from; i < to; i += 1) onLine((lines[i] as Line).text, this.count + 1 + i - from);
    this.tell(this.decoder.skip(lines, from, to), (lines[from] as Line).text);
    this.baud.clean(to - from);
    this.count += to - from;
  }

  private tell(findings: readonly Finding[], line: string): void {
    for (const finding of findings) this.hooks.onFinding(finding, line);
  }
}

/** Where the line that starts at `start` ends in `bytes`. It has at least as many bytes as characters, and one ending. */
function endOf({ text, ending }: Line, bytes: Uint8Array, start: number): number {
  const last = ending === '\r' ? CR : LF;
  const least = start + text.length + ending.length;
  return bytes[least - 1] === last ? least : bytes.indexOf(last, least) + 1;
}
