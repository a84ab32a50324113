// Reads PKCS#12 (.p12, .pfx; RFC 7292): its certificates and its private key, with today's encryption (PBES2) and the
// older Triple DES. RC2, which Windows once used by default, OpenSSL 3 knows no more: the error says what to do.
import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  type KeyObject,
  pbkdf2Sync,
  timingSafeEqual,
  X509Certificate,
} from 'node:crypto';
import { UserError } from '../../core/errors';
import {
  children,
  type DerElement,
  expectTag,
  oid,
  readElement,
  smallInteger,
  Tag,
  value,
  whole,
} from '../../core/x509/der';
import { pkcs12Key } from './pkcs12Key';

export interface Pkcs12 {
  /** The one that belongs to the key first, then the others in the order of the file. */
  readonly certificates: readonly X509Certificate[];
  readonly key?: KeyObject;
}

const EXPLICIT_0 = 0xa0;
const IMPLICIT_0 = 0x80;
/** About a second; more is an attack on the reader's patience. */
const MOST_ITERATIONS = 2_000_000;

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  tripleDes: '1.2.840.113549.1.12.1.3',
};
const MAC_HASHES: Readonly<Record<string, 'sha1' | 'sha256'>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
};
const PRF_HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyLength: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24 },
};

/** `source` names the file in errors. Throws UserError "passphrase", "pkcs12-damaged" or "pkcs12-cipher". */
export function readPkcs12(bytes: Uint8Array, passphrase: string, source: string): Pkcs12 {
  try {
    return read(bytes, passphrase, source);
  } catch (error) {
    if (error instanceof UserError && error.code !== 'der-damaged') throw error;
    throw new UserError(
      'pkcs12-damaged',
      `${source} is no PKCS#12 file that we can read, or a damaged one.`,
      undefined,
      {
        cause: error,
      },
    );
  }
}

function read(bytes: Uint8Array, passphrase: string, source: string): Pkcs12 {
  const [, content, mac] = children(expectTag(readElement(bytes), Tag.sequence, 'a PKCS#12 file'));
  const safe = dataOf(expectTag(content, Tag.sequence, 'the content'));
  if (!mac)
    throw new UserError(
      'pkcs12-damaged',
      `${source} is signed instead of protected by a passphrase. Export it again with a passphrase.`,
    );
  checkMac(mac, safe, passphrase, source);
  const bags = children(readElement(safe)).flatMap((info) =>
    children(readElement(contentOf(info, passphrase, source))),
  );
  const certificates: X509Certificate[] = [];
  const keys: KeyObject[] = [];
  for (const bag of bags) {
    const [type, wrapped] = children(bag);
    const inner = children(expectTag(wrapped, EXPLICIT_0, 'what is in a bag'))[0];
    if (!type || !inner) continue;
    switch (oid(type)) {
      case OID.certificateBag:
        certificates.push(new X509Certificate(value(first(children(inner)[1]))));
        break;
      case OID.keyBag:
        keys.push(privateKey(whole(inner)));
        break;
      case OID.shroudedKeyBag: {
        const [algorithm, encrypted] = children(inner);
        keys.push(
          privateKey(decrypt(algorithm, value(expectTag(encrypted, Tag.octetString, 'a key')), passphrase, source)),
        );
      }
    }
  }
  const [key] = keys;
  if (!key) return { certificates };
  const own = certificates.filter((one) => one.checkPrivateKey(key));
  return { certificates: [...own, ...certificates.filter((one) => !own.includes(one))], key };
}

function privateKey(der: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
}

/** The octets inside a ContentInfo of plain data. */
function dataOf(info: DerElement): Uint8Array {
  return value(expectTag(first(children(info)[1]), Tag.octetString, 'the data'));
}

function contentOf(info: DerElement, passphrase: string, source: string): Uint8Array {
  const [type] = children(info);
  if (!type || oid(type) !== OID.encryptedData) return dataOf(info);
  const encrypted = children(first(children(info)[1]))[1];
  const [, algorithm, octets] = children(expectTag(encrypted, Tag.sequence, 'encrypted content'));
  return decrypt(algorithm, value(expectTag(octets, IMPLICIT_0, 'encrypted octets')), passphrase, source);
}

function first(wrapper: DerElement | undefined): DerElement {
  const [inner] = children(expectTag(wrapper, EXPLICIT_0, 'a wrapped value'));
  if (!inner) throw new UserError('der-damaged', 'an empty wrapper');
  return inner;
}

function checkMac(mac: DerElement, safe: Uint8Array, passphrase: string, source: string): void {
  const [info, salt, count] = children(mac);
  const [algorithm, digest] = children(expectTag(info, Tag.sequence, 'the check'));
  const hash = MAC_HASHES[oidIn(algorithm)];
  if (!hash) throw cipherError(source);
  const length = hash === 'sha1' ? 20 : 32;
  const options = {
    salt: value(expectTag(salt, Tag.octetString, 'a salt')),
    iterations: iterationsIn(count),
    purpose: 3,
    length,
  } as const;
  const expected = createHmac(hash, pkcs12Key(hash, passphrase, options))
    .update(safe)
    .digest();
  const found = value(expectTag(digest, Tag.octetString, 'the check'));
  if (found.length === expected.length && timingSafeEqual(found, expected)) return;
  throw new UserError('passphrase', `The passphrase does not open ${source}, or the file was changed.`);
}

function decrypt(algorithm: DerElement | undefined, bytes: Uint8Array, passphrase: string, source: string): Buffer {
  const [type, parameters] = children(expectTag(algorithm, Tag.sequence, 'an algorithm'));
  const id = type ? oid(type) : '';
  if (id === OID.pbes2) {
    const [derivation, scheme] = children(expectTag(parameters, Tag.sequence, 'the parameters'));
    const [schemeId, iv] = children(expectTag(scheme, Tag.sequence, 'a cipher'));
    const cipher = CIPHERS[schemeId ? oid(schemeId) : ''];
    if (!cipher || !iv) throw cipherError(source);
    return decipher(cipher.name, pbkdf2Key(derivation, passphrase, cipher.keyLength, source), value(iv), bytes);
  }
  if (id !== OID.tripleDes) throw cipherError(source);
  const [salt, count] = children(expectTag(parameters, Tag.sequence, 'the parameters'));
  const shared = { salt: value(expectTag(salt, Tag.octetString, 'a salt')), iterations: iterationsIn(count) };
  const key = pkcs12Key('sha1', passphrase, { ...shared, purpose: 1, length: 24 });
  return decipher('des-ede3-cbc', key, pkcs12Key('sha1', passphrase, { ...shared, purpose: 2, length: 8 }), bytes);
}

function decipher(name: string, key: Uint8Array, iv: Uint8Array, bytes: Uint8Array): Buffer {
  const cipher = createDecipheriv(name, key, iv);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
}

function pbkdf2Key(derivation: DerElement | undefined, passphrase: string, length: number, source: string): Buffer {
  const [, parameters] = children(expectTag(derivation, Tag.sequence, 'a key derivation'));
  const [salt, count, ...rest] = children(expectTag(parameters, Tag.sequence, 'its parameters'));
  const prf = rest.find(({ tag }) => tag === Tag.sequence);
  const hash = prf ? PRF_HASHES[oidIn(prf)] : 'sha1';
  if (!hash) throw cipherError(source);
  return pbkdf2Sync(passphrase, value(expectTag(salt, Tag.octetString, 'a salt')), iterationsIn(count), length, hash);
}

function oidIn(algorithm: DerElement | undefined): string {
  const [id] = children(expectTag(algorithm, Tag.sequence, 'an algorithm'));
  return oid(expectTag(id, Tag.oid, 'an algorithm'));
}

/** Absent means 1. */
function iterationsIn(count: DerElement | undefined): number {
  const iterations = count ? smallInteger(count) : 1;
  if (iterations >= 1 && iterations <= MOST_ITERATIONS) return iterations;
  throw new UserError('der-damaged', 'an absurd iteration count');
}

function cipherError(source: string): UserError {
  return new UserError(
    'pkcs12-cipher',
    `${source} is encrypted in a way that OpenSSL 3 does not know any more (RC2, for example). Export it again with AES-256, or convert it: openssl pkcs12 -legacy -in old.p12 -out all.pem.`,
  );
}
