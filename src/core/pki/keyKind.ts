// Which key pairs we make, and what they are called to a reader.
import { UserError } from '../errors';

export const keyKinds = {
  'ecdsa-p256': 'ECDSA P-256',
  'ecdsa-p384': 'ECDSA P-384',
  'rsa-2048': 'RSA 2048',
  'rsa-3072': 'RSA 3072',
  'rsa-4096': 'RSA 4096',
} as const;

export type KeyKind = keyof typeof keyKinds;

/** Small, fast on a microcontroller, and verified by every TLS stack that we know of on these boards. */
export const DEFAULT_KEY_KIND: KeyKind = 'ecdsa-p256';

/** Also takes the short forms "p256" and "p-384". */
export function parseKeyKind(text: string): KeyKind {
  const wanted = text.toLowerCase().replace(/^(?:ecdsa-?|ec-?)?p-?(\d+)$/, 'ecdsa-p$1');
  const kind = (Object.keys(keyKinds) as KeyKind[]).find((known) => known === wanted);
  if (!kind) {
    throw new UserError(
      'key-kind',
      `"${text}" is no kind of key that we make. Choose one of ${Object.keys(keyKinds).join(', ')}.`,
    );
  }
  return kind;
}
