// How many rows of a terminal a text fills: long lines wrap.
import { stripAnsi } from '../serial/ansi';

/** Of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Of one line with `indent` columns before it. Each character counts as one column: a line of wide ones (CJK, emoji) is
 * taken for shorter than it is.
 */
export function rowCount(line: string, columns: number | undefined, indent = 0): number {
  if (columns === undefined || columns < 1 || indent + line.length <= columns) return 1;
  return Math.max(1, Math.ceil((indent + [...stripAnsi(line).text].length) / columns));
}
