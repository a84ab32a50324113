// Writes the few DER forms (X.690) that our own encodings need. Reading is core/x509.

const SEQUENCE = 0x30;

/** One element: tag, definite length, contents one after another. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = contents.reduce((sum, part) => sum + part.length, 0);
  const lengthBytes: number[] = [];
  if (size < 0x80) lengthBytes.push(size);
  else {
    for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) lengthBytes.unshift(rest % 256);
    lengthBytes.unshift(0x80 | lengthBytes.length);
  }
  const out = new Uint8Array(1 + lengthBytes.length + size);
  out[0] = tag;
  out.set(lengthBytes, 1);
  let at = 1 + lengthBytes.length;
  for (const part of contents) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function sequence(...contents: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(SEQUENCE, ...contents);
}

export function octetString(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(0x04, bytes);
}

export function nullValue(): Uint8Array<ArrayBuffer> {
  return element(0x05);
}

/** A non-negative integer below 2^53. */
export function integer(value: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  if (bytes.length === 0 || (bytes[0] ?? 0) >= 0x80) bytes.unshift(0);
  return element(0x02, Uint8Array.from(bytes));
}

/** "1.2.840.113549.1.5.13" and the like; arcs below 2^31. */
export function objectIdentifier(dotted: string): Uint8Array<ArrayBuffer> {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80);
    bytes.push(...groups);
  }
  return element(0x06, Uint8Array.from(bytes));
}
