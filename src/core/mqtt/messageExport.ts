// Messages as JSON Lines or CSV (RFC 4180). A payload that is not UTF-8 is written in base64, and said so.
import { payloadText } from './payloadKind';

export interface ExportedMessage {
  readonly topic: string;
  readonly timeMs: number;
  readonly qos: number;
  readonly retain: boolean;
  readonly payload: Uint8Array;
  readonly totalBytes: number;
}

export type ExportFormat = 'jsonl' | 'csv';

const COLUMNS = ['time', 'topic', 'qos', 'retained', 'bytes', 'encoding', 'payload'] as const;

/** One line for each message, the last one ended too. CSV begins with the names of the columns. */
export function exportMessages(messages: Iterable<ExportedMessage>, format: ExportFormat): string {
  const lines = format === 'csv' ? [COLUMNS.join(',')] : [];
  for (const message of messages) {
    const record = recordOf(message);
    lines.push(format === 'csv' ? COLUMNS.map((name) => csvField(record[name])).join(',') : JSON.stringify(record));
  }
  const end = format === 'csv' ? '\r\n' : '\n';
  return lines.map((line) => line + end).join('');
}

function recordOf({ topic, timeMs, qos, retain, payload, totalBytes }: ExportedMessage) {
  const text = payloadText(payload);
  return {
    time: new Date(timeMs).toISOString(),
    topic,
    qos,
    retained: retain,
    bytes: totalBytes,
    encoding: text === undefined ? 'base64' : 'text',
    payload: text ?? base64(payload),
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
