// Serial Monitor Options…: what a monitor can do, in one list.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { LINE_ENDINGS } from '../../core/monitor/lineEnding';
import { logToFile, stopLog } from './monitorLog';
import { askBaudRate, askBytes, askFilter, askLine, askLineEnding, askLines } from './monitorPrompts';
import type { SerialMonitor } from './serialMonitor';

interface Choice extends vscode.QuickPickItem {
  readonly run?: () => Promise<void> | void;
}

/** `all` are the open monitors: no two of them log into one file. */
export async function showMonitorMenu(monitor: SerialMonitor, all: readonly SerialMonitor[]): Promise<void> {
  const choices = [
    section('Board'),
    { label: '$(debug-restart) Reset Board', description: 'through RTS', run: () => monitor.reset() },
    {
      label: '$(circuit-board) Reset into Download Mode',
      description: 'through DTR and RTS',
      run: () => monitor.reset(true),
    },
    { label: '$(settings) DTR and RTS…', description: linesText(monitor), run: () => askLines(monitor) },
    { label: '$(dashboard) Baud Rate…', description: String(monitor.baudRate), run: () => askBaudRate(monitor) },
    section('Screen'),
    ...screenChoices(monitor),
    section('Send'),
    { label: '$(arrow-right) Send Line…', run: () => askLine(monitor) },
    { label: '$(file-binary) Send Bytes…', description: 'as hex', run: () => askBytes(monitor) },
    {
      label: '$(newline) Line Ending…',
      description: LINE_ENDINGS[monitor.lineEnding].label,
      run: () => askLineEnding(monitor),
    },
    section('Log'),
    ...logChoices(monitor, all),
  ];
  const chosen = await vscode.window.showQuickPick<Choice>(choices, { title: `Serial Monitor: ${monitor.address}` });
  if (!chosen?.run) throw new CancelledError();
  await chosen.run();
}

function screenChoices(monitor: SerialMonitor): Choice[] {
  const { options } = monitor;
  const change = (changed: Partial<typeof options>) => () => {
    monitor.options = { ...monitor.options, ...changed };
  };
  const stamps = {
    off: { label: '$(watch) Show Times', run: change({ timestamps: 'clock' }) },
    clock: { label: '$(watch) Show Time since Reset', run: change({ timestamps: 'elapsed' }) },
    elapsed: { label: '$(watch) Show no Times', run: change({ timestamps: 'off' }) },
  };
  return [
    {
      label: monitor.paused ? '$(play) Continue' : '$(debug-pause) Pause',
      description: 'the board goes on and is decoded',
      run: () => {
        monitor.paused = !monitor.paused;
      },
    },
    { label: '$(filter) Filter…', description: monitor.filterText || 'off', run: () => askFilter(monitor) },
    stamps[options.timestamps],
    {
      label: options.hex ? '$(symbol-text) Show Text' : '$(file-binary) Show Hex',
      run: change({ hex: !options.hex }),
    },
  ];
}

function logChoices(monitor: SerialMonitor, all: readonly SerialMonitor[]): Choice[] {
  if (monitor.tap)
    return [
      {
        label: '$(debug-stop) Stop Logging',
        description: path.basename(monitor.tap.path),
        run: () => stopLog(monitor),
      },
    ];
  return [
    {
      label: '$(save) Log to File…',
      description: 'every byte; at 50 MB a new file, the last five are kept',
      run: () => logToFile(monitor, all, false),
    },
    {
      label: '$(shield) Log to File without Secrets…',
      description: 'keys and passwords taken out',
      run: () => logToFile(monitor, all, true),
    },
  ];
}

function linesText({ lines }: SerialMonitor): string {
  return lines ? `DTR ${lines.dtr ? 'on' : 'off'}, RTS ${lines.rts ? 'on' : 'off'}` : '';
}

function section(label: string): Choice {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}
