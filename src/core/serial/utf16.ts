// Whether bytes are UTF-16: by the byte order mark, or by the NULs between the letters where a tool wrote none.

export type Utf16 = 'utf-16le' | 'utf-16be';

/** So many bytes tell it without a mark. */
export const UTF16_BYTES = 8;

/** By its byte order mark, as PowerShell's `>` writes it. */
export function utf16ByMark(head: Uint8Array): Utf16 | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
}

/** Four ASCII letters or line ends, each with a NUL on the same side; a board prints no such thing. */
export function utf16ByNuls(head: Uint8Array): Utf16 | undefined {
  if (head.length < UTF16_BYTES) return undefined;
  if (alternates(head, 0)) return 'utf-16le';
  return alternates(head, 1) ? 'utf-16be' : undefined;
}

/** A letter at each place of this parity, a NUL at the others. */
function alternates(head: Uint8Array, parity: number): boolean {
  for (let i = 0; i < UTF16_BYTES; i += 1) {
    const byte = head[i] ?? 0;
    if ((i & 1) === parity ? !isText(byte) : byte !== 0) return false;
  }
  return true;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 10 || byte === 13 || byte === 9 || byte === 0x1b;
}
