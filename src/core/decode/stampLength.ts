// How long the timestamp in front of a board's line is: all that differs in the lines of a loop.
import type { ByteLine } from './byteLine';

const [SPACE, OPEN, CLOSE, ESC] = [0x20, 0x28, 0x29, 0x1b];
const [OPEN_SQUARE, CLOSE_SQUARE, SEMICOLON, LOWER_M] = [0x5b, 0x5d, 0x3b, 0x6d];

/** Bytes of `E (1234) ` (ESP-IDF) or `[ 1234]` (Arduino) in front, after a colour; 0: none. All of them are ASCII. */
export function stampLength({ bytes, start }: ByteLine): number {
  // The line's ending, or the end of the bytes, is no part of a stamp: nothing behind it is taken for one.
  const from = bytes[start] === ESC ? colourEnd(bytes, start) : start;
  const first = bytes[from];
  if (first === OPEN_SQUARE) {
    let at = from + 1;
    while (bytes[at] === SPACE) at += 1;
    const end = digitsEnd(bytes, at);
    return end > at && bytes[end] === CLOSE_SQUARE ? end + 1 - start : 0;
  }
  if (bytes[from + 1] !== SPACE || bytes[from + 2] !== OPEN || !isLevel(first)) return 0;
  const end = digitsEnd(bytes, from + 3);
  return end > from + 3 && bytes[end] === CLOSE && bytes[end + 1] === SPACE ? end + 2 - start : 0;
}

/** Behind `ESC[0;31m`; `start` where that is no colour. */
function colourEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start + 1] !== OPEN_SQUARE) return start;
  let at = digitsEnd(bytes, start + 2);
  while (bytes[at] === SEMICOLON) at = digitsEnd(bytes, at + 1);
  return bytes[at] === LOWER_M ? at + 1 : start;
}

function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[at] ?? 0) at += 1;
  return at;
}

/** E, W, I, D, V. */
function isLevel(byte: number | undefined): boolean {
  return byte === 0x45 || byte === 0x57 || byte === 0x49 || byte === 0x44 || byte === 0x56;
}
