// One X.509 certificate (RFC 5280, 4.1) as a record. Reads only; who trusts it is decided elsewhere.
import { type SignatureAlgorithm, signatureAlgorithm } from './algorithms';
import {
  bitString,
  children,
  type DerElement,
  derDamaged,
  expectTag,
  oid,
  readElement,
  smallInteger,
  Tag,
  toHex,
  value,
  whole,
} from './der';
import { derTime } from './derTime';
import { type Extension, type KnownExtensions, knownExtensions, readExtensions } from './extensions';
import { type DistinguishedName, readName } from './name';
import { type PublicKeyInfo, readPublicKey } from './publicKey';

/** The byte arrays are views into `der`: do not change them. */
export interface Certificate extends KnownExtensions {
  readonly der: Uint8Array;
  readonly version: number;
  /** Upper-case hex without leading zeros, as OpenSSL and Node print it; `-` in front of a negative one. */
  readonly serial: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** Validity in epoch milliseconds, both ends included. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: PublicKeyInfo;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly extensions: readonly Extension[];
  /** What is signed, the SubjectPublicKeyInfo, and the signature, for those who verify or hash them. */
  readonly tbs: Uint8Array;
  readonly spki: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Reads one DER certificate. Bytes after it are refused. Throws UserError `der-damaged`, and nothing else, for any
 * input that is no certificate.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const outer = expectTag(readElement(der), Tag.sequence, 'a certificate');
  if (outer.end !== der.length) throw derDamaged('bytes follow after the certificate', outer.end);
  const [tbs, algorithm, signature, ...more] = children(outer);
  if (more.length > 0) throw derDamaged('more than the three parts of a certificate', more[0]?.start ?? 0);
  const body = expectTag(tbs, Tag.sequence, 'the body of the certificate', outer);
  const fields = children(body);
  const version = fields[0]?.tag === 0xa0 ? readVersion(fields[0]) : 1;
  const at = fields[0]?.tag === 0xa0 ? 1 : 0;
  const serial = expectTag(fields[at], Tag.integer, 'the serial number', body);
  const issuer = expectTag(fields[at + 2], Tag.sequence, 'the issuer', body);
  const validity = expectTag(fields[at + 3], Tag.sequence, 'the validity', body);
  const subject = expectTag(fields[at + 4], Tag.sequence, 'the subject', body);
  const spki = expectTag(fields[at + 5], Tag.sequence, 'the public key', body);
  const wrapper = fields.slice(at + 6).find((field) => field.tag === 0xa3);
  const extensions = wrapper ? readExtensions(wrapper) : [];
  const [from, to] = children(validity);
  if (!from || !to) throw derDamaged('the validity has no two dates', validity.start);
  return {
    der: whole(outer),
    version,
    serial: serialText(value(serial), serial),
    subject: readName(subject),
    issuer: readName(issuer),
    notBefore: derTime(from),
    notAfter: derTime(to),
    publicKey: readPublicKey(spki),
    signatureAlgorithm: readSignatureAlgorithm(expectTag(algorithm, Tag.sequence, 'the signature algorithm', outer)),
    extensions,
    ...knownExtensions(extensions),
    tbs: whole(body),
    spki: whole(spki),
    signature: bitString(expectTag(signature, Tag.bitString, 'the signature', outer)).octets,
  };
}

function readVersion(wrapper: DerElement): number {
  const [version] = children(wrapper);
  const number = smallInteger(expectTag(version, Tag.integer, 'the version', wrapper)) + 1;
  if (number > 3) throw derDamaged(`version ${number} of X.509 does not exist`, wrapper.start);
  return number;
}

/** `element`: an AlgorithmIdentifier. */
export function readSignatureAlgorithm(element: DerElement): SignatureAlgorithm {
  const [type, parameters] = children(element);
  const id = oid(expectTag(type, Tag.oid, 'the signature algorithm', element));
  // RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] AlgorithmIdentifier DEFAULT sha1, ... } (RFC 4055, 3.1)
  const hash = parameters?.tag === Tag.sequence ? children(parameters).find((part) => part.tag === 0xa0) : undefined;
  const [identifier] = hash ? children(hash) : [];
  const [hashOid] = identifier?.tag === Tag.sequence ? children(identifier) : [];
  return signatureAlgorithm(id, hashOid?.tag === Tag.oid ? oid(hashOid) : undefined);
}

/** Hex as Certificate.serial has it. */
export function serialText(octets: Uint8Array, element: DerElement): string {
  if (octets.length === 0) throw derDamaged('an empty serial number', element.start);
  const hex = toHex(octets);
  let number = BigInt(`0x${hex}`);
  if ((octets[0] ?? 0) & 0x80) number -= 1n << BigInt(octets.length * 8);
  const digits = (number < 0n ? -number : number).toString(16).toUpperCase();
  const even = digits.length % 2 ? `0${digits}` : digits;
  return number < 0n ? `-${even}` : even;
}
