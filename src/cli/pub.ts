// `secure-iot pub`: publishes messages; the explorer's Publish on the command line.
import { createInterface } from 'node:readline';
import { UserError } from '../core/errors';
import { type Publication, publicationObject } from '../core/mqtt/publication';
import { ParseError } from '../core/parse';
import { ConnectError } from '../io/mqtt/connectError';
import type { MqttSession } from '../io/mqtt/mqttSession';
import { readPayloadFile, readPayloadStream } from '../io/mqtt/payloadFile';
import { checkPublication, publicationBytes, publishOptions } from '../io/mqtt/publishMessage';
import { sleep } from '../io/network/deadline';
import { CliUsageError, parseOptions, wholeNumber } from './arguments';
import { interruptSignal } from './boardOptions';
import { failureText, openSession } from './brokerSession';
import { type BrokerConnection, connectionOptions, qosOf, readConnection } from './connectionOptions';
import { publishProperties } from './publishProperties';

const OPTIONS = {
  ...connectionOptions,
  topic: { type: 'string', short: 't' },
  message: { type: 'string', short: 'm' },
  file: { type: 'string', short: 'f' },
  lines: { type: 'boolean', short: 'l' },
  empty: { type: 'boolean', short: 'n' },
  hex: { type: 'boolean' },
  base64: { type: 'boolean' },
  qos: { type: 'string', short: 'q', default: '0' },
  retain: { type: 'boolean', short: 'r' },
  repeat: { type: 'string', default: '1' },
  every: { type: 'string', default: '1' },
  'content-type': { type: 'string' },
  'response-topic': { type: 'string' },
  correlation: { type: 'string' },
  expiry: { type: 'string' },
  property: { type: 'string', multiple: true },
  clear: { type: 'string', multiple: true },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [address, ...more] = values.connection === undefined ? positionals : [undefined, ...positionals];
  if (more.length > 0) throw new CliUsageError(`unexpected "${more[0]}"; the payload is given with --message`);
  const { topic, message, file, lines, empty, clear } = values;
  if (clear) {
    const given = (['topic', 'message', 'file', 'lines', 'empty'] as const).find((name) => values[name] !== undefined);
    if (given) throw new CliUsageError(`--clear takes the filters themselves, without --${given}`);
    const { clearRetained } = await import('./clearRetained');
    return clearRetained(await readConnection(address, values), clear, values.yes === true);
  }
  if (topic === undefined) throw new CliUsageError('--topic TOPIC is needed');
  if ([message, file, lines, empty].filter((given) => given !== undefined).length !== 1)
    throw new CliUsageError('give the payload: one of --message TEXT, --file FILE, --lines and --empty');
  if (values.hex && values.base64) throw new CliUsageError('choose one of --hex and --base64');
  const encoding = values.hex ? 'hex' : values.base64 ? 'base64' : 'text';
  if (file !== undefined && encoding !== 'text')
    throw new CliUsageError('a file is sent as it is, without --hex or --base64');
  const times = wholeNumber(values.repeat, '--repeat', 1, 1_000_000_000);
  const everyMs = 1_000 * Number(values.every);
  if (!(everyMs >= 0 && everyMs < 2_000_000_000)) throw new CliUsageError('--every takes a time in seconds');
  const properties = publishProperties(values);
  const publication: Publication = parsed({
    topic,
    payload: file ?? message ?? '',
    encoding: file === undefined ? encoding : 'file',
    qos: qosOf(values.qos, '--qos'),
    retain: values.retain === true,
    properties,
  });
  const connection = await readConnection(
    address,
    properties && values.mqtt === undefined ? { ...values, mqtt: '5' } : values,
  );
  checkPublication(publication, connection.profile.version);
  const standardInput = file === '-' ? await readPayloadStream(process.stdin) : undefined;
  const bytes = (text?: string): Promise<Uint8Array> =>
    standardInput
      ? Promise.resolve(standardInput)
      : publicationBytes(text === undefined ? publication : { ...publication, payload: text }, readPayloadFile);
  await bytes(); // what cannot be read is told before anybody is connected to
  const send: Send = { publication, bytes, lines: lines === true, times, everyMs, json: values.json === true };
  return publishTo(connection, send);
}

interface Send {
  readonly publication: Publication;
  /** Of the publication, or of `text` in its encoding; a file is read anew each time. */
  readonly bytes: (text?: string) => Promise<Uint8Array>;
  readonly lines: boolean;
  readonly times: number;
  readonly everyMs: number;
  readonly json: boolean;
}

async function publishTo(connection: BrokerConnection, send: Send): Promise<number> {
  const stop = interruptSignal();
  let sent = 0;
  try {
    const { session } = await openSession(connection, { onMessage: () => undefined }, stop);
    try {
      for await (const payload of payloads(send, stop)) {
        await publish(session, send, payload);
        sent += 1;
      }
    } finally {
      await session.disconnect();
    }
  } catch (error) {
    if (error instanceof UserError && (error.code === 'publish-failed' || error.code === 'not-connected')) {
      const what = error.code === 'not-connected' ? 'The connection to the broker was lost.' : error.message;
      throw new UserError(error.code, sent > 0 ? `${what} ${sent} before it arrived.` : what);
    }
    if (!(error instanceof ConnectError)) throw error;
    process.stderr.write(`secure-iot pub: ${await failureText(error, connection)}`);
    return 2;
  }
  return stop.aborted ? 130 : 0;
}

async function* payloads({ lines, bytes, times, everyMs }: Send, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  if (lines) {
    const input = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
    stop.addEventListener('abort', () => input.close());
    try {
      for await (const line of input) yield await bytes(line);
    } finally {
      process.stdin.destroy(); // an open pipe would keep the process waiting for lines that nobody takes
    }
    return;
  }
  for (let time = 0; time < times && !stop.aborted; time++) {
    if (time > 0) await sleep(everyMs, stop);
    if (!stop.aborted) yield await bytes();
  }
}

async function publish(session: MqttSession, { publication, json }: Send, payload: Uint8Array): Promise<void> {
  const { topic, qos, retain } = publication;
  await session.publish(topic, payload, publishOptions(publication));
  const record = { time: new Date().toISOString(), topic, qos, retain, bytes: payload.length };
  if (json) process.stdout.write(`${JSON.stringify(record)}\n`);
}

function parsed(publication: Publication): Publication {
  try {
    return publicationObject(publication, 'message');
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new CliUsageError(error.message);
  }
}
