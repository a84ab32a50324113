// Messages as JSON Lines or CSV (RFC 4180). A payload that is not UTF-8 is written in base64, and said so.
import type { TextProperties } from './messageLog';
import { hexText } from './payloadBytes';
import { payloadText } from './payloadKind';

export interface ExportedMessage {
  readonly topic: string;
  readonly timeMs: number;
  readonly qos: number;
  readonly retain: boolean;
  readonly payload: Uint8Array;
  readonly totalBytes: number;
  /** MQTT 5. */
  readonly properties?: TextProperties | undefined;
}

export type MessageEncoding = 'hex' | 'base64';
export type ExportFormat = 'jsonl' | 'csv';

const COLUMNS = ['time', 'topic', 'qos', 'retained', 'bytes', 'encoding', 'payload', 'properties'] as const;
/** Characters that are encoded at a time: all of a full store would be longer than a string can be. */
const CHUNK_LENGTH = 1_000_000;

/** UTF-8: one line for each message, the last one ended too. CSV begins with the names of the columns. */
export function exportMessages(messages: Iterable<ExportedMessage>, format: ExportFormat): Uint8Array {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  let text = format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '';
  for (const message of messages) {
    text += format === 'csv' ? csvLine(message) : `${JSON.stringify(messageRecord(message))}\n`;
    if (text.length < CHUNK_LENGTH) continue;
    chunks.push(encoder.encode(text));
    text = '';
  }
  chunks.push(encoder.encode(text));
  return joined(chunks);
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function csvLine(message: ExportedMessage): string {
  const record = messageRecord(message);
  const fields = { ...record, properties: record.properties ? JSON.stringify(record.properties) : '' };
  return `${COLUMNS.map((name) => csvField(fields[name])).join(',')}\r\n`;
}

/** A message as an object for JSON. `encoding`: of every payload; undefined: text where it is text, else base64. */
export function messageRecord(message: ExportedMessage, encoding?: MessageEncoding) {
  const { topic, timeMs, qos, retain, payload, totalBytes, properties = [] } = message;
  const text = encoding === undefined ? payloadText(payload) : undefined;
  return {
    time: new Date(timeMs).toISOString(),
    topic,
    qos,
    retained: retain,
    bytes: totalBytes,
    encoding: text === undefined ? (encoding ?? 'base64') : 'text',
    payload: text ?? (encoding === 'hex' ? hexText(payload) : base64(payload)),
    ...(properties.length > 0 ? { properties } : {}),
  };
}

function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 8_192) parts.push(String.fromCharCode(...bytes.subarray(at, at + 8_192)));
  return btoa(parts.join(''));
}

/** A field that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection). */
function csvField(value: string | number | boolean): string {
  const text =
    typeof value === 'string' && /^[=+\-@\t\r]/.test(value) && !/^-?\d/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
