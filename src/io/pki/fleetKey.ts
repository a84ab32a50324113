// Makes a key pair and its two encodings at once, synchronously, for threads that make thousands. OpenSSL makes a P-256
// key in 20 µs and takes 170 µs more to encode it, so elliptic-curve keys are encoded here.
import { createECDH, type ECDH, generateKeyPairSync } from 'node:crypto';
import { ecCurves, ecKeyEncoding } from '../../core/pki/ecKeyEncoding';
import type { KeyKind } from '../../core/pki/keyKind';

export interface FleetKey {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#8, PEM. */
  readonly pem: string;
}

/** Each call of what it returns makes a new key. */
export function fleetKeyMaker(kind: KeyKind): () => FleetKey {
  switch (kind) {
    case 'ecdsa-p256':
      return ecKeyMaker(kind, createECDH('prime256v1'));
    case 'ecdsa-p384':
      return ecKeyMaker(kind, createECDH('secp384r1'));
    default:
      return () => newRsaKey(Number(kind.slice('rsa-'.length)));
  }
}

function ecKeyMaker(kind: keyof typeof ecCurves, pair: ECDH): () => FleetKey {
  const encoding = ecKeyEncoding(ecCurves[kind]);
  return () => {
    const point = pair.generateKeys();
    const secret = pair.getPrivateKey();
    const pkcs8 = encoding.privateKey(secret, point);
    const key = { publicKey: encoding.publicKey(point), pem: fastPem('PRIVATE KEY', pkcs8) };
    secret.fill(0);
    pkcs8.fill(0);
    return key;
  };
}

function newRsaKey(modulusLength: number): FleetKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey, pem: privateKey };
}

/** As core's writePem, which works without node:buffer and is five times slower. */
export function fastPem(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.length).toString('base64');
  let text = `-----BEGIN ${label}-----\n`;
  for (let at = 0; at < base64.length; at += 64) text += `${base64.slice(at, at + 64)}\n`;
  return `${text}-----END ${label}-----\n`;
}
