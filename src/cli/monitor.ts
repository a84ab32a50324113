// `secure-iot monitor`: a board's output as it comes, errors explained beneath; what is typed is sent.
import { createDecoder } from '../core/decode/decoder';
import { findingJson } from '../core/decode/report';
import { LINE_ENDINGS, type LineEnding, lineEndingNamed, withLineEnding } from '../core/monitor/lineEnding';
import { parseLineFilter } from '../core/monitor/lineFilter';
import { parseLogSize } from '../core/monitor/logSize';
import { MonitorScreen } from '../core/monitor/monitorScreen';
import { RedactedLog } from '../core/monitor/redactedLog';
import { type Vitals, vitalsDetail, vitalsText } from '../core/monitor/vitals';
import { sleep } from '../io/network/deadline';
import type { ModemLines } from '../io/serial/boardPort';
import { LOG_DEFAULTS, LogFile } from '../io/serial/logFile';
import { MonitorLine } from '../io/serial/monitorLine';
import { CliUsageError, parseOptions } from './arguments';
import { boardOptions, interruptSignal, openNamedPort, parseBaud } from './boardOptions';
import { decodeOptions, decoderOptions } from './decodeOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...decodeOptions,
    ...boardOptions,
    timestamps: { type: 'boolean' },
    'since-reset': { type: 'boolean' },
    eol: { type: 'string' },
    dtr: { type: 'string' },
    rts: { type: 'string' },
    stats: { type: 'boolean' },
    filter: { type: 'string' },
    hex: { type: 'boolean' },
    log: { type: 'string' },
    'log-max': { type: 'string' },
    redact: { type: 'boolean' },
    reset: { type: 'boolean' },
    for: { type: 'string' },
  });
  if (positionals.length > 0) throw new CliUsageError('monitor takes options only.');
  const seconds = values.for === undefined ? undefined : Number(values.for);
  if (seconds !== undefined && !(seconds > 0)) throw new CliUsageError(`--for ${values.for} is not a time in seconds.`);
  const baudRate = parseBaud(values.baud) ?? 115_200;
  const filter = parseLineFilter(values.filter ?? '');
  const lines = parseLines(values.dtr, values.rts);
  const ending = parseEnding(values.eol);
  const maxBytes = values['log-max'] === undefined ? undefined : parseLogSize(values['log-max']);
  if (values.log === undefined && (maxBytes !== undefined || values.redact))
    throw new CliUsageError('--log-max and --redact go with --log FILE.');
  const { address } = (await openNamedPort(values.port)).info;
  const stop = interruptSignal();
  let opened = false;
  let logFailed = false;
  const log =
    values.log === undefined
      ? undefined
      : await LogFile.open(
          values.log,
          (error) => {
            logFailed = true;
            process.stderr.write(
              `${values.log} is not written any further: ${error.message}. The monitor goes on without it.\n`,
            );
          },
          // without a size the log is one file: nothing of it is rotated away
          {
            maxBytes: maxBytes ?? Number.POSITIVE_INFINITY,
            keep: LOG_DEFAULTS.keep,
            onPressure: (behind) => line.holdBack(behind),
          },
        );
  const clean = values.redact ? new RedactedLog() : undefined;
  const screen = new MonitorScreen(createDecoder(await decoderOptions(values)), {
    onFinding: (finding) => {
      if (values.json) process.stdout.write(`${JSON.stringify(findingJson(finding))}\n`);
    },
    clock: (ms) => new Date(ms).toISOString().slice(11, 23),
  });
  screen.options = {
    timestamps: values['since-reset'] ? 'elapsed' : values.timestamps ? 'clock' : 'off',
    hex: values.hex ?? false,
    filter,
    colors: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  };
  const measure = () => {
    const { columns, rows } = process.stdout;
    screen.size = columns > 0 ? { columns, rows } : undefined;
  };
  measure();
  process.stdout.on('resize', measure);
  // a terminal's line discipline adds the CR; a file should not get one that the board did not send
  const show = (text: string) => {
    if (!values.json) process.stdout.write(text.replaceAll('\r\n', '\n'));
  };
  const tell = (error: Error) => void process.stderr.write(`${error.message}\n`);
  const send = (bytes: Buffer) => {
    const sent = ending === undefined ? bytes : Buffer.from(withLineEnding(bytes.toString('latin1'), ending), 'latin1');
    line.send(sent).catch(tell);
  };
  let resetDue = values.reset ?? false;
  const line = new MonitorLine(address, baudRate, {
    onBytes: (bytes) => {
      log?.write(clean ? clean.push(bytes) : bytes);
      show(screen.push(bytes, Date.now()));
    },
    onState: (state) => {
      if (state.kind === 'open') {
        if (!opened) process.stdin.on('data', send); // not before: what comes through a pipe waits for the board
        opened = true;
        process.stderr.write(`Connected to ${state.address} at ${state.baudRate} baud. Ctrl+C ends.\n`);
        const set = () => (lines ? line.setLines(lines) : undefined);
        void (resetDue ? line.reset().then(set) : Promise.resolve(set())).catch(tell);
        resetDue = false;
      } else if (state.kind === 'waiting') process.stderr.write(`${state.reason}\nWaiting until it is back.\n`);
    },
  });
  line.start();
  await (seconds === undefined
    ? new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }))
    : sleep(seconds * 1000, stop));
  process.stdin.destroy();
  await line.suspend();
  show(screen.end(Date.now()));
  if (clean) log?.write(clean.end());
  await log?.close();
  if (values.stats) tellStats(screen.vitals, values.json ?? false);
  return opened && !logFailed ? 0 : 1;
}

function parseEnding(text: string | undefined): LineEnding | undefined {
  if (text === undefined) return undefined;
  const ending = lineEndingNamed(text);
  if (ending) return ending;
  throw new CliUsageError(`--eol ${text} is not a line ending: there are ${Object.keys(LINE_ENDINGS).join(', ')}.`);
}

function parseLines(dtr: string | undefined, rts: string | undefined): ModemLines | undefined {
  const on = (name: string, text: string | undefined) => {
    if (text !== undefined && text !== 'on' && text !== 'off') throw new CliUsageError(`--${name} is on or off.`);
    return text === 'on';
  };
  return dtr === undefined && rts === undefined ? undefined : { dtr: on('dtr', dtr), rts: on('rts', rts) };
}

function tellStats(vitals: Vitals, json: boolean): void {
  const { heap, rssi } = vitals;
  if (json) process.stdout.write(`${JSON.stringify({ heap: heap ?? null, rssi: rssi ?? null })}\n`);
  else if (!heap && !rssi) process.stderr.write('No line told the free heap or the RSSI.\n');
  else process.stderr.write(`${[vitalsText(vitals, 40), ...vitalsDetail(vitals)].join('\n')}\n`);
}
