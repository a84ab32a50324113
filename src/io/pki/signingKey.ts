// An authority's private key as WebCrypto wants it, which is what @peculiar/x509 signs through.
import { type KeyObject, webcrypto } from 'node:crypto';
import { UserError } from '../../core/errors';
import type { KeyKind } from '../../core/pki/keyKind';
import { keyKindOf, publicKeyDer } from './keyPair';

/** As strong as the key: P-384 with SHA-384 (RFC 5480 section 4), all else with SHA-256, which every board verifies. */
export function hashFor(key: KeyObject): string {
  return keyKindOf(key) === 'ecdsa-p384' ? 'SHA-384' : 'SHA-256';
}

/** Throws UserError "authority-key" for a kind of key that boards cannot verify. */
export async function webCryptoKey(key: KeyObject): Promise<CryptoKey> {
  const kind = keyKindOf(key);
  if (!kind) {
    throw new UserError(
      'authority-key',
      `The authority's key (${key.asymmetricKeyType ?? 'unknown'}) is of a kind that boards cannot verify. Use an authority with an ECDSA P-256, P-384 or RSA key.`,
    );
  }
  const algorithm = webCryptoAlgorithm(kind);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const imported = await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
  der.fill(0);
  return imported as CryptoKey;
}

/** The public half, for those who must hand over both. */
export async function webCryptoPublicKey(key: KeyObject): Promise<CryptoKey> {
  const kind = keyKindOf(key);
  if (!kind) throw new Error('a key of an unknown kind');
  return webcrypto.subtle.importKey('spki', publicKeyDer(key), webCryptoAlgorithm(kind), true, [
    'verify',
  ]) as Promise<CryptoKey>;
}

function webCryptoAlgorithm(kind: KeyKind) {
  return kind.startsWith('ecdsa')
    ? { name: 'ECDSA', namedCurve: kind === 'ecdsa-p256' ? 'P-256' : 'P-384', hash: 'SHA-256' }
    : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
}
