// The properties of an MQTT 5 PUBLISH (section 3.3.2.3), as text for a person.

import type { TextProperties } from './messageLog';
import { hexText } from './payloadBytes';

/** Names as the `mqtt` library has them. */
const CODES: Readonly<Record<number, readonly [name: string, type: 'byte' | 'u32' | 'text' | 'bytes' | 'varint']>> = {
  1: ['payloadFormatIndicator', 'byte'],
  2: ['messageExpiryInterval', 'u32'],
  3: ['contentType', 'text'],
  8: ['responseTopic', 'text'],
  9: ['correlationData', 'bytes'],
  11: ['subscriptionIdentifier', 'varint'],
};
const USER_PROPERTY = 0x26;

/** Undefined for malformed properties, and for a topic alias, which changes what the topic is. */
export function publishProperties(bytes: Uint8Array, start: number, end: number): TextProperties | undefined {
  const found: [string, string][] = [];
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let at = start;
  const sized = (): Uint8Array | undefined => {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    at += 2 + length;
    return at > end ? undefined : bytes.subarray(at - length, at);
  };
  while (at < end) {
    const code = bytes[at++] ?? 0;
    if (code === USER_PROPERTY) {
      const name = sized();
      const value = sized();
      if (!name || !value) return undefined;
      found.push([decoder.decode(name), decoder.decode(value)]);
      continue;
    }
    const [name, type] = CODES[code] ?? [];
    if (name === undefined) return undefined;
    if (type === 'text' || type === 'bytes') {
      const value = sized();
      if (!value) return undefined;
      found.push([name, type === 'text' ? decoder.decode(value) : hexText(value)]);
    } else if (type === 'varint') {
      const read = readVarint(bytes, at, end);
      if (!read) return undefined;
      at += read.size;
      found.push([name, String(read.value)]);
    } else {
      const size = type === 'byte' ? 1 : 4;
      let value = 0;
      for (let i = 0; i < size; i++) value = value * 256 + (bytes[at++] ?? 0);
      if (at > end) return undefined;
      found.push([name, String(value)]);
    }
  }
  return found;
}

/** A variable byte integer (section 1.5.5); undefined when it does not end within four bytes or before `end`. */
export function readVarint(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly value: number; readonly size: number } | undefined {
  let value = 0;
  for (let size = 1; size <= 4 && at + size <= end; size++) {
    const byte = bytes[at + size - 1] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * (size - 1));
    if (byte < 0x80) return { value, size };
  }
  return undefined;
}
