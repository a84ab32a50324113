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
  /** The line as printed, from the end of the timestamp. */
  readonly bytes: Uint8Array;
  readonly stamped: boolean;
  readonly hits: readonly KnownHit[];
  readonly looks: readonly Look[];
}

const MOST = 1000;
const LONGEST = 400;

export class LineMemory {
  private readonly lines = new Map<number, KnownLine>();
  private known = '';

  /** The hits of the same line with another timestamp of `stamp` bytes, if what is known of the board is still the same. */
  recall(line: ByteLine, stamp: number, context: DecodeContext): readonly KnownHit[] | undefined {
    if (line.length > LONGEST || context.known !== this.known) return undefined;
    const found = this.lines.get(sketchOf(line, stamp));
    return found && isSame(found, line, stamp) && context.seesAgain(found.looks) ? found.hits : undefined;
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
    if (line.length > LONGEST || hits.some(({ column }) => column <= 0)) return hits;
    const own = hits.map(({ hit, column }) => ({ hit: { ...hit, text: copy(hit.text) }, column }));
    const bytes = line.bytes.slice(line.start + stamp, line.end);
    this.lines.set(sketchOf(line, stamp), { bytes, stamped: stamp > 0, hits: own, looks: context.looks });
    return own;
  }
}

/** A string of its own: a slice would keep the whole chunk of the log alive. */
function copy(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** Every third byte is enough to tell most lines apart; `isSame` tells all. */
const STRIDE = 3;

function sketchOf({ bytes, start, end }: ByteLine, stamp: number): number {
  let sketch = end - start - stamp;
  for (let i = start + stamp; i < end; i += STRIDE) sketch = (Math.imul(sketch, 31) + (bytes[i] as number)) | 0;
  return sketch;
}

function isSame(known: KnownLine, { bytes, start, end }: ByteLine, stamp: number): boolean {
  const from = start + stamp;
  const { length } = known.bytes;
  if (length !== end - from || known.stamped !== stamp > 0) return false;
  for (let i = 0; i < length; i += 1) if (known.bytes[i] !== bytes[from + i]) return false;
  return true;
}
