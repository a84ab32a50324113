// `secure-iot sub`: messages of a broker as they come; the explorer of the command line.
import { filterProblem } from '../core/mqtt/topicFilter';
import { visibleLine } from '../core/mqtt/visibleText';
import { ConnectError } from '../io/mqtt/connectError';
import type { MqttSession, Qos, ReceivedMessage } from '../io/mqtt/mqttSession';
import { readPayloadKeys } from '../io/mqtt/payloadKeys';
import { PayloadOpener } from '../io/mqtt/payloadOpener';
import { sleep } from '../io/network/deadline';
import { CliUsageError, parseOptions, wholeNumber } from './arguments';
import { interruptSignal } from './boardOptions';
import { failureText, openSession } from './brokerSession';
import { type BrokerConnection, connectionOptions, qosOf, readConnection } from './connectionOptions';
import { type MessageStyle, messageText } from './messageText';

const OPTIONS = {
  ...connectionOptions,
  topic: { type: 'string', short: 't', multiple: true },
  qos: { type: 'string', short: 'q', default: '0' },
  count: { type: 'string', short: 'C' },
  for: { type: 'string' },
  'no-retained': { type: 'boolean' },
  json: { type: 'boolean' },
  pretty: { type: 'boolean' },
  payload: { type: 'boolean' },
  hex: { type: 'boolean' },
  base64: { type: 'boolean' },
  timestamps: { type: 'boolean' },
} as const;

/** What is not written yet of what came; more makes the broker wait. */
const MAX_UNWRITTEN_BYTES = 4_000_000;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const [address, ...more] = values.connection === undefined ? positionals : [undefined, ...positionals];
  if (more.length > 0) throw new CliUsageError(`unexpected "${more[0]}"; a topic filter is given with --topic`);
  const qos = qosOf(values.qos, '--qos');
  const style = styleOf(values);
  const wanted =
    values.count === undefined ? undefined : wholeNumber(values.count, '--count', 1, Number.MAX_SAFE_INTEGER);
  const seconds = values.for === undefined ? undefined : Number(values.for);
  if (seconds !== undefined && !(seconds > 0 && seconds < 2_000_000))
    throw new CliUsageError(`--for ${values.for} is not a time in seconds`);
  const connection = await readConnection(address, values);
  const saved = values.connection === undefined ? [] : connection.profile.subscriptions;
  const filters = values.topic ?? (saved.length > 0 ? saved.map(({ filter }) => filter) : ['#']);
  for (const filter of filters) {
    const problem = filterProblem(filter);
    if (problem) throw new CliUsageError(`"${filter}": ${problem}`);
  }
  return listen(connection, { filters, qos, style, wanted, seconds, retained: !values['no-retained'] });
}

interface Listening {
  readonly filters: readonly string[];
  readonly qos: Qos;
  readonly style: MessageStyle;
  readonly wanted: number | undefined;
  readonly seconds: number | undefined;
  readonly retained: boolean;
}

async function listen(connection: BrokerConnection, asked: Listening): Promise<number> {
  const { filters, qos, style, wanted, seconds, retained } = asked;
  const keys = connection.certificates === undefined ? new Map() : await readPayloadKeys(connection.certificates);
  const opener = new PayloadOpener(keys);
  const stop = interruptSignal();
  let printed = 0;
  let enough: () => void = () => undefined;
  const gotEnough = new Promise<void>((resolve) => {
    enough = resolve;
  });
  const onMessage = (message: ReceivedMessage): void => {
    if ((wanted !== undefined && printed >= wanted) || (message.retain && !retained)) return;
    process.stdout.write(messageText(opener.open(message), Date.now(), style));
    printed += 1;
    if (printed === wanted) enough();
  };
  const room = (): Promise<void> | undefined =>
    process.stdout.writableLength < MAX_UNWRITTEN_BYTES
      ? undefined
      : new Promise((resolve) => process.stdout.once('drain', () => resolve()));
  const over = new AbortController();
  try {
    const { session, lost } = await openSession(connection, { onMessage, room }, stop);
    try {
      const refused = await subscribe(session, filters, qos);
      if (refused === filters.length) return 1;
      const time = AbortSignal.any([stop, over.signal]);
      const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
      const failure = await Promise.race([
        ...[gotEnough, stopped, lost],
        ...(seconds === undefined ? [] : [sleep(seconds * 1_000, time)]),
      ]);
      if (failure) throw new ConnectError(failure);
      if (wanted !== undefined && printed < wanted) {
        process.stderr.write(`secure-iot sub: ${printed} of ${wanted} messages came.\n`);
        return 1;
      }
      return refused > 0 ? 1 : 0;
    } finally {
      over.abort();
      await session.disconnect();
    }
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    process.stderr.write(`secure-iot sub: ${await failureText(error, connection)}`);
    return 2;
  }
}

/** How many the broker refused; it says why on stderr. */
async function subscribe(session: MqttSession, filters: readonly string[], qos: Qos): Promise<number> {
  const answers = await Promise.all(filters.map((filter) => session.subscribe(filter, qos)));
  const refused = answers.flatMap((answer, index) =>
    answer.type === 'refused' ? [`"${visibleLine(filters[index] ?? '')}" was not subscribed to: ${answer.reason}`] : [],
  );
  for (const line of refused) process.stderr.write(`secure-iot sub: ${line}\n`);
  return refused.length;
}

function styleOf(values: {
  readonly json?: boolean | undefined;
  readonly pretty?: boolean | undefined;
  readonly payload?: boolean | undefined;
  readonly hex?: boolean | undefined;
  readonly base64?: boolean | undefined;
  readonly timestamps?: boolean | undefined;
}): MessageStyle {
  const [form = 'line', ...more] = (['json', 'pretty', 'payload'] as const).filter((name) => values[name]);
  if (more.length > 0) throw new CliUsageError('choose one of --json, --pretty and --payload');
  if (values.hex && values.base64) throw new CliUsageError('choose one of --hex and --base64');
  const encoding = values.hex ? 'hex' : values.base64 ? 'base64' : undefined;
  return { form, encoding, timestamps: values.timestamps === true };
}
