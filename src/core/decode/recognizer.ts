// The shape of one family's grammar: which words wake it, and what it finds in a line.
import type { DecodeContext } from './context';
import type { Family } from './finding';

/** A code found in a line, before knowledge is added. */
export interface Hit {
  /** Index into the line without control sequences. */
  readonly start: number;
  /** As printed. */
  readonly text: string;
  readonly code: string;
  readonly name: string;
  readonly family: Family;
  readonly also?: readonly string[];
  /** Library version it was read for. */
  readonly version?: string;
  /** Only the sentence of a code: dropped where the code itself stands in the line before or after. */
  readonly sentence?: true;
  /** So many lines behind it belong to it: it is told after them, or before the next finding. */
  readonly linesAfter?: number;
}

export interface Recognizer {
  /** Lower-case words; a line with none of them is never shown to `find`. Cheap and specific, for quiet logs. */
  readonly words: readonly string[];
  /** All hits in `line`; the context is as it was before this line. */
  find(line: string, context: DecodeContext): readonly Hit[];
}
