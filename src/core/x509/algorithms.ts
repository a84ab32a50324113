// Object identifiers of keys, curves, signatures and purposes -> the names the field uses.

export type KeyAlgorithm = 'ec' | 'rsa' | 'rsa-pss' | 'ed25519' | 'ed448' | 'dsa' | 'unknown';
export type HashName = 'md2' | 'md4' | 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

export interface SignatureAlgorithm {
  readonly oid: string;
  /** As OpenSSL names it, for example `ecdsa-with-SHA256`; the oid where it is unknown. */
  readonly name: string;
  /** The algorithm of the key that signs. */
  readonly key: KeyAlgorithm;
  /** Missing for Ed25519, Ed448 and unknown ones. */
  readonly hash?: HashName;
}

const SIGNATURES: Readonly<Record<string, readonly [name: string, key: KeyAlgorithm, hash?: HashName]>> = {
  '1.2.840.113549.1.1.2': ['md2WithRSAEncryption', 'rsa', 'md2'],
  '1.2.840.113549.1.1.3': ['md4WithRSAEncryption', 'rsa', 'md4'],
  '1.2.840.113549.1.1.4': ['md5WithRSAEncryption', 'rsa', 'md5'],
  '1.2.840.113549.1.1.5': ['sha1WithRSAEncryption', 'rsa', 'sha1'],
  '1.2.840.113549.1.1.14': ['sha224WithRSAEncryption', 'rsa', 'sha224'],
  '1.2.840.113549.1.1.11': ['sha256WithRSAEncryption', 'rsa', 'sha256'],
  '1.2.840.113549.1.1.12': ['sha384WithRSAEncryption', 'rsa', 'sha384'],
  '1.2.840.113549.1.1.13': ['sha512WithRSAEncryption', 'rsa', 'sha512'],
  '1.2.840.10040.4.3': ['dsa-with-SHA1', 'dsa', 'sha1'],
  '2.16.840.1.101.3.4.3.2': ['dsa_with_SHA256', 'dsa', 'sha256'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'ec', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'ec', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'ec', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'ec', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'ec', 'sha512'],
  '1.3.101.112': ['ED25519', 'ed25519'],
  '1.3.101.113': ['ED448', 'ed448'],
};

const HASHES: Readonly<Record<string, HashName>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** `pssHash` is the hash oid inside the RSASSA-PSS parameters (RFC 4055: SHA-1 when absent). */
export function signatureAlgorithm(oid: string, pssHash?: string): SignatureAlgorithm {
  if (oid === '1.2.840.113549.1.1.10') {
    const hash = pssHash === undefined ? 'sha1' : HASHES[pssHash];
    return { oid, name: 'rsassaPss', key: 'rsa-pss', ...(hash ? { hash } : {}) };
  }
  const known = SIGNATURES[oid];
  if (!known) return { oid, name: oid, key: 'unknown' };
  const [name, key, hash] = known;
  return { oid, name, key, ...(hash ? { hash } : {}) };
}

export const KEY_ALGORITHMS: Readonly<Record<string, KeyAlgorithm>> = {
  '1.2.840.113549.1.1.1': 'rsa',
  '1.2.840.113549.1.1.10': 'rsa-pss',
  '1.2.840.10045.2.1': 'ec',
  '1.2.840.10040.4.1': 'dsa',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

/** Named curves: the name as OpenSSL has it, the one people say, and the size in bits. */
export const CURVES: Readonly<
  Record<string, { readonly name: string; readonly common: string; readonly bits: number }>
> = {
  '1.2.840.10045.3.1.1': { name: 'prime192v1', common: 'P-192', bits: 192 },
  '1.3.132.0.33': { name: 'secp224r1', common: 'P-224', bits: 224 },
  '1.2.840.10045.3.1.7': { name: 'prime256v1', common: 'P-256', bits: 256 },
  '1.3.132.0.34': { name: 'secp384r1', common: 'P-384', bits: 384 },
  '1.3.132.0.35': { name: 'secp521r1', common: 'P-521', bits: 521 },
  '1.3.132.0.31': { name: 'secp192k1', common: 'secp192k1', bits: 192 },
  '1.3.132.0.32': { name: 'secp224k1', common: 'secp224k1', bits: 224 },
  '1.3.132.0.10': { name: 'secp256k1', common: 'secp256k1', bits: 256 },
  '1.3.36.3.3.2.8.1.1.7': { name: 'brainpoolP256r1', common: 'brainpoolP256r1', bits: 256 },
  '1.3.36.3.3.2.8.1.1.11': { name: 'brainpoolP384r1', common: 'brainpoolP384r1', bits: 384 },
  '1.3.36.3.3.2.8.1.1.13': { name: 'brainpoolP512r1', common: 'brainpoolP512r1', bits: 512 },
};

/** Extended key usages by oid (RFC 5280, 4.2.1.12). */
export const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'anyExtendedKeyUsage',
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
};
