// What the serial monitor's menu asks for: a filter, something to send, how to end lines, a baud rate, DTR and RTS.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { LINE_ENDINGS, type LineEnding, parseHexBytes } from '../../core/monitor/lineEnding';
import { parseLineFilter } from '../../core/monitor/lineFilter';
import type { SerialMonitor } from './serialMonitor';

const TITLE = 'Serial Monitor';
const BAUD_RATES = [9600, 57_600, 74_880, 115_200, 230_400, 460_800, 921_600, 1_500_000, 2_000_000, 3_000_000];

/** On a board with the usual reset circuit: RTS pulls EN, DTR pulls the boot pin; both or none pull nothing. */
const LINE_STATES = [
  { dtr: false, rts: false, detail: 'The board runs' },
  {
    dtr: true,
    rts: true,
    detail: 'The board runs; what USB programs on the board (TinyUSB) wait for before they print',
  },
  { dtr: true, rts: false, detail: 'The boot pin is held low: the next reset enters download mode' },
  { dtr: false, rts: true, detail: 'The board is held in reset' },
];

export async function askFilter(monitor: SerialMonitor): Promise<void> {
  const text = await input({
    title: `${TITLE}: Filter`,
    prompt: 'level:W, tag:wifi, text, /expression/; each with - in front for its opposite. Empty shows everything.',
    value: monitor.filterText,
    validateInput: (value) => refusal(() => parseLineFilter(value)),
  });
  monitor.filter(text.trim());
  monitor.notice(text.trim() === '' ? 'showing everything' : `showing only ${text.trim()}`);
}

export async function askLine(monitor: SerialMonitor): Promise<void> {
  const { label } = LINE_ENDINGS[monitor.lineEnding];
  const text = await input({ title: `${TITLE}: Send Line`, prompt: `Sent with ${label} at its end` });
  await monitor.send(`${text}\r`);
  monitor.notice(`sent ${text}`);
}

export async function askBytes(monitor: SerialMonitor): Promise<void> {
  const text = await input({
    title: `${TITLE}: Send Bytes`,
    prompt: 'Bytes as hex, sent as they are, such as 1b 5b 41',
    validateInput: (value) => refusal(() => parseHexBytes(value)),
  });
  const bytes = parseHexBytes(text);
  await monitor.sendBytes(bytes);
  monitor.notice(`sent ${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`);
}

export async function askLineEnding(monitor: SerialMonitor): Promise<void> {
  const keys = Object.keys(LINE_ENDINGS) as LineEnding[];
  const rows = keys.map((ending) => ({
    label: LINE_ENDINGS[ending].label,
    description: ending === monitor.lineEnding ? 'now' : '',
    ending,
  }));
  const { ending } = await pick(rows, 'Line Ending', 'What Enter and Send Line put at the end of a line');
  monitor.lineEnding = ending;
  monitor.notice(`lines end with ${LINE_ENDINGS[ending].label}`);
}

export async function askBaudRate(monitor: SerialMonitor): Promise<void> {
  const rows = BAUD_RATES.map((rate) => ({
    label: String(rate),
    description: rate === monitor.baudRate ? 'now' : rate === 74_880 ? 'the boot log of an ESP8266' : '',
    rate,
  }));
  const { rate } = await pick(rows, 'Baud Rate', 'As the firmware has it in Serial.begin or menuconfig');
  await monitor.setBaudRate(rate);
  monitor.notice(`now at ${rate} baud`);
}

export async function askLines(monitor: SerialMonitor): Promise<void> {
  const on = (level: boolean) => (level ? 'on' : 'off');
  const rows = LINE_STATES.map(({ dtr, rts, detail }) => ({
    label: `DTR ${on(dtr)}, RTS ${on(rts)}`,
    description: monitor.lines?.dtr === dtr && monitor.lines.rts === rts ? 'now' : '',
    detail,
    dtr,
    rts,
  }));
  const { label, dtr, rts } = await pick(rows, 'DTR and RTS', 'With the reset circuit of most boards');
  await monitor.setLines({ dtr, rts });
  monitor.notice(label);
}

async function input(options: vscode.InputBoxOptions): Promise<string> {
  const text = await vscode.window.showInputBox(options);
  if (text === undefined) throw new CancelledError();
  return text;
}

async function pick<T extends vscode.QuickPickItem>(rows: T[], what: string, placeHolder: string): Promise<T> {
  const chosen = await vscode.window.showQuickPick(rows, { title: `${TITLE}: ${what}`, placeHolder });
  if (!chosen) throw new CancelledError();
  return chosen;
}

function refusal(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
