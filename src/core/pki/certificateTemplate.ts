// Many certificates of one kind, quickly: one made the careful way is the mould, and per certificate only the serial
// number, the common name, the public key and the subject key identifier are exchanged.
import { children, type DerElement, expectTag, readElement, sameBytes, Tag, value, whole } from '../x509/der';
import { element, objectIdentifier, sequence } from './der';

export interface CertificateTemplate {
  /** Everything in front of the serial number, then what stands between the parts that change. All DER. */
  readonly version: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly validity: Uint8Array;
  readonly extensions: Uint8Array;
  /** Where in `extensions` the 20 bytes of the subject key identifier are. */
  readonly keyIdentifierAt: number;
}

export interface CertificateParts {
  /** Positive, big-endian, minimal: as the content of a DER INTEGER. */
  readonly serial: Uint8Array;
  readonly commonName: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** 20 bytes. */
  readonly keyIdentifier: Uint8Array;
}

/** `certificate`: DER of the mould, whose subject key identifier is `keyIdentifier`. */
export function templateOf(certificate: Uint8Array, keyIdentifier: Uint8Array): CertificateTemplate {
  const [tbs] = children(readElement(certificate));
  const fields = children(expectTag(tbs, Tag.sequence, 'the body of the certificate'));
  const [version, , signatureAlgorithm, issuer, validity, , , extensions] = fields.map(whole);
  if (!version || !signatureAlgorithm || !issuer || !validity || !extensions)
    throw new Error('the mould is no v3 leaf');
  const at = indexOf(extensions, keyIdentifier);
  if (at < 0) throw new Error('the mould lacks its subject key identifier');
  return { version, signatureAlgorithm, issuer, validity, extensions, keyIdentifierAt: at };
}

/** TBSCertificate: what is to be signed. */
export function fillTemplate(template: CertificateTemplate, parts: CertificateParts): Uint8Array<ArrayBuffer> {
  const extensions = template.extensions.slice();
  extensions.set(parts.keyIdentifier, template.keyIdentifierAt);
  return sequence(
    template.version,
    element(Tag.integer, parts.serial),
    template.signatureAlgorithm,
    template.issuer,
    template.validity,
    commonNameOnly(parts.commonName),
    parts.publicKey,
    extensions,
  );
}

/** The certificate from what was signed and its signature. */
export function assembleCertificate(
  template: CertificateTemplate,
  tbs: Uint8Array,
  signature: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return sequence(tbs, template.signatureAlgorithm, element(Tag.bitString, new Uint8Array(1), signature));
}

/** The octets of the key inside a SubjectPublicKeyInfo, over which the key identifier is made. */
export function publicKeyOctets(spki: Uint8Array): Uint8Array {
  const bits: DerElement | undefined = children(readElement(spki))[1];
  return value(expectTag(bits, Tag.bitString, 'the public key')).subarray(1);
}

/** 16 random bytes as the content of a positive INTEGER. */
export function serialFrom(random: Uint8Array): Uint8Array {
  if (random.length !== 16) throw new Error('a serial number is made of 16 random bytes');
  const first = random[0] ?? 0;
  if (first >= 0x80) return Uint8Array.from([0, ...random]);
  if (first > 0) return random;
  return Uint8Array.from([1, ...random.subarray(1)]); // no leading zero
}

const COMMON_NAME = '2.5.4.3';

function commonNameOnly(name: string): Uint8Array<ArrayBuffer> {
  const attribute = sequence(objectIdentifier(COMMON_NAME), element(Tag.utf8String, new TextEncoder().encode(name)));
  return sequence(element(Tag.set, attribute));
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= bytes.length; at++) {
    if (sameBytes(bytes.subarray(at, at + part.length), part)) return at;
  }
  return -1;
}
