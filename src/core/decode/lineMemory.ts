// A board that fails in a loop prints the same lines again with another timestamp: their hits are found once.
import type { DecodeContext, Look } from './context';
import type { Hit } from './recognizer';

/** A hit with its column in the line as printed, from 1. */
export interface KnownHit {
  readonly hit: Hit;
  readonly column: number;
}

interface KnownLine {
  readonly stamp: number;
  readonly hits: readonly KnownHit[];
  readonly looks: readonly Look[];
}

const MOST = 1000;
const LONGEST = 400;

export class LineMemory {
  private readonly lines = new Map<string, KnownLine>();
  private known = '';

  /** The hits of the same line with another timestamp, if what is known of the board is still the same. */
  recall(line: string, context: DecodeContext): readonly KnownHit[] | undefined {
    if (context.known !== this.known) return undefined;
    const stamp = stampLength(line);
    const found = this.lines.get(stamp === 0 ? line : line.slice(stamp));
    if (!found || (found.stamp === 0) !== (stamp === 0) || !context.seesAgain(found.looks)) return undefined;
    const shift = stamp - found.stamp;
    return shift === 0 || found.hits.length === 0
      ? found.hits
      : found.hits.map(({ hit, column }) => ({ hit, column: column + shift }));
  }

  /**
   * For a line that was read without a look at the lines before it, other than for their hits. Returns the hits that are
   * kept: those to go on with, because looks compare hits by identity.
   */
  keep(line: string, context: DecodeContext, hits: readonly KnownHit[]): readonly KnownHit[] {
    if (context.known !== this.known || this.lines.size >= MOST) {
      this.lines.clear();
      this.known = context.known;
    }
    const stamp = stampLength(line);
    if (line.length > LONGEST || hits.some(({ column }) => column <= stamp)) return hits;
    const own = hits.map(({ hit, column }) => ({ hit: { ...hit, text: copy(hit.text) }, column }));
    this.lines.set(copy(line.slice(stamp)), { stamp, hits: own, looks: context.looks });
    return own;
  }
}

/** A string of its own: a slice would keep the whole chunk of the log alive. */
function copy(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

const [SPACE, OPEN, CLOSE, ESC] = [0x20, 0x28, 0x29, 0x1b];
const [OPEN_SQUARE, CLOSE_SQUARE, SEMICOLON, LOWER_M] = [0x5b, 0x5d, 0x3b, 0x6d];

/** Length of `E (1234) ` (ESP-IDF) or `[ 1234]` (Arduino) in front, after a colour: all that differs in a loop. 0: none. */
function stampLength(line: string): number {
  const start = line.charCodeAt(0) === ESC ? colourLength(line) : 0;
  const first = line.charCodeAt(start);
  if (first === OPEN_SQUARE) {
    let at = start + 1;
    while (line.charCodeAt(at) === SPACE) at += 1;
    const end = digitsEnd(line, at);
    return end > at && line.charCodeAt(end) === CLOSE_SQUARE ? end + 1 : 0;
  }
  if (line.charCodeAt(start + 1) !== SPACE || line.charCodeAt(start + 2) !== OPEN || !isLevel(first)) return 0;
  const end = digitsEnd(line, start + 3);
  return end > start + 3 && line.charCodeAt(end) === CLOSE && line.charCodeAt(end + 1) === SPACE ? end + 2 : 0;
}

/** `ESC[0;31m`. */
function colourLength(line: string): number {
  if (line.charCodeAt(1) !== OPEN_SQUARE) return 0;
  let at = digitsEnd(line, 2);
  while (line.charCodeAt(at) === SEMICOLON) at = digitsEnd(line, at + 1);
  return line.charCodeAt(at) === LOWER_M ? at + 1 : 0;
}

function digitsEnd(line: string, from: number): number {
  let at = from;
  for (let code = line.charCodeAt(at); code >= 0x30 && code <= 0x39; code = line.charCodeAt(at)) at += 1;
  return at;
}

/** E, W, I, D, V. */
function isLevel(code: number): boolean {
  return code === 0x45 || code === 0x57 || code === 0x49 || code === 0x44 || code === 0x56;
}
