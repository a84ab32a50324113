// The log file of a serial monitor: asked for, written beside the screen, ended from the menu.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { RedactedLog } from '../../core/monitor/redactedLog';
import { ignoreInWorkspace } from '../ignoreInWorkspace';
import type { SerialMonitor } from './serialMonitor';

export async function logToFile(monitor: SerialMonitor, redacted: boolean): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: 'Serial Monitor: Log to File',
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'serial.log') } : {}),
    filters: { Log: ['log', 'txt'] },
  });
  if (!uri) throw new CancelledError();
  const ignored = !redacted && (await ignoreInWorkspace(uri.fsPath, ['.*'])); // also those that it is rotated to
  const { LOG_DEFAULTS, LogFile } = await import('../../io/serial/logFile');
  const log = await LogFile.open(
    uri.fsPath,
    (error) => {
      monitor.tap = undefined;
      monitor.notice(`logging ended: ${error.message}`);
    },
    // VS Code's dialog asked before it gave a name that is taken
    { ...LOG_DEFAULTS, replace: true, onPressure: (behind) => monitor.holdBack(behind) },
  );
  const clean = redacted ? new RedactedLog() : undefined;
  monitor.tap = {
    path: uri.fsPath,
    write: (bytes) => log.write(clean ? clean.push(bytes) : bytes),
    close: () => {
      if (clean) log.write(clean.end());
      return log.close();
    },
  };
  const secrets = redacted ? ', secrets taken out' : ignored ? '; git ignores it, as it may hold secrets' : '';
  monitor.notice(`logging to ${uri.fsPath}${secrets}`);
}

export function stopLog(monitor: SerialMonitor): void {
  const path = monitor.tap?.path;
  monitor.tap = undefined;
  if (path !== undefined) monitor.notice(`logging to ${path} ended`);
}
