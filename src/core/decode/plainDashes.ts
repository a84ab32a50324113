// A minus sign as a forum or a word processor shows it: `−0x2700` (U+2212), `–9984` (en dash), with the hyphen that was printed.

const DASH = /[\u2010-\u2013\u2212](?=\d|0x)/gi;
const ANY = /[\u2010-\u2013\u2212]/;

/** The same text, of the same length, with a hyphen where such a dash stands in front of a number. */
export function plainDashes(text: string): string {
  return ANY.test(text) ? text.replace(DASH, '-') : text;
}
