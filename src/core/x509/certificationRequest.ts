// A certificate signing request (PKCS#10, RFC 2986) as a record. Reads only; whether its maker holds the key is checked
// where there is cryptography.
import type { SignatureAlgorithm } from './algorithms';
import { readSignatureAlgorithm } from './certificate';
import { children, type DerElement, expectTag, oid, readElement, Tag } from './der';
import { type KnownExtensions, knownExtensions, readExtensions } from './extensions';
import { type DistinguishedName, readName } from './name';
import { type PublicKeyInfo, readPublicKey } from './publicKey';

export interface CertificationRequest {
  readonly subject: DistinguishedName;
  readonly publicKey: PublicKeyInfo;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** What it wishes for; an authority need not grant it. */
  readonly wishes: KnownExtensions;
}

/** PKCS#9 extensionRequest (RFC 2985, 5.4.2). */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** Throws UserError `der-damaged` for what is no request. */
export function parseRequest(der: Uint8Array): CertificationRequest {
  const outer = expectTag(readElement(der), Tag.sequence, 'a signing request');
  const [info, algorithm, signature] = children(outer);
  const body = expectTag(info, Tag.sequence, 'the body of the request', outer);
  const [version, subject, spki, ...rest] = children(body);
  expectTag(version, Tag.integer, 'the version of the request', body);
  expectTag(signature, Tag.bitString, 'the signature of the request', outer);
  const attributes = rest.find(({ tag }) => tag === 0xa0);
  return {
    subject: readName(expectTag(subject, Tag.sequence, 'the subject', body)),
    publicKey: readPublicKey(expectTag(spki, Tag.sequence, 'the public key', body)),
    signatureAlgorithm: readSignatureAlgorithm(expectTag(algorithm, Tag.sequence, 'the signature algorithm', outer)),
    wishes: attributes ? wishesIn(attributes) : {},
  };
}

function wishesIn(attributes: DerElement): KnownExtensions {
  for (const attribute of children(attributes)) {
    const [type, values] = children(expectTag(attribute, Tag.sequence, 'an attribute'));
    const id = oid(expectTag(type, Tag.oid, 'the type of an attribute', attribute));
    if (id === EXTENSION_REQUEST) {
      return knownExtensions(readExtensions(expectTag(values, Tag.set, 'the values of an attribute', attribute)));
    }
  }
  return {};
}
