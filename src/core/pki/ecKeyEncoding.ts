// The DER of an elliptic-curve key from its raw numbers (RFC 5915, RFC 5480). Everything but the numbers is the same for
// every key of a curve, so it is laid out once and filled in per key: encoding through OpenSSL costs ten times the key.
import { element, integer, objectIdentifier, octetString, sequence } from './der';

export interface EcCurve {
  /** Octets of a private key; a public point has twice as many and one in front. */
  readonly size: number;
  /** Of the curve. */
  readonly oid: string;
}

export const ecCurves = {
  'ecdsa-p256': { size: 32, oid: '1.2.840.10045.3.1.7' },
  'ecdsa-p384': { size: 48, oid: '1.3.132.0.34' },
} as const satisfies Record<string, EcCurve>;

export interface EcKeyEncoding {
  /** PKCS#8. `secret` is big-endian; leading zero octets may be missing. `point` is uncompressed. */
  privateKey(secret: Uint8Array, point: Uint8Array): Uint8Array<ArrayBuffer>;
  /** SubjectPublicKeyInfo. */
  publicKey(point: Uint8Array): Uint8Array<ArrayBuffer>;
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const BIT_STRING = 0x03;
const EXPLICIT_1 = 0xa1;

export function ecKeyEncoding({ size, oid }: EcCurve): EcKeyEncoding {
  const secret = new Uint8Array(size);
  const bits = element(BIT_STRING, new Uint8Array(1), new Uint8Array(1 + 2 * size));
  const algorithm = sequence(objectIdentifier(EC_PUBLIC_KEY), objectIdentifier(oid));
  const inner = sequence(integer(1), octetString(secret), element(EXPLICIT_1, bits));
  const privateMould = sequence(integer(0), algorithm, octetString(inner));
  const publicMould = sequence(algorithm, bits);
  // From the end: the point, then the heads of its BIT STRING and its [1], then the secret.
  const pointAt = privateMould.length - (1 + 2 * size);
  const secretAt = pointAt - (element(EXPLICIT_1, bits).length - (1 + 2 * size)) - size;
  const checked = (point: Uint8Array) => {
    if (point.length !== 1 + 2 * size) throw new Error(`a point of ${point.length} octets is none of this curve`);
    return point;
  };
  return {
    privateKey(number, point) {
      const out = privateMould.slice();
      out.set(number, secretAt + size - number.length);
      out.set(checked(point), pointAt);
      return out;
    },
    publicKey(point) {
      const out = publicMould.slice();
      out.set(checked(point), out.length - point.length);
      return out;
    },
  };
}
