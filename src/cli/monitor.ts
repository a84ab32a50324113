// `secure-iot monitor`: a board's output as it comes, errors explained beneath; what is typed is sent.
import { createWriteStream } from 'node:fs';
import { createDecoder } from '../core/decode/decoder';
import { findingJson } from '../core/decode/report';
import { parseLineFilter } from '../core/monitor/lineFilter';
import { MonitorScreen } from '../core/monitor/monitorScreen';
import { RedactedLog } from '../core/monitor/redactedLog';
import { sleep } from '../io/deadline';
import { MonitorLine } from '../io/monitorLine';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';
import { decodeOptions, decoderOptions } from './decodeOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...decodeOptions,
    ...boardOptions,
    timestamps: { type: 'boolean' },
    filter: { type: 'string' },
    hex: { type: 'boolean' },
    log: { type: 'string' },
    redact: { type: 'boolean' },
    reset: { type: 'boolean' },
    for: { type: 'string' },
  });
  if (positionals.length > 0) throw new CliUsageError('monitor takes options only.');
  const seconds = values.for === undefined ? undefined : Number(values.for);
  if (seconds !== undefined && !(seconds > 0)) throw new CliUsageError(`--for ${values.for} is not a time in seconds.`);
  const baudRate = parseBaud(values.baud) ?? 115_200;
  const { address } = (await openNamedPort(values.port)).info;
  const stop = interruptSignal();
  const log = values.log === undefined ? undefined : createWriteStream(values.log, { flags: 'a' });
  const clean = values.redact ? new RedactedLog() : undefined;
  const screen = new MonitorScreen(createDecoder(decoderOptions(values)), {
    onFinding: (finding) => {
      if (values.json) process.stdout.write(`${JSON.stringify(findingJson(finding))}\n`);
    },
    clock: (ms) => new Date(ms).toISOString().slice(11, 23),
  });
  screen.options = {
    timestamps: values.timestamps ? 'clock' : 'off',
    hex: values.hex ?? false,
    filter: parseLineFilter(values.filter ?? ''),
  };
  // a terminal's line discipline adds the CR; a file should not get one that the board did not send
  const show = (text: string) => {
    if (!values.json) process.stdout.write(text.replaceAll('\r\n', '\n'));
  };
  let resetDue = values.reset ?? false;
  const line = new MonitorLine(address, baudRate, {
    onBytes: (bytes) => {
      log?.write(clean ? clean.push(bytes) : bytes);
      show(screen.push(bytes, Date.now()));
    },
    onState: (state) => {
      if (state.kind === 'open') {
        process.stderr.write(`Connected to ${state.address} at ${state.baudRate} baud. Ctrl+C ends.\n`);
        if (resetDue) void line.reset().catch((error: Error) => process.stderr.write(`${error.message}\n`));
        resetDue = false;
      } else if (state.kind === 'waiting') process.stderr.write(`${state.reason}\nWaiting until it is back.\n`);
    },
  });
  line.start();
  process.stdin.on('data', (bytes) => void line.send(bytes).catch(() => {}));
  await (seconds === undefined
    ? new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }))
    : sleep(seconds * 1000, stop));
  process.stdin.destroy();
  await line.suspend();
  show(screen.end(Date.now()));
  if (clean) log?.write(clean.end());
  await new Promise<void>((resolve) => (log ? log.end(resolve) : resolve()));
  return 0;
}
