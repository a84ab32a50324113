// A board that fails in a loop prints the same lines again with another timestamp: their hits are found once.
import type { DecodeContext } from './context';
import type { Hit } from './recognizer';

/** Timestamps of ESP-IDF (`E (1234) `) and Arduino (`[ 1234]`): all that differs between two rounds of a loop. */
const STAMP = /^(?:[EWIDV] \(\d+\) |\[ *\d+\])/;
const MOST = 1000;
const LONGEST = 400;

export class LineMemory {
  private readonly lines = new Map<string, { readonly stamp: number; readonly hits: readonly Hit[] }>();
  private known = '';

  /** The hits of the same line with another timestamp, if what is known of the board is still the same. */
  recall(line: string, context: DecodeContext): readonly Hit[] | undefined {
    if (context.known !== this.known) return undefined;
    const stamp = stampLength(line);
    const found = this.lines.get(stamp === 0 ? line : line.slice(stamp));
    if (!found || (found.stamp === 0) !== (stamp === 0)) return undefined;
    const shift = stamp - found.stamp;
    return shift === 0 ? found.hits : found.hits.map((hit) => ({ ...hit, start: hit.start + shift }));
  }

  /** For a line that was read without a look at the lines before it. */
  keep(line: string, context: DecodeContext, hits: readonly Hit[]): void {
    if (context.known !== this.known || this.lines.size >= MOST) {
      this.lines.clear();
      this.known = context.known;
    }
    const stamp = stampLength(line);
    if (line.length > LONGEST || hits.some(({ start }) => start < stamp)) return;
    this.lines.set(copy(line.slice(stamp)), { stamp, hits: hits.map((hit) => ({ ...hit, text: copy(hit.text) })) });
  }
}

/** A string of its own: a slice would keep the whole chunk of the log alive. */
function copy(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

function stampLength(line: string): number {
  const first = line.charCodeAt(1);
  // "E (" or "[": most other lines are told apart by one character
  if (line.charCodeAt(0) !== 0x5b && first !== 0x20) return 0;
  return STAMP.exec(line)?.[0].length ?? 0;
}
