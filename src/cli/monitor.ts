// `secure-iot monitor`: a board's output as it comes, errors explained beneath; what is typed is sent.
import { createDecoder, type Decoder } from '../core/decode/decoder';
import { findingJson } from '../core/decode/report';
import { type LineEnding, withLineEnding } from '../core/monitor/lineEnding';
import { MonitorScreen } from '../core/monitor/monitorScreen';
import { type Vitals, vitalsDetail, vitalsText } from '../core/monitor/vitals';
import { sleep } from '../io/network/deadline';
import { MonitorLine } from '../io/serial/monitorLine';
import { interruptSignal, openNamedPort } from './boardOptions';
import { decoderOptions } from './decodeOptions';
import { openMonitorLog } from './monitorLog';
import { type MonitorOptions, readMonitorOptions } from './monitorOptions';

export async function run(args: readonly string[]): Promise<number> {
  const options = readMonitorOptions(args);
  const { values, baudRate, lines } = options;
  const decoder = createDecoder(await decoderOptions(values));
  const { address } = (await openNamedPort(values.port)).info;
  const stop = interruptSignal();
  let opened = false;
  const log = await openMonitorLog(options, (behind) => line.holdBack(behind));
  const screen = makeScreen(options, decoder);
  // a terminal's line discipline adds the CR; a file should not get one that the board did not send
  const show = (text: string) => {
    if (!values.json) process.stdout.write(text.replaceAll('\r\n', '\n'));
  };
  const tell = (error: Error) => void process.stderr.write(`${error.message}\n`);
  const send = (bytes: Buffer) => void line.send(ended(bytes, options.ending)).catch(tell);
  let resetDue = values.reset ?? false;
  const line = new MonitorLine(address, baudRate, {
    onBytes: (bytes) => {
      log?.write(bytes);
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
  await untilEnd(options.seconds, stop);
  process.stdin.destroy();
  await line.suspend();
  show(screen.end(Date.now()));
  const logged = (await log?.end()) ?? true;
  if (values.stats) tellStats(screen.vitals, values.json ?? false);
  return opened && logged ? 0 : 1;
}

function makeScreen({ values, filter }: MonitorOptions, decoder: Decoder): MonitorScreen {
  const screen = new MonitorScreen(decoder, {
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
  return screen;
}

/** As typed, or with the line ending that was asked for. */
function ended(bytes: Buffer, ending: LineEnding | undefined): Buffer {
  return ending === undefined ? bytes : Buffer.from(withLineEnding(bytes.toString('latin1'), ending), 'latin1');
}

async function untilEnd(seconds: number | undefined, stop: AbortSignal): Promise<void> {
  if (seconds !== undefined) return sleep(seconds * 1000, stop);
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}

function tellStats(vitals: Vitals, json: boolean): void {
  const { heap, rssi } = vitals;
  if (json) process.stdout.write(`${JSON.stringify({ heap: heap ?? null, rssi: rssi ?? null })}\n`);
  else if (!heap && !rssi) process.stderr.write('No line told the free heap or the RSSI.\n');
  else process.stderr.write(`${[vitalsText(vitals, 40), ...vitalsDetail(vitals)].join('\n')}\n`);
}
