// The X.509 v3 extensions (RFC 5280, 4.2.1) that decide whether a TLS stack accepts a certificate.
import { PURPOSES } from './algorithms';
import {
  bitString,
  booleanValue,
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
} from './der';
import { type GeneralName, readGeneralName } from './generalName';

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** An absent member means that the certificate has no such extension. */
export interface KnownExtensions {
  readonly subjectAltNames?: readonly GeneralName[];
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly keyUsage?: readonly KeyUsage[];
  /** `serverAuth`, `clientAuth`, ...; dotted oids where no name is known. */
  readonly extendedKeyUsage?: readonly string[];
  /** Lower-case hex. */
  readonly subjectKeyId?: string;
  readonly authorityKeyId?: string;
}

const KEY_USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

/** `wrapper`: the `[3]` element of a TBSCertificate. A repeated extension is refused, as Mbed TLS and OpenSSL do. */
export function readExtensions(wrapper: DerElement): Extension[] {
  const [list] = children(wrapper);
  const found = children(expectTag(list, Tag.sequence, 'the extensions', wrapper)).map(readExtension);
  const seen = new Set(found.map((extension) => extension.oid));
  if (seen.size !== found.length) throw derDamaged('an extension occurs twice', wrapper.start);
  return found;
}

function readExtension(element: DerElement): Extension {
  const parts = children(expectTag(element, Tag.sequence, 'an extension'));
  const flag = parts.length > 2 ? expectTag(parts[1], Tag.boolean, 'the critical flag', element) : undefined;
  const content = expectTag(parts[flag ? 2 : 1], Tag.octetString, 'the value of an extension', element);
  return {
    oid: oid(expectTag(parts[0], Tag.oid, 'the type of an extension', element)),
    critical: flag !== undefined && booleanValue(flag),
    value: value(content),
  };
}

export function knownExtensions(extensions: readonly Extension[]): KnownExtensions {
  let known: KnownExtensions = {};
  for (const extension of extensions) known = { ...known, ...readKnown(extension) };
  return known;
}

function readKnown(extension: Extension): KnownExtensions {
  switch (extension.oid) {
    case '2.5.29.14':
      return { subjectKeyId: toHex(value(expectTag(readElement(extension.value), Tag.octetString, 'a key id'))) };
    case '2.5.29.15':
      return { keyUsage: keyUsage(readElement(extension.value)) };
    case '2.5.29.17':
      return {
        subjectAltNames: children(expectTag(readElement(extension.value), Tag.sequence, 'the names')).map(
          readGeneralName,
        ),
      };
    case '2.5.29.19':
      return { basicConstraints: basicConstraints(readElement(extension.value)) };
    case '2.5.29.35': {
      const parts = children(expectTag(readElement(extension.value), Tag.sequence, 'the key id of the authority'));
      const keyId = parts.find((part) => part.tag === 0x80);
      return keyId ? { authorityKeyId: toHex(value(keyId)) } : {};
    }
    case '2.5.29.37': {
      const purposes = children(expectTag(readElement(extension.value), Tag.sequence, 'the purposes'));
      const ids = purposes.map((purpose) => oid(expectTag(purpose, Tag.oid, 'a purpose')));
      return { extendedKeyUsage: ids.map((id) => PURPOSES[id] ?? id) };
    }
    default:
      return {};
  }
}

function keyUsage(element: DerElement): KeyUsage[] {
  const { octets } = bitString(expectTag(element, Tag.bitString, 'the key usage'));
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function basicConstraints(element: DerElement): { ca: boolean; pathLength?: number } {
  const parts = children(expectTag(element, Tag.sequence, 'the basic constraints'));
  const flag = parts.find((part) => part.tag === Tag.boolean);
  const limit = parts.find((part) => part.tag === Tag.integer);
  return {
    ca: flag !== undefined && booleanValue(flag),
    ...(limit ? { pathLength: smallInteger(limit) } : {}),
  };
}
