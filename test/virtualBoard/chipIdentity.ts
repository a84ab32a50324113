// MAC addresses as eFuses hold them.

export const DEFAULT_MAC = '24:6f:28:c0:1d:db';

export function parseMac(text: string): Uint8Array {
  const mac = Uint8Array.from(text.split(':').map((part) => Number.parseInt(part, 16)));
  if (mac.length !== 6 || !/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(text)) throw new RangeError(`not a MAC: ${text}`);
  return mac;
}

/** The lower and the upper register of a MAC, whose first byte is the highest. */
export function macWords(mac: Uint8Array): readonly [number, number] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac;
  return [((c << 24) | (d << 16) | (e << 8) | f) >>> 0, (a << 8) | b];
}
