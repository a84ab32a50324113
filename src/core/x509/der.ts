// DER (ITU-T X.690): tag, length, value. Bounded, never reads outside its bytes, refuses what BER allows and DER does not.
import { UserError } from '../errors';

/** One element. Offsets count from the start of `bytes`, which is the whole input and is never copied. */
export interface DerElement {
  readonly bytes: Uint8Array;
  /** The identifier octet: class, constructed bit and number together, for example 0x30 for a SEQUENCE. */
  readonly tag: number;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Identifier octets that X.509 uses. */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** What every reader of this folder throws for bytes that are no certificate. Code `der-damaged`. */
export function derDamaged(what: string, offset: number): UserError {
  return new UserError(
    'der-damaged',
    `The certificate data is damaged at byte ${offset}: ${what}. Export the certificate again from where it was made.`,
  );
}

/** Reads the element at `offset`; it has to end at or before `end`. Throws UserError `der-damaged`. */
export function readElement(bytes: Uint8Array, offset = 0, end = bytes.length): DerElement {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (offset + 2 > end || tag === undefined || first === undefined) throw derDamaged('it ends too early', offset);
  if ((tag & 0x1f) === 0x1f) throw derDamaged('a tag number above 30', offset);
  let valueStart = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw derDamaged('a length that DER does not allow', offset + 1);
    if (valueStart + count > end) throw derDamaged('it ends inside a length', offset);
    length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[valueStart + i] ?? 0);
    if (length < 0x80 || (count > 1 && bytes[valueStart] === 0))
      throw derDamaged('a length not in its short form', offset);
    valueStart += count;
  }
  if (length > end - valueStart) {
    throw derDamaged(`it should have ${length} more bytes but only ${Math.max(0, end - valueStart)} follow`, offset);
  }
  return { bytes, tag, start: offset, valueStart, end: valueStart + length };
}

/** The elements inside a constructed one, in order. */
export function children(parent: DerElement): DerElement[] {
  const found: DerElement[] = [];
  for (let at = parent.valueStart; at < parent.end; ) {
    const child = readElement(parent.bytes, at, parent.end);
    found.push(child);
    at = child.end;
  }
  return found;
}

/** The value octets, a view into the input. */
export function value(element: DerElement): Uint8Array {
  return element.bytes.subarray(element.valueStart, element.end);
}

/** The element with its header, a view into the input. */
export function whole(element: DerElement): Uint8Array {
  return element.bytes.subarray(element.start, element.end);
}

/** Checks the tag and returns the element; `what` names it in the error. */
export function expectTag(element: DerElement | undefined, tag: number, what: string, parent?: DerElement): DerElement {
  if (!element) throw derDamaged(`${what} is missing`, parent?.end ?? 0);
  if (element.tag !== tag) throw derDamaged(`${what} was expected here`, element.start);
  return element;
}

/** A small non-negative INTEGER as a number. */
export function smallInteger(element: DerElement): number {
  const octets = value(element);
  if (octets.length === 0 || octets.length > 6 || ((octets[0] ?? 0) & 0x80) !== 0) {
    throw derDamaged('a number out of range', element.start);
  }
  return octets.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** BOOLEAN. Any octet but 0 is true, as Mbed TLS and OpenSSL read it; DER writes 255. */
export function booleanValue(element: DerElement): boolean {
  const octets = value(element);
  if (octets.length !== 1) throw derDamaged('a truth value that is none', element.start);
  return octets[0] !== 0;
}

/** BIT STRING: its octets without the count of unused bits. */
export function bitString(element: DerElement): { readonly unusedBits: number; readonly octets: Uint8Array } {
  const all = value(element);
  const unusedBits = all[0];
  if (unusedBits === undefined || unusedBits > 7 || (all.length === 1 && unusedBits > 0)) {
    throw derDamaged('a bit string that is none', element.start);
  }
  return { unusedBits, octets: all.subarray(1) };
}

/** OBJECT IDENTIFIER in dotted form. */
export function oid(element: DerElement): string {
  const octets = value(element);
  const parts: bigint[] = [];
  let part = 0n;
  for (const [i, octet] of octets.entries()) {
    if (part === 0n && octet === 0x80) throw derDamaged('an object identifier that is none', element.start);
    part = (part << 7n) | BigInt(octet & 0x7f);
    if (octet & 0x80) {
      if (i === octets.length - 1 || part > 1n << 128n)
        throw derDamaged('an object identifier that is none', element.start);
      continue;
    }
    parts.push(part);
    part = 0n;
  }
  const [first, ...rest] = parts;
  if (first === undefined) throw derDamaged('an empty object identifier', element.start);
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...rest].join('.');
}

export function toHex(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += octet.toString(16).padStart(2, '0');
  return text;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}
