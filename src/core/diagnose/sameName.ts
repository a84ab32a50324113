// When two distinguished names are the same for a TLS stack. Each has a rule of its own.
import { sameBytes, Tag } from '../x509/der';
import type { DistinguishedName, NameAttribute } from '../x509/name';
import type { TlsStack } from './tlsStack';

/** Mbed TLS: x509_name_cmp, printable strings without regard to case and type. BearSSL: the encodings, byte by byte. */
export function sameName(a: DistinguishedName, b: DistinguishedName, stack: TlsStack): boolean {
  if (stack.library === 'bearssl') return sameBytes(a.der, b.der);
  if (a.parts.length !== b.parts.length) return false;
  return a.parts.every((part, i) => {
    const other = b.parts[i] ?? [];
    return part.length === other.length && part.every((attribute, j) => sameAttribute(attribute, other[j]));
  });
}

function sameAttribute(a: NameAttribute, b: NameAttribute | undefined): boolean {
  if (!b || a.oid !== b.oid) return false;
  if (a.tag === b.tag && sameBytes(a.raw, b.raw)) return true;
  const text = (tag: number): boolean => tag === Tag.utf8String || tag === Tag.printableString;
  return text(a.tag) && text(b.tag) && asciiLower(a.raw) === asciiLower(b.raw);
}

/** Only A to Z change case there: other octets are compared as they are. */
function asciiLower(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += String.fromCharCode(octet >= 0x41 && octet <= 0x5a ? octet + 32 : octet);
  return text;
}
