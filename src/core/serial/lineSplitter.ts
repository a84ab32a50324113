// Turns bytes as they come from a board into lines: bounded, any line ending, UTF-8 or UTF-16 cut anywhere.
import { type Utf16, utf16ByMark } from './utf16';

/** One line. `text + ending` of all lines, joined, is the decoded input: nothing is lost. */
export interface Line {
  readonly text: string;
  /** Empty where the line was cut, or at the end of the input. */
  readonly ending: '\n' | '\r\n' | '\r' | '';
  /** Longer than the bound: this is a piece, the rest follows as further lines. */
  readonly truncated: boolean;
}

/** The longest piece, in UTF-16 code units, unless told otherwise. */
export const MAX_LINE = 65_536;

/**
 * Splits at LF, CRLF and lone CR (progress bars). A CR at the edge of a chunk waits for the next byte, so that the
 * same bytes give the same lines in any chunking. Cost: one TextDecoder call and one scan per chunk.
 */
export class LineSplitter {
  private decoder: TextDecoder | undefined;
  private head: Uint8Array | undefined;
  private rest = '';

  /** Without `encoding` the first two bytes tell it. */
  constructor(
    private readonly maxLine = MAX_LINE,
    encoding?: 'utf-8' | Utf16,
  ) {
    if (encoding) this.decoder = new TextDecoder(encoding, { ignoreBOM: encoding === 'utf-8' });
  }

  /** The lines that `bytes` completes. */
  push(bytes: Uint8Array): Line[] {
    if (!this.decoder) {
      const head = this.head ? concat(this.head, bytes) : bytes;
      if (head.length < 2) {
        this.head = head.slice();
        return [];
      }
      this.head = undefined;
      this.decoder = decoderFor(head);
      return this.split(this.decoder.decode(head, { stream: true }));
    }
    return this.split(this.decoder.decode(bytes, { stream: true }));
  }

  /** What is left when the input ends: at most one line without an ending (or with a lone CR). */
  end(): Line[] {
    const decoder = this.decoder ?? decoderFor(this.head ?? new Uint8Array());
    const lines = this.split(decoder.decode(this.decoder ? undefined : this.head));
    const rest = this.rest;
    this.decoder = undefined;
    this.head = undefined;
    this.rest = '';
    if (rest.endsWith('\r')) lines.push({ text: rest.slice(0, -1), ending: '\r', truncated: false });
    else if (rest) lines.push({ text: rest, ending: '', truncated: false });
    return lines;
  }

  /** What has come since the last line ending: a prompt, for example. */
  get partial(): string {
    return this.rest;
  }

  /** `utf-8`, `utf-16le` or `utf-16be`; undefined until two bytes have told. */
  get encoding(): string | undefined {
    return this.decoder?.encoding;
  }

  private split(decoded: string): Line[] {
    const text = this.rest ? this.rest + decoded : decoded;
    const lines: Line[] = [];
    let start = 0;
    let cr = text.indexOf('\r');
    let lf = text.indexOf('\n');
    while (lf !== -1 || cr !== -1) {
      if (cr !== -1 && (lf === -1 || cr < lf)) {
        if (cr === text.length - 1) break; // perhaps half of a CRLF
        const pair = cr + 1 === lf;
        this.emit(lines, text, start, cr, pair ? '\r\n' : '\r');
        start = pair ? lf + 1 : cr + 1;
        cr = text.indexOf('\r', start);
        if (pair) lf = text.indexOf('\n', start);
      } else {
        this.emit(lines, text, start, lf, '\n');
        start = lf + 1;
        lf = text.indexOf('\n', start);
      }
    }
    this.rest = start === 0 ? text : text.slice(start);
    const held = this.rest.endsWith('\r') ? 1 : 0;
    if (this.rest.length - held > this.maxLine) this.rest = this.cut(lines, this.rest, held);
    return lines;
  }

  private emit(lines: Line[], text: string, start: number, end: number, ending: Line['ending']): void {
    const line = text.slice(start, end);
    lines.push({ text: line.length > this.maxLine ? this.cut(lines, line, 0) : line, ending, truncated: false });
  }

  /** Pushes pieces until what is left fits (not counting `held` characters at its end); returns what is left. */
  private cut(lines: Line[], text: string, held: number): string {
    let left = text;
    while (left.length - held > this.maxLine) {
      const before = left.charCodeAt(this.maxLine - 1);
      const size = before >= 0xd800 && before < 0xdc00 && this.maxLine > 1 ? this.maxLine - 1 : this.maxLine;
      lines.push({ text: left.slice(0, size), ending: '', truncated: true });
      left = left.slice(size);
    }
    return left;
  }
}

/** For what a board prints: the noise of a boot may begin as UTF-16 does, and a board prints no such thing. */
export function boardLines(): LineSplitter {
  return new LineSplitter(MAX_LINE, 'utf-8');
}

/** UTF-16 if it says so, else UTF-8, in whose text the mark stays. */
function decoderFor(head: Uint8Array): TextDecoder {
  const utf16 = utf16ByMark(head);
  return utf16 ? new TextDecoder(utf16) : new TextDecoder('utf-8', { ignoreBOM: true });
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
