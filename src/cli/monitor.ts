// `secure-iot monitor`: a board's output as it comes, errors explained beneath; what is typed is sent.
import { createDecoder } from '../core/decode/decoder';
import { findingJson } from '../core/decode/report';
import { parseLineFilter } from '../core/monitor/lineFilter';
import { MonitorScreen } from '../core/monitor/monitorScreen';
import { RedactedLog } from '../core/monitor/redactedLog';
import { sleep } from '../io/deadline';
import { LogFile } from '../io/logFile';
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
  const filter = parseLineFilter(values.filter ?? '');
  const { address } = (await openNamedPort(values.port)).info;
  const stop = interruptSignal();
  let opened = false;
  let logFailed = false;
  const log = await openLog(values.log, (error) => {
    logFailed = true;
    process.stderr.write(
      `${values.log} is not written any further: ${error.message}. The monitor goes on without it.\n`,
    );
  });
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
    filter,
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
        opened = true;
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
  await log?.close();
  return opened && !logFailed ? 0 : 1;
}

/** A log of the command line is one file, whatever its size: nothing of it is rotated away. */
async function openLog(path: string | undefined, onError: (error: Error) => void): Promise<LogFile | undefined> {
  return path === undefined ? undefined : LogFile.open(path, onError, { maxBytes: Number.POSITIVE_INFINITY, keep: 1 });
}
