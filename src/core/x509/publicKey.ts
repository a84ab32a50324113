// SubjectPublicKeyInfo: which kind of key, which curve, how many bits.
import { CURVES, KEY_ALGORITHMS, type KeyAlgorithm } from './algorithms';
import { bitString, children, type DerElement, expectTag, oid, readElement, Tag, value } from './der';

export interface PublicKeyInfo {
  readonly algorithm: KeyAlgorithm;
  readonly oid: string;
  /** EC only: `prime256v1`, or the dotted oid where the curve is not known, or `explicit` parameters. */
  readonly curve?: string;
  /** Modulus bits for RSA, field bits for EC; 0 where unknown. */
  readonly bits: number;
  /** RSA only. 0 when it has more than 32 bits. */
  readonly exponent?: number;
}

/** `element`: a SubjectPublicKeyInfo SEQUENCE. */
export function readPublicKey(element: DerElement): PublicKeyInfo {
  const [algorithm, key] = children(expectTag(element, Tag.sequence, 'the public key'));
  const [type, parameters] = children(expectTag(algorithm, Tag.sequence, 'the algorithm of the public key', element));
  const id = oid(expectTag(type, Tag.oid, 'the algorithm of the public key', algorithm));
  const { octets } = bitString(expectTag(key, Tag.bitString, 'the public key itself', element));
  const kind = KEY_ALGORITHMS[id] ?? 'unknown';
  switch (kind) {
    case 'rsa':
    case 'rsa-pss':
      return { algorithm: kind, oid: id, ...readRsa(octets) };
    case 'ec': {
      const curve = parameters?.tag === Tag.oid ? oid(parameters) : 'explicit';
      return { algorithm: kind, oid: id, curve: CURVES[curve]?.name ?? curve, bits: CURVES[curve]?.bits ?? 0 };
    }
    default:
      return { algorithm: kind, oid: id, bits: kind === 'ed25519' ? 256 : kind === 'ed448' ? 456 : 0 };
  }
}

function readRsa(octets: Uint8Array): { bits: number; exponent: number } {
  const sequence = expectTag(readElement(octets), Tag.sequence, 'an RSA key');
  const [modulus, exponent] = children(sequence);
  const n = trim(value(expectTag(modulus, Tag.integer, 'the RSA modulus', sequence)));
  const e = trim(value(expectTag(exponent, Tag.integer, 'the RSA exponent', sequence)));
  const bits = n.length === 0 ? 0 : n.length * 8 - Math.clz32(n[0] ?? 0) + 24;
  return { bits, exponent: e.length > 4 ? 0 : e.reduce((sum, octet) => sum * 256 + octet, 0) };
}

function trim(octets: Uint8Array): Uint8Array {
  let start = 0;
  while (start < octets.length && octets[start] === 0) start++;
  return octets.subarray(start);
}
