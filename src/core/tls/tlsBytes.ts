// Numbers and length-prefixed vectors as TLS writes them (RFC 8446, 3): big-endian, the length in front.

/** Big-endian; octets beyond the end count as 0, so that cut input is read without a fault. */
export function readNumber(bytes: ArrayLike<number>, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

/** Items with a length of `size` octets in front of each, until the bytes end; a cut one is left out. */
export function readItems(bytes: Uint8Array, size: number): Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let at = 0; at + size <= bytes.length; ) {
    const end = at + size + readNumber(bytes, at, size);
    if (end > bytes.length) break;
    items.push(bytes.slice(at + size, end));
    at = end;
  }
  return items;
}

export function joinBytes(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

export function uint16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

/** Length in `size` octets, then the content. */
export function vector(size: number, content: readonly number[]): number[] {
  const length = Array.from({ length: size }, (_, i) => (content.length >> (8 * (size - 1 - i))) & 0xff);
  return [...length, ...content];
}

export function extension(type: number, content: readonly number[]): number[] {
  return [...uint16(type), ...vector(2, content)];
}

export function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0) & 0x7f);
}
