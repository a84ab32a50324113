// Makes and reads key pairs with node:crypto, and encrypts private keys strongly (RFC 8018).
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { UserError } from '../../core/errors';
import { octetString, sequence } from '../../core/pki/der';
import type { KeyKind } from '../../core/pki/keyKind';
import { writePem } from '../../core/x509/pem';
import { pbes2 } from './pbes2';

const SHORTEST_PASSPHRASE = 8;

const generate = promisify(generateKeyPair);

/** Resolves to the private key; the public one is derived from it. */
export async function generatePrivateKey(kind: KeyKind): Promise<KeyObject> {
  switch (kind) {
    case 'ecdsa-p256':
      return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
    case 'ecdsa-p384':
      return (await generate('ec', { namedCurve: 'P-384' })).privateKey;
    default:
      return (await generate('rsa', { modulusLength: Number(kind.slice('rsa-'.length)) })).privateKey;
  }
}

/** PKCS#8 PEM, not encrypted: what a board or a broker reads. */
export function privateKeyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** SubjectPublicKeyInfo, DER. Works for a private and for a public key. */
export function publicKeyDer(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** The kind of a key, or undefined if it is none of ours (Ed25519, another curve, an odd modulus). */
export function keyKindOf(key: KeyObject): KeyKind | undefined {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType === 'ec') {
    if (details?.namedCurve === 'prime256v1') return 'ecdsa-p256';
    return details?.namedCurve === 'secp384r1' ? 'ecdsa-p384' : undefined;
  }
  if (key.asymmetricKeyType !== 'rsa') return undefined;
  const length = details?.modulusLength;
  return length === 2048 || length === 3072 || length === 4096 ? `rsa-${length}` : undefined;
}

export function checkPassphrase(passphrase: string): void {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new UserError(
      'passphrase',
      `The passphrase of the certificate authority needs at least ${SHORTEST_PASSPHRASE} characters: whoever guesses it can make certificates that your boards trust.`,
    );
  }
}

/** EncryptedPrivateKeyInfo as PEM: PBES2, PBKDF2-HMAC-SHA256, AES-256-CBC. openssl and Mbed TLS read it. */
export async function encryptedPrivateKeyPem(key: KeyObject, passphrase: string): Promise<string> {
  const plain = key.export({ type: 'pkcs8', format: 'der' });
  const { algorithm, encrypted } = await pbes2(plain, passphrase);
  plain.fill(0);
  return writePem('ENCRYPTED PRIVATE KEY', sequence(algorithm, octetString(encrypted)));
}

/** Reads a private key; `source` names the file in errors. Throws UserError "passphrase" or "private-key". */
export function readPrivateKey(pem: string, source: string, passphrase?: string): KeyObject {
  const encrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (encrypted && !passphrase) {
    throw new UserError('passphrase', `The key ${source} is encrypted. Give its passphrase.`);
  }
  try {
    return createPrivateKey(encrypted ? { key: pem, passphrase: passphrase ?? '' } : { key: pem });
  } catch (error) {
    if (encrypted && isWhole(pem)) {
      throw new UserError('passphrase', `The passphrase does not open ${source}. Try again.`, undefined, {
        cause: error,
      });
    }
    throw new UserError('private-key', `${source} is no readable private key: it is damaged or cut off.`, undefined, {
      cause: error,
    });
  }
}

/** The armour is complete and its DER as long as its own header says, so that only the passphrase can be wrong. */
function isWhole(pem: string): boolean {
  const body = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END \1-----/.exec(pem)?.[2];
  if (body === undefined) return false;
  if (body.includes('Proc-Type')) return true;
  if (!/^[A-Za-z0-9+/=\s]+$/.test(body)) return false;
  const der = Buffer.from(body, 'base64');
  const count = (der[1] ?? 0) & 0x7f;
  const long = (der[1] ?? 0) >= 0x80;
  if (der.length < 2 + (long ? count : 0)) return false;
  const length = long ? der.readUIntBE(2, Math.min(count, 6)) : count;
  return der[0] === 0x30 && der.length === length + 2 + (long ? count : 0);
}
