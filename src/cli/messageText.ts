// How `secure-iot sub` prints a message. Nothing of a payload is left out, and nothing in it can steer the terminal.
import { cborText } from '../core/mqtt/cbor';
import { hexDump } from '../core/mqtt/hexDump';
import { jsonLines } from '../core/mqtt/jsonLines';
import { type MessageEncoding, messageRecord } from '../core/mqtt/messageExport';
import { hexText } from '../core/mqtt/payloadBytes';
import { payloadText } from '../core/mqtt/payloadKind';
import { isSparkplugTopic, sparkplugText } from '../core/mqtt/sparkplug';
import { visibleLine, visibleLines } from '../core/mqtt/visibleText';
import type { ReceivedMessage } from '../io/mqtt/mqttSession';

export interface MessageStyle {
  /** `line`: one line with the topic. `payload`: the bytes alone. `json`: one object a line. `pretty`: laid out. */
  readonly form: 'line' | 'payload' | 'json' | 'pretty';
  /** Undefined: text where it is text. */
  readonly encoding: MessageEncoding | undefined;
  readonly timestamps: boolean;
}

/** Ends with a line feed. */
export function messageText(message: ReceivedMessage, timeMs: number, style: MessageStyle): string | Uint8Array {
  const { topic, payload } = message;
  const { form, encoding, timestamps } = style;
  if (form === 'json') {
    return `${JSON.stringify(messageRecord({ ...message, timeMs, totalBytes: payload.length }, encoding))}\n`;
  }
  if (form === 'payload') return encoding ? `${encoded(payload, encoding)}\n` : Buffer.concat([payload, NEW_LINE]);
  const time = timestamps ? `${new Date(timeMs).toISOString()} ` : '';
  const notes = notesOf(message);
  const head = `${time}${visibleLine(topic)}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
  if (form === 'line') return `${head} ${oneLine(payload, encoding)}\n`;
  const properties = (message.properties ?? []).map(([name, value]) => visibleLine(`${name}: ${value}`));
  const body = encoding ? encoded(payload, encoding) : laidOut(topic, payload);
  return `${[head, ...properties, ...body.split('\n')].join('\n  ').trimEnd()}\n`;
}

const NEW_LINE = Buffer.from('\n');

function notesOf({ qos, retain, duplicate }: ReceivedMessage): string[] {
  return [...(qos > 0 ? [`QoS ${qos}`] : []), ...(retain ? ['retained'] : []), ...(duplicate ? ['duplicate'] : [])];
}

function encoded(payload: Uint8Array, encoding: MessageEncoding): string {
  return encoding === 'hex' ? hexText(payload) : Buffer.from(payload).toString('base64');
}

function oneLine(payload: Uint8Array, encoding: MessageEncoding | undefined): string {
  if (encoding) return encoded(payload, encoding);
  const text = payloadText(payload);
  return text === undefined ? `0x${hexText(payload)}` : visibleLine(text);
}

function laidOut(topic: string, payload: Uint8Array): string {
  const text = payloadText(payload);
  if (text !== undefined) {
    const lines = jsonLines(text);
    const json = lines?.map(({ depth, tokens }) => '  '.repeat(depth) + tokens.map((token) => token.text).join(''));
    return visibleLines(json ? json.join('\n') : text);
  }
  const read = (isSparkplugTopic(topic) ? sparkplugText(payload) : undefined) ?? cborText(payload);
  return read === undefined ? hexDump(payload) : visibleLines(read);
}
