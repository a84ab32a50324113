// Writes PKCS#12 (RFC 7292) with today's algorithms: PBES2 with AES-256 for key and certificates, HMAC-SHA-256 over all.
// OpenSSL 1.1 and later, Node, Java 8u301 and later and Windows 10 1709 and later read it.
import { createHash, createHmac, type KeyObject, randomBytes, type X509Certificate } from 'node:crypto';
import { element, integer, nullValue, objectIdentifier, octetString, sequence } from '../../core/pki/der';
import { Tag } from '../../core/x509/der';
import { pbes2 } from './pbes2';
import { pkcs12Key } from './pkcs12Key';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
  sha256: '2.16.840.1.101.3.4.2.1',
};
const EXPLICIT_0 = 0xa0;
const IMPLICIT_0 = 0x80;
const BMP_STRING = Tag.bmpString;
/** The MAC's derivation is a chain of hashes in this process: about a quarter of a second. */
const MAC_ITERATIONS = 200_000;

export interface Pkcs12Content {
  /** Leaf first. */
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject;
  /** What certificate stores show. */
  readonly name: string;
}

export async function writePkcs12(content: Pkcs12Content, passphrase: string): Promise<Uint8Array> {
  const [leaf] = content.certificates;
  if (!leaf) throw new Error('a PKCS#12 file needs a certificate');
  const attributes = bagAttributes(content.name, createHash('sha1').update(leaf.raw).digest());
  const bags = content.certificates.map((certificate, i) =>
    bag(OID.certificateBag, certificateValue(certificate), i === 0 ? attributes : undefined),
  );
  const plain = content.key.export({ type: 'pkcs8', format: 'der' });
  const shrouded = await pbes2(plain, passphrase);
  plain.fill(0);
  const keyValue = sequence(shrouded.algorithm, octetString(shrouded.encrypted));
  const certificates = await pbes2(sequence(...bags), passphrase);
  const safe = sequence(
    encryptedContent(certificates.algorithm, certificates.encrypted),
    plainContent(sequence(bag(OID.keyBag, keyValue, attributes))),
  );
  return sequence(integer(3), plainContent(safe), macData(safe, passphrase));
}

function plainContent(bytes: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(OID.data), element(EXPLICIT_0, octetString(bytes)));
}

function encryptedContent(algorithm: Uint8Array, encrypted: Uint8Array): Uint8Array {
  const info = sequence(objectIdentifier(OID.data), algorithm, element(IMPLICIT_0, encrypted));
  return sequence(objectIdentifier(OID.encryptedData), element(EXPLICIT_0, sequence(integer(0), info)));
}

function certificateValue(certificate: X509Certificate): Uint8Array {
  return sequence(objectIdentifier(OID.x509Certificate), element(EXPLICIT_0, octetString(certificate.raw)));
}

function bag(type: string, value: Uint8Array, attributes?: Uint8Array): Uint8Array {
  return sequence(objectIdentifier(type), element(EXPLICIT_0, value), ...(attributes ? [attributes] : []));
}

/** The local key id ties the leaf to its key. */
function bagAttributes(name: string, id: Uint8Array): Uint8Array {
  const attribute = (type: string, value: Uint8Array) => sequence(objectIdentifier(type), element(Tag.set, value));
  return element(
    Tag.set,
    attribute(OID.friendlyName, element(BMP_STRING, bmp(name))),
    attribute(OID.localKeyId, octetString(id)),
  );
}

function macData(safe: Uint8Array, passphrase: string): Uint8Array {
  const salt = randomBytes(16);
  const key = pkcs12Key('sha256', passphrase, { salt, iterations: MAC_ITERATIONS, purpose: 3, length: 32 });
  const mac = createHmac('sha256', key).update(safe).digest();
  const digest = sequence(sequence(objectIdentifier(OID.sha256), nullValue()), octetString(mac));
  return sequence(digest, octetString(salt), integer(MAC_ITERATIONS));
}

function bmp(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
