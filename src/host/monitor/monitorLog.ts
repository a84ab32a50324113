// The log file of a serial monitor: asked for, written beside the screen, ended from the menu.
import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { RedactedLog } from '../../core/monitor/redactedLog';
import { ignoreInWorkspace } from '../ignoreInWorkspace';
import type { SerialMonitor } from './serialMonitor';

/** Throws UserError `file-in-use` where one of the `others` logs into that file. */
export async function logToFile(
  monitor: SerialMonitor,
  others: Iterable<SerialMonitor>,
  redacted: boolean,
): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: 'Serial Monitor: Log to File',
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, 'serial.log') } : {}),
    filters: { Log: ['log', 'txt'] },
  });
  if (!uri) throw new CancelledError();
  await refuseTaken(uri.fsPath, others);
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

/** Beginning the file anew would cut off what the other monitor has logged, and mix what both log from then on. */
async function refuseTaken(path: string, others: Iterable<SerialMonitor>): Promise<void> {
  const trueName = (of: string) => realpath(of).catch(() => of);
  const wanted = await trueName(path);
  for (const { tap, address } of others)
    if (tap && (await trueName(tap.path)) === wanted)
      throw new UserError(
        'file-in-use',
        `The serial monitor of ${address} logs into ${path} already. Choose another file, or stop logging there first.`,
      );
}

export function stopLog(monitor: SerialMonitor): void {
  const path = monitor.tap?.path;
  monitor.tap = undefined;
  if (path !== undefined) monitor.notice(`logging to ${path} ended`);
}
