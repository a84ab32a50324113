// A long line is read in pieces that overlap: what a regular expression costs may grow with the square of the length, and
// a board that lost its line endings must not stop the monitor.

export interface Piece {
  readonly text: string;
  /** Where it starts in the line. */
  readonly from: number;
  /** Hits that start here, counted in the piece, are its own: around them it has as much of the line as a family needs. */
  readonly ownFrom: number;
  /** Exclusive. */
  readonly ownTo: number;
}

const LONGEST = 2048;
/** A hit has so many characters of its line on both sides. */
const MARGIN = 256;

/** The whole line, for nearly every line. */
export function piecesOf(line: string): readonly Piece[] {
  const { length } = line;
  if (length <= LONGEST) return [{ text: line, from: 0, ownFrom: 0, ownTo: length }];
  const pieces: Piece[] = [];
  for (let from = 0; ; from += LONGEST - 2 * MARGIN) {
    const last = from + LONGEST >= length;
    const text = line.slice(from, from + LONGEST);
    pieces.push({ text, from, ownFrom: from === 0 ? 0 : MARGIN, ownTo: last ? text.length : LONGEST - MARGIN });
    if (last) return pieces;
  }
}
