// Sparkplug B payloads (Eclipse Sparkplug specification 3.0, "Payloads"; field numbers of sparkplug_b.proto) as text: one
// metric a line, with its type, and numbers with the sign that the type gives them.
import { rawMessageText } from '../protobuf/messageText';
import { type WireField, type WireValue, wireFields } from '../protobuf/wire';

const MAX_FIELDS = 10_000;
const TYPES: readonly string[] =
  'Unknown Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float Double Boolean String DateTime Text UUID DataSet Bytes File Template PropertySet PropertySetList'.split(
    ' ',
  );
const SIGNED_BITS: Readonly<Record<string, number>> = { Int8: 8, Int16: 16, Int32: 32, Int64: 64 };
/** Metric's fields. */
const [NAME, ALIAS, TIMESTAMP, DATATYPE, IS_HISTORICAL, IS_TRANSIENT, IS_NULL] = [1, 2, 3, 4, 5, 6, 7];
const [FIRST_VALUE, LAST_VALUE, FLOAT, DOUBLE, BOOLEAN, STRING] = [10, 19, 12, 13, 14, 15];

/** `spBv1.0/group/NDATA/node[/device]`; STATE topics carry JSON. */
export function isSparkplugTopic(topic: string): boolean {
  return /^spBv1\.0\/[^/]+\/[ND](?:BIRTH|DEATH|DATA|CMD)\//.test(topic);
}

/** Undefined when `bytes` are no Sparkplug B payload. */
export function sparkplugText(bytes: Uint8Array): string | undefined {
  const fields = wireFields(bytes, MAX_FIELDS);
  if (!fields) return undefined;
  const lines: string[] = [];
  for (const { number, value } of fields) {
    const line = payloadLine(number, value);
    if (line === undefined) return undefined;
    lines.push(line);
  }
  if (fields.length >= MAX_FIELDS) lines.push('… more is left out');
  return lines.join('\n');
}

function payloadLine(number: number, value: WireValue): string | undefined {
  if (number === 1 && value.kind === 'varint') return `timestamp: ${timeText(value.value)}`;
  if (number === 2 && value.kind === 'bytes') return metricLine(value.bytes);
  if (number === 3 && value.kind === 'varint') return `seq: ${value.value}`;
  if (number === 4 && value.kind === 'bytes') return `uuid: ${text(value.bytes)}`;
  if (number === 5 && value.kind === 'bytes') return `body: ${value.bytes.length} bytes`;
  return undefined;
}

function metricLine(bytes: Uint8Array): string | undefined {
  const fields = wireFields(bytes, MAX_FIELDS);
  if (!fields) return undefined;
  const find = (number: number | undefined) => fields.find((field) => field.number === number)?.value;
  const count = (number: number | undefined): bigint | undefined => {
    const value = find(number);
    return value?.kind === 'varint' ? value.value : undefined;
  };
  const name = find(NAME);
  const alias = count(ALIAS);
  const type = typeName(count(DATATYPE));
  const value = fields.find(({ number }) => number >= (FIRST_VALUE ?? 0) && number <= (LAST_VALUE ?? 0));
  const label = name?.kind === 'bytes' ? text(name.bytes) : alias === undefined ? 'metric' : `alias ${alias}`;
  const time = count(TIMESTAMP);
  const remarks = [
    ...(type ? [type] : []),
    ...(name && alias !== undefined ? [`alias ${alias}`] : []),
    ...(time === undefined ? [] : [timeText(time)]),
    ...(count(IS_HISTORICAL) ? ['historical'] : []),
    ...(count(IS_TRANSIENT) ? ['transient'] : []),
  ];
  const shown = count(IS_NULL) ? 'null' : value ? valueText(value, type) : 'no value';
  return `${label}: ${shown}${remarks.length > 0 ? ` (${remarks.join(', ')})` : ''}`;
}

function valueText({ number, value }: WireField, type: string | undefined): string {
  if (value.kind === 'varint') {
    if (number === BOOLEAN) return value.value === 0n ? 'false' : 'true';
    if (type === 'DateTime') return timeText(value.value);
    const bits = SIGNED_BITS[type ?? ''];
    return String(bits === undefined ? value.value : BigInt.asIntN(bits, value.value));
  }
  const { bytes } = value;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (number === FLOAT && value.kind === 'fixed32') return String(Number(view.getFloat32(0, true).toPrecision(7)));
  if (number === DOUBLE && value.kind === 'fixed64') return String(view.getFloat64(0, true));
  if (number === STRING) return JSON.stringify(text(bytes));
  const nested = type === 'Bytes' || type === 'File' ? undefined : rawMessageText(bytes);
  return nested === undefined ? `${bytes.length} bytes` : `{\n${nested.replace(/^/gm, '    ')}\n  }`;
}

function typeName(number: bigint | undefined): string | undefined {
  if (number === undefined) return undefined;
  return TYPES[Number(number)] ?? `type ${number}`;
}

/** Milliseconds since 1970, as a time where they are one. */
function timeText(value: bigint): string {
  const date = new Date(Number(value));
  return value > 8_640_000_000_000_000n || Number.isNaN(date.getTime()) ? String(value) : date.toISOString();
}

function text(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
