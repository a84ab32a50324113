// A payload as typed, to bytes, and bytes to hex.
import { UserError } from '../errors';

export type PayloadEncoding = 'text' | 'hex' | 'base64';

/** Throws UserError `payload-encoding` that says what is wrong. White space in hex and base64 is passed over. */
export function payloadBytes(text: string, encoding: PayloadEncoding): Uint8Array {
  if (encoding === 'text') return new TextEncoder().encode(text);
  const compact = text.replace(/\s+/g, '');
  if (encoding === 'base64') {
    try {
      return Uint8Array.from(atob(compact), (character) => character.charCodeAt(0));
    } catch {
      throw new UserError('payload-encoding', 'The payload is not base64. Check it, or choose Text or Hex.');
    }
  }
  const digits = compact.replace(/^0x/i, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits))
    throw new UserError('payload-encoding', 'The payload is not hex: pairs of the digits 0-9 and a-f. Check it.');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The bytes in hex, as `payloadBytes` reads them. */
export function hexText(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (const byte of bytes) parts.push(byte.toString(16).padStart(2, '0'));
  return parts.join('');
}
