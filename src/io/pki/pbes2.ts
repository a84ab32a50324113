// Password-based encryption as PKCS#8 and PKCS#12 files have it (RFC 8018): PBES2 with a slow key derivation.
import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { integer, nullValue, objectIdentifier, octetString, sequence } from '../../core/pki/der';

/** OWASP's figure for PBKDF2-HMAC-SHA256 (Password Storage Cheat Sheet). node:crypto's own export uses 2048. */
const ITERATIONS = 600_000;

const OID = {
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  hmacWithSha256: '1.2.840.113549.2.9',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
};

export interface Encrypted {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  readonly encrypted: Uint8Array;
}

/** PBKDF2-HMAC-SHA256 and AES-256-CBC over `plain`. */
export async function pbes2(plain: Uint8Array, passphrase: string): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const derived = await promisify(pbkdf2)(passphrase, salt, ITERATIONS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', derived, iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  const kdf = sequence(
    objectIdentifier(OID.pbkdf2),
    sequence(octetString(salt), integer(ITERATIONS), sequence(objectIdentifier(OID.hmacWithSha256), nullValue())),
  );
  const scheme = sequence(objectIdentifier(OID.aes256Cbc), octetString(iv));
  return { algorithm: sequence(objectIdentifier(OID.pbes2), sequence(kdf, scheme)), encrypted };
}
