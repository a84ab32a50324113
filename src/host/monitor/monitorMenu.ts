// Serial Monitor Options…: what a monitor can do, in one list.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { parseLineFilter } from '../../core/monitor/lineFilter';
import { RedactedLog } from '../../core/monitor/redactedLog';
import type { SerialMonitor } from './serialMonitor';

interface Choice extends vscode.QuickPickItem {
  readonly run: () => Promise<void> | void;
}

export async function showMonitorMenu(monitor: SerialMonitor): Promise<void> {
  const { options } = monitor;
  const stamp = (timestamps: typeof options.timestamps) => () => {
    monitor.options = { ...monitor.options, timestamps };
  };
  const choices: Choice[] = [
    { label: '$(debug-restart) Reset Board', description: 'through RTS', run: () => monitor.reset() },
    {
      label: monitor.paused ? '$(play) Continue' : '$(debug-pause) Pause',
      description: 'the board goes on and is decoded',
      run: () => {
        monitor.paused = !monitor.paused;
      },
    },
    { label: '$(filter) Filter…', description: options.filter ? 'on' : 'off', run: () => askFilter(monitor) },
    { label: '$(arrow-right) Send Line…', run: () => askLine(monitor) },
    options.timestamps === 'clock'
      ? { label: '$(watch) Time since Reset', run: stamp('elapsed') }
      : options.timestamps === 'elapsed'
        ? { label: '$(watch) No Timestamps', run: stamp('off') }
        : { label: '$(watch) Timestamps', run: stamp('clock') },
    {
      label: options.hex ? '$(symbol-text) Show Text' : '$(file-binary) Show Hex',
      run: () => {
        monitor.options = { ...monitor.options, hex: !options.hex };
      },
    },
    { label: '$(save) Log to File…', description: 'every byte as it comes', run: () => logToFile(monitor, false) },
    {
      label: '$(shield) Log to File without Secrets…',
      description: 'keys and passwords taken out',
      run: () => logToFile(monitor, true),
    },
  ];
  const chosen = await vscode.window.showQuickPick(choices, { title: `Serial Monitor: ${monitor.address}` });
  if (!chosen) throw new CancelledError();
  await chosen.run();
}

async function askFilter(monitor: SerialMonitor): Promise<void> {
  const text = await vscode.window.showInputBox({
    title: 'Serial Monitor: Filter',
    prompt: 'level:W, tag:wifi, text, /expression/; each with - in front for its opposite. Empty shows everything.',
    value: '',
    validateInput: (value) => {
      try {
        parseLineFilter(value);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
  if (text === undefined) throw new CancelledError();
  monitor.options = { ...monitor.options, filter: parseLineFilter(text) };
  monitor.notice(text.trim() === '' ? 'showing everything' : `showing only ${text.trim()}`);
}

async function askLine(monitor: SerialMonitor): Promise<void> {
  const text = await vscode.window.showInputBox({ title: 'Serial Monitor: Send Line', prompt: 'Sent with CR LF' });
  if (text === undefined) throw new CancelledError();
  monitor.sendLine(text);
  monitor.notice(`sent ${text}`);
}

async function logToFile(monitor: SerialMonitor, redacted: boolean): Promise<void> {
  const uri = await vscode.window.showSaveDialog({
    title: 'Serial Monitor: Log to File',
    filters: { Log: ['log', 'txt'] },
  });
  if (!uri) throw new CancelledError();
  const { LogFile } = await import('../../io/logFile');
  const log = await LogFile.open(uri.fsPath, (error) => {
    monitor.tap = undefined;
    monitor.notice(`logging ended: ${error.message}`);
  });
  const clean = redacted ? new RedactedLog() : undefined;
  monitor.tap = {
    write: (bytes) => log.write(clean ? clean.push(bytes) : bytes),
    close: () => {
      if (clean) log.write(clean.end());
      return log.close();
    },
  };
  monitor.notice(`logging to ${uri.fsPath}${redacted ? ', secrets taken out' : ''}`);
}
