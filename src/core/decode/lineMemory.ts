// A board that fails in a loop prints the same lines again with another timestamp: their hits are found once, and the
// line is known again by its bytes, without becoming text.
import type { ByteLine } from './byteLine';
import type { DecodeContext, Look } from './context';
import type { Hit } from './recognizer';

/** A hit with its column in the line as printed, counted from the end of the timestamp. */
export interface KnownHit {
  readonly hit: Hit;
  readonly column: number;
}

interface KnownLine {
  /** Bytes of the line as printed, from the end of the timestamp. */
  readonly length: number;
  /** The same four by four, the last of which may overlap. */
  readonly words: Int32Array;
  readonly stamped: boolean;
  readonly hits: readonly KnownHit[];
  readonly looks: readonly Look[];
}

const MOST = 1000;
const LONGEST = 400;
/** Lines are compared four bytes at a time: that is what a dense log costs. */
const WORD = 4;

export class LineMemory {
  private readonly lines = new Map<number, KnownLine>();
  private known = '';
  /** Of the bytes that the last line lies in: the next one lies there too. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  private viewed: Uint8Array | undefined;

  /** The hits of the same line with another timestamp of `stamp` bytes, if what is known of the board is still the same. */
  recall(line: ByteLine, stamp: number, context: DecodeContext): readonly KnownHit[] | undefined {
    if (!isFit(line, stamp) || context.known !== this.known) return undefined;
    const view = this.viewOf(line);
    const found = this.lines.get(sketchOf(view, line, stamp));
    return found && isSame(found, view, line, stamp) && context.seesAgain(found.looks) ? found.hits : undefined;
  }

  /**
   * For a line that was read without a look at the lines before it, other than for their hits. Returns the hits that are
   * kept: those to go on with, because looks compare hits by identity.
   */
  keep(line: ByteLine, stamp: number, context: DecodeContext, hits: readonly KnownHit[]): readonly KnownHit[] {
    if (context.known !== this.known || this.lines.size >= MOST) {
      this.lines.clear();
      this.known = context.known;
    }
    if (!isFit(line, stamp) || hits.some(({ column }) => column <= 0)) return hits;
    const own = hits.map(({ hit, column }) => ({ hit: { ...hit, text: copy(hit.text) }, column }));
    const view = this.viewOf(line);
    const length = line.length - stamp;
    const words = Int32Array.from({ length: Math.ceil(length / WORD) }, (_, i) =>
      view.getInt32(line.start + stamp + Math.min(i * WORD, length - WORD), true),
    );
    const known = { length, words, stamped: stamp > 0, hits: own, looks: context.looks };
    this.lines.set(sketchOf(view, line, stamp), known);
    return own;
  }

  private viewOf({ bytes }: ByteLine): DataView {
    if (bytes !== this.viewed) {
      this.viewed = bytes;
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    return this.view;
  }
}

/** A string of its own: a slice would keep the whole chunk of the log alive. */
function copy(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

function isFit({ length }: ByteLine, stamp: number): boolean {
  return length <= LONGEST && length >= stamp + WORD;
}

function sketchOf(view: DataView, { start, end }: ByteLine, stamp: number): number {
  const last = end - WORD;
  let sketch = end - start - stamp;
  for (let at = start + stamp; at < last; at += WORD) sketch = (Math.imul(sketch, 31) + view.getInt32(at, true)) | 0;
  return (Math.imul(sketch, 31) + view.getInt32(last, true)) | 0;
}

function isSame(known: KnownLine, view: DataView, { start, end }: ByteLine, stamp: number): boolean {
  const from = start + stamp;
  const { words, length } = known;
  if (length !== end - from || known.stamped !== stamp > 0) return false;
  const last = words.length - 1;
  for (let i = 0; i < last; i += 1) if (words[i] !== view.getInt32(from + i * WORD, true)) return false;
  return words[last] === view.getInt32(end - WORD, true);
}
