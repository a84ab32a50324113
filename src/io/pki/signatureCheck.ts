// Signatures, key pairs and fingerprints, by OpenSSL through node:crypto.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { Certificate } from '../../core/x509/certificate';

/** Does `parent`'s public key verify `child`'s signature? False, too, for algorithms that OpenSSL does not know. */
export function verifySignature(child: Certificate, parent: Certificate): boolean {
  try {
    return new X509Certificate(child.der).verify(new X509Certificate(parent.der).publicKey);
  } catch {
    return false;
  }
}

/** SHA-256, upper-case hex with colons, as browsers and openssl show it. */
export function fingerprint(der: Uint8Array): string {
  return digest('sha256', der);
}

/** SHA-1 in the same form: what BearSSL pins a certificate by. */
export function sha1(der: Uint8Array): string {
  return digest('sha1', der);
}

function digest(algorithm: 'sha256' | 'sha1', bytes: Uint8Array): string {
  const hex = createHash(algorithm).update(bytes).digest('hex').toUpperCase();
  return hex.match(/../g)?.join(':') ?? hex;
}

/** `keyPem` is a secret. Undefined when either half cannot be read. */
export function keyBelongsTo(certificate: Certificate, keyPem: string): boolean | undefined {
  try {
    return new X509Certificate(certificate.der).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    return undefined;
  }
}

/** Is `key` the private half of the first certificate (PEM texts)? False for what cannot be read, too. */
export function belongTogether(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
