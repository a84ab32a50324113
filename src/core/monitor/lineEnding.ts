// What ends a line that is sent to a board, and bytes written as hex.
import { UserError } from '../errors';

export type LineEnding = 'crlf' | 'lf' | 'cr' | 'none';

export const LINE_ENDINGS: Readonly<Record<LineEnding, { readonly label: string; readonly text: string }>> = {
  crlf: { label: 'CR LF', text: '\r\n' },
  lf: { label: 'LF', text: '\n' },
  cr: { label: 'CR', text: '\r' },
  none: { label: 'nothing', text: '' },
};

/** Undefined where there is none of that name. */
export function lineEndingNamed(name: string): LineEnding | undefined {
  return Object.hasOwn(LINE_ENDINGS, name) ? (name as LineEnding) : undefined;
}

/** Any end of line in `text` as `ending`: LF, CR LF, and the CR that a terminal makes of Enter. */
export function withLineEnding(text: string, ending: LineEnding): string {
  return text.replace(/\r\n|\r|\n/g, LINE_ENDINGS[ending].text);
}

/** Reads `1b 5b 41`, `1B5B41`, `0x1b, 0x5b`. Throws UserError `bytes-invalid`. */
export function parseHexBytes(text: string): Uint8Array {
  const digits = text.replace(/\b0x/gi, ' ').replace(/[,;:]/g, ' ').trim();
  const words = digits.split(/\s+/);
  const odd = words.find((word) => !/^[0-9a-f]+$/i.test(word) || (word.length % 2 === 1 && word.length > 1));
  if (odd !== undefined)
    throw new UserError(
      'bytes-invalid',
      digits === ''
        ? 'Write bytes as hex, such as 1b 5b 41.'
        : `"${odd}" is not bytes in hex. Write two digits each, such as 1b 5b 41.`,
    );
  const pairs = words.flatMap((word) => (word.length === 1 ? [word] : (word.match(/../g) ?? [])));
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
