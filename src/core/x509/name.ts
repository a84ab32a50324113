// Distinguished names: attributes with their short names, and one line of text as OpenSSL prints it.
import { children, type DerElement, derDamaged, expectTag, oid, Tag, value, whole } from './der';

export interface NameAttribute {
  readonly oid: string;
  /** `CN`, `O`, ... or the dotted oid where no short name is known. */
  readonly type: string;
  readonly value: string;
  /** The string type's DER tag and octets: TLS stacks compare these, not the text. */
  readonly tag: number;
  readonly raw: Uint8Array;
}

export interface DistinguishedName {
  /** Relative distinguished names in order; nearly always one attribute each. */
  readonly parts: readonly (readonly NameAttribute[])[];
  /** `C=DE, O=Workshop, CN=Workshop CA`; `(empty)` for an empty name. */
  readonly text: string;
  /** The first common name. */
  readonly commonName?: string;
  /** The DER encoding. */
  readonly der: Uint8Array;
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

export function readName(element: DerElement): DistinguishedName {
  const parts = children(expectTag(element, Tag.sequence, 'a name')).map((rdn) =>
    children(expectTag(rdn, Tag.set, 'a part of a name')).map(readAttribute),
  );
  const all = parts.flat();
  const commonName = all.find((attribute) => attribute.type === 'CN')?.value;
  return {
    parts,
    text:
      parts.map((part) => part.map(({ type, value: text }) => `${type}=${text}`).join(' + ')).join(', ') || '(empty)',
    ...(commonName === undefined ? {} : { commonName }),
    der: whole(element),
  };
}

function readAttribute(element: DerElement): NameAttribute {
  const [type, content] = children(expectTag(element, Tag.sequence, 'an attribute of a name'));
  const id = oid(expectTag(type, Tag.oid, 'the type of an attribute', element));
  if (!content) throw derDamaged('an attribute without a value', element.end);
  const raw = value(content);
  return { oid: id, type: SHORT_NAMES[id] ?? id, value: derText(content), tag: content.tag, raw };
}

/** Text of a string type; bytes that are no text of that type come out as U+FFFD. */
function derText(element: DerElement): string {
  const octets = value(element);
  switch (element.tag) {
    case Tag.bmpString:
      return new TextDecoder('utf-16be').decode(octets);
    case Tag.t61String:
      return new TextDecoder('latin1').decode(octets);
    case Tag.universalString: {
      let text = '';
      for (let i = 0; i + 3 < octets.length; i += 4) {
        const point = ((octets[i + 1] ?? 0) << 16) | ((octets[i + 2] ?? 0) << 8) | (octets[i + 3] ?? 0);
        text += octets[i] === 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
      }
      return text;
    }
    default:
      return new TextDecoder().decode(octets);
  }
}
