// Bytes in, findings out: the way to read a log of gigabytes. What holds nothing is told on its bytes, and never text.
import { LineSplitter, MAX_LINE } from '../serial/lineSplitter';
import { UTF16_BYTES, utf16ByMark, utf16ByNuls } from '../serial/utf16';
import { BaudWatch } from '../serial/wrongBaud';
import { ByteLine } from './byteLine';
import { ByteLines } from './byteLines';
import { createDecoder, type DecoderOptions, WORDS } from './decoder';
import type { Finding } from './finding';
import type { LinePlaces } from './linePlaces';

export interface LogHooks {
  /** Each line before its findings; it counts from 1. */
  readonly onLine?: (line: string, number: number) => void;
  readonly onFinding: (finding: Finding) => void;
  /** At the line that makes a wrong baud rate certain. */
  readonly onWrongBaud?: (number: number) => void;
}

/** A larger chunk is read in such pieces: what is remembered of one grows with it. */
const PIECE = 1 << 20;

export class LogDecoder {
  private readonly baud = new BaudWatch();
  private readonly decoder;
  private readonly bytes: ByteLines;
  /** Only in UTF-8 are words and line ends the bytes that they are in ASCII: other logs become text first. */
  private text: LineSplitter | undefined;
  /** Until the encoding is told. */
  private head: Uint8Array | undefined = new Uint8Array();
  private count = 0;

  constructor(
    options: DecoderOptions,
    private readonly hooks: LogHooks,
  ) {
    this.decoder = createDecoder(options);
    this.bytes = new ByteLines(WORDS, {
      look: (line, strange) => this.look(line, strange),
      skip: (lines) => this.skip(lines),
    });
  }

  /** Lines so far. */
  get lines(): number {
    return this.count;
  }

  /** `chunk` must not change any more: the text of a line is made when somebody asks for it. */
  push(chunk: Uint8Array): void {
    if (this.head) {
      const head = new Uint8Array(this.head.length + chunk.length);
      head.set(this.head);
      head.set(chunk, this.head.length);
      this.head = head;
      if (head.length >= UTF16_BYTES) this.begin(head);
    } else this.take(chunk);
  }

  end(): void {
    if (this.head) this.begin(this.head);
    if (this.text) for (const { text } of this.text.end()) this.look(ByteLine.of(text), true);
    else this.bytes.end();
    this.tell(this.decoder.end());
  }

  private begin(head: Uint8Array): void {
    this.head = undefined;
    const utf16 = utf16ByMark(head) ?? utf16ByNuls(head);
    if (utf16) this.text = new LineSplitter(MAX_LINE, utf16);
    this.take(head);
  }

  private take(chunk: Uint8Array): void {
    if (this.text) for (const { text } of this.text.push(chunk)) this.look(ByteLine.of(text), true);
    else for (let at = 0; at < chunk.length; at += PIECE) this.bytes.push(chunk.subarray(at, at + PIECE));
  }

  private look(line: ByteLine, strange: boolean): void {
    const { hooks } = this;
    this.count += 1;
    hooks.onLine?.(line.text, this.count);
    this.tell(this.decoder.look(line));
    if (!strange) this.baud.clean(1);
    else if (this.baud.next(line.text)) hooks.onWrongBaud?.(this.count);
  }

  /** Lines that hold nothing. */
  private skip(lines: LinePlaces): void {
    const { onLine } = this.hooks;
    if (onLine) for (let i = 0; i < lines.count; i += 1) onLine(lines.line(i).text, this.count + 1 + i);
    this.tell(this.decoder.skip(lines));
    this.baud.clean(lines.count);
    this.count += lines.count;
  }

  private tell(findings: readonly Finding[]): void {
    for (const finding of findings) this.hooks.onFinding(finding);
  }
}
