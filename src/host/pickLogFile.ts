// Asks for a log file; the one that is open is chosen already.
import * as vscode from 'vscode';
import { CancelledError } from '../core/errors';

/** Returns an absolute path. Throws CancelledError. */
export async function pickLogFile(title: string): Promise<string> {
  const open = vscode.window.activeTextEditor?.document.uri;
  const [uri] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: 'Analyze',
      filters: { Logs: ['log', 'txt', 'out'], 'All files': ['*'] },
      ...(open?.scheme === 'file' ? { defaultUri: open } : {}),
    })) ?? [];
  if (!uri) throw new CancelledError();
  return uri.fsPath;
}
