// A protobuf message as text, one field a line: with the names of a schema, or with the numbers that are in the bytes.
import { type ProtoField, type ProtoMessage, type ProtoSchema, SCALARS } from './schema';
import { type Packed, packedVarints, type WireField, type WireValue, wireFields } from './wire';

/** A small payload can claim much: what goes beyond is left out, and said so. */
const MAX_DEPTH = 24;
const MAX_FIELDS = 10_000;
const MAX_LINES = 10_000;
const MAX_PACKED = 10_000;

const NO_SCHEMA: ProtoSchema = { messages: new Map(), enums: new Map() };

/** Undefined when `bytes` are no protobuf message. */
export function messageText(bytes: Uint8Array, schema: ProtoSchema, message: ProtoMessage): string | undefined {
  return new Printer(schema).print(bytes, message);
}

/** Without a schema, as `protoc --decode_raw` does. */
export function rawMessageText(bytes: Uint8Array): string | undefined {
  return new Printer(NO_SCHEMA).print(bytes, undefined);
}

class Printer {
  private readonly lines: string[] = [];
  private cut = false;

  constructor(private readonly schema: ProtoSchema) {}

  print(bytes: Uint8Array, message: ProtoMessage | undefined): string | undefined {
    const fields = wireFields(bytes, MAX_FIELDS);
    if (!fields) return undefined;
    this.fields(fields, message, 0);
    if (this.cut) this.lines.push('… more is left out');
    return this.lines.join('\n');
  }

  private fields(fields: readonly WireField[], message: ProtoMessage | undefined, depth: number): void {
    if (fields.length >= MAX_FIELDS) this.cut = true;
    for (const { number, value } of fields) {
      if (this.lines.length >= MAX_LINES) {
        this.cut = true;
        return;
      }
      const field = message?.fields.get(number);
      if (!field) this.unknown(String(number), value, depth);
      else if (field.map) this.map(field, field.map, value, depth);
      else if (!this.packed(field, value, depth)) this.typed(field.name, field.type, value, depth);
    }
  }

  private typed(name: string, type: string, value: WireValue, depth: number): void {
    const nested = this.schema.messages.get(type);
    if (nested && value.kind === 'bytes') {
      this.nested(name, value.bytes, nested, depth);
      return;
    }
    const text = SCALARS.has(type) ? scalarText(type, value) : this.enumText(type, value);
    if (text === undefined) this.unknown(`${name} (not a ${type})`, value, depth);
    else this.line(depth, `${name}: ${text}`);
  }

  private nested(name: string, bytes: Uint8Array, message: ProtoMessage | undefined, depth: number): void {
    const fields = depth < MAX_DEPTH ? wireFields(bytes, MAX_FIELDS) : undefined;
    if (!fields) {
      this.line(depth, `${name}: ${bytesText(bytes)}`);
      return;
    }
    this.line(depth, `${name} {`);
    this.fields(fields, message, depth + 1);
    this.line(depth, '}');
  }

  /** Numbers of a repeated field in one run of bytes. */
  private packed({ name, type, repeated }: ProtoField, value: WireValue, depth: number): boolean {
    if (!repeated || value.kind !== 'bytes' || type === 'string' || type === 'bytes' || this.schema.messages.has(type))
      return false;
    const packed = unpack(type, value.bytes);
    if (!packed) return false;
    const texts = packed.values.map((one) => (SCALARS.has(type) ? scalarText(type, one) : this.enumText(type, one)));
    if (packed.rest > 0) texts.push(`… ${packed.rest} bytes more`);
    this.line(depth, `${name}: [${texts.join(', ')}]`);
    return true;
  }

  private map(field: ProtoField, types: NonNullable<ProtoField['map']>, value: WireValue, depth: number): void {
    const fields = value.kind === 'bytes' && depth < MAX_DEPTH ? wireFields(value.bytes, MAX_FIELDS) : undefined;
    if (!fields) {
      this.unknown(field.name, value, depth);
      return;
    }
    const key = fields.find(({ number }) => number === 1)?.value;
    const content = fields.find(({ number }) => number === 2)?.value;
    const name = `${field.name}[${(key && scalarText(types.key, key)) ?? '""'}]`;
    if (content) this.typed(name, types.value, content, depth);
    else this.line(depth, `${name}: default`);
  }

  private enumText(type: string, value: WireValue): string | undefined {
    if (value.kind !== 'varint') return undefined;
    const number = Number(BigInt.asIntN(32, value.value));
    const name = this.schema.enums.get(type)?.get(number);
    return name === undefined ? `${number}` : `${name} (${number})`;
  }

  private unknown(name: string, value: WireValue, depth: number): void {
    if (value.kind === 'varint') this.line(depth, `${name}: ${value.value}`);
    else if (value.kind !== 'bytes') this.line(depth, `${name}: ${fixedText(value.bytes)}`);
    else {
      const text = readable(value.bytes);
      if (text === undefined) this.nested(name, value.bytes, undefined, depth);
      else this.line(depth, `${name}: ${JSON.stringify(text)}`);
    }
  }

  private line(depth: number, text: string): void {
    this.lines.push('  '.repeat(depth) + text);
  }
}

function unpack(type: string, bytes: Uint8Array): Packed<WireValue> | undefined {
  const size = /^(?:fixed64|sfixed64|double)$/.test(type) ? 8 : /^(?:fixed32|sfixed32|float)$/.test(type) ? 4 : 0;
  if (size === 0) {
    const packed = packedVarints(bytes, MAX_PACKED);
    return packed && { ...packed, values: packed.values.map((value) => ({ kind: 'varint', value })) };
  }
  if (bytes.length % size !== 0) return undefined;
  const count = Math.min(bytes.length / size, MAX_PACKED);
  const values = Array.from({ length: count }, (_, i): WireValue => {
    return { kind: size === 8 ? 'fixed64' : 'fixed32', bytes: bytes.subarray(i * size, (i + 1) * size) };
  });
  return { values, rest: bytes.length - count * size };
}

function scalarText(type: string, value: WireValue): string | undefined {
  switch (value.kind) {
    case 'varint':
      return varintText(type, value.value);
    case 'bytes':
      if (type === 'string') return stringText(value.bytes);
      return type === 'bytes' ? bytesText(value.bytes) : undefined;
    default:
      return fixedScalar(type, viewOf(value.bytes));
  }
}

/** What is longer than the type is cut as by a cast in C++, as protobuf has it. */
function varintText(type: string, value: bigint): string | undefined {
  const unsigned = type.endsWith('32') ? BigInt.asUintN(32, value) : value;
  switch (type) {
    case 'bool':
      return value === 0n ? 'false' : 'true';
    case 'int32':
      return String(BigInt.asIntN(32, value));
    case 'int64':
      return String(BigInt.asIntN(64, value));
    case 'uint32':
    case 'uint64':
      return String(unsigned);
    case 'sint32':
    case 'sint64':
      return String((unsigned >> 1n) ^ -(unsigned & 1n));
    default:
      return undefined;
  }
}

function fixedScalar(type: string, view: DataView): string | undefined {
  if (view.byteLength === 8) {
    if (type === 'double') return numberText(view.getFloat64(0, true));
    if (type === 'fixed64') return String(view.getBigUint64(0, true));
    return type === 'sfixed64' ? String(view.getBigInt64(0, true)) : undefined;
  }
  // The shortest decimal that is this float: 21.4, not 21.399999618530273.
  if (type === 'float') return numberText(Number(view.getFloat32(0, true).toPrecision(7)));
  if (type === 'fixed32') return String(view.getUint32(0, true));
  return type === 'sfixed32' ? String(view.getInt32(0, true)) : undefined;
}

/** Neither the type nor the sign is known: the number, and what it is as a float. */
function fixedText(bytes: Uint8Array): string {
  const view = viewOf(bytes);
  const [number, float] =
    bytes.length === 8 ? [view.getBigUint64(0, true), 'double'] : [view.getUint32(0, true), 'float'];
  return `${number} (as ${float}: ${fixedScalar(float, view)})`;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function stringText(bytes: Uint8Array): string {
  return JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
}

/** Text without control characters, or undefined. */
function readable(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    return /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

const SHOWN_BYTES = 256;

function bytesText(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > SHOWN_BYTES ? `<${hex} … ${bytes.length} bytes>` : `<${hex}>`;
}
