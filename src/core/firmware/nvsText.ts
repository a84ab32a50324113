// The encodings of Espressif's NVS CSV: text or a file's bytes -> a value.
import { UserError } from '../errors';
import { type NvsIntegerType, type NvsValue, nvsIntegerRange, nvsIntegers } from './nvsFormat';

const encodings = [...Object.keys(nvsIntegers), 'string', 'binary', 'hex2bin', 'base64', 'blob_fill(N;0xFF)'];

/** `source` is the CSV's text, or the bytes of the file it names. */
export function parseNvsValue(key: string, encoding: string, source: string | Uint8Array): NvsValue {
  const name = encoding.toLowerCase();
  const text = () =>
    typeof source === 'string' ? source : new TextDecoder('utf-8', { ignoreBOM: true }).decode(source);
  const bytes = () => (typeof source === 'string' ? new TextEncoder().encode(source) : source);
  if (Object.hasOwn(nvsIntegers, name)) return integer(key, name as NvsIntegerType, text());
  switch (name) {
    case 'string':
      return { kind: 'string', bytes: bytes() };
    case 'binary':
      return { kind: 'blob', bytes: bytes() };
    case 'hex2bin':
      return { kind: 'blob', bytes: hexBytes(key, text().trim()) };
    case 'base64':
      return { kind: 'blob', bytes: base64Bytes(key, text()) };
    default:
      return { kind: 'blob', bytes: filled(key, encoding, bytes()) };
  }
}

function integer(key: string, type: NvsIntegerType, text: string): NvsValue {
  const { min, max } = nvsIntegerRange(type);
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed))
    throw new UserError('nvs-csv-value', `"${key}" is "${text}", which is not a whole number in decimal.`);
  const value = BigInt(trimmed.replace(/^\+/, ''));
  if (value < min || value > max)
    throw new UserError('nvs-csv-value', `"${key}" is ${value}; ${type} holds ${min} to ${max}.`);
  return { kind: 'integer', type, value };
}

function hexBytes(key: string, text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text))
    throw new UserError('nvs-csv-value', `"${key}" is not hexadecimal with two digits a byte.`);
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Line ends and other characters outside the alphabet are skipped, as Python's decoder does. */
function base64Bytes(key: string, text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text.replace(/[^A-Za-z0-9+/=]/g, '')), (char) => char.charCodeAt(0));
  } catch {
    throw new UserError('nvs-csv-value', `"${key}" is not base64.`);
  }
}

/** `blob_fill(LENGTH;0xPAD)`, and `blob_sz_fill(...)` with the value's length as a word before it. */
function filled(key: string, encoding: string, value: Uint8Array): Uint8Array {
  const match = /^blob_(sz_)?fill\((\d+);0x([0-9a-f]{2})\)/i.exec(encoding);
  if (!match)
    throw new UserError(
      'nvs-csv-encoding',
      `"${key}" has the encoding "${encoding}". Use one of ${encodings.join(', ')}.`,
    );
  const length = Number(match[2]);
  if (value.length > length)
    throw new UserError('nvs-csv-value', `"${key}" has ${value.length} bytes, more than the ${length} of ${encoding}.`);
  const sized = match[1] !== undefined;
  const bytes = new Uint8Array(length + (sized ? 4 : 0)).fill(Number.parseInt(match[3] ?? '', 16));
  if (sized) new DataView(bytes.buffer).setUint32(0, value.length, true);
  bytes.set(value, sized ? 4 : 0);
  return bytes;
}
