// Which file: one of those found in the workspace, newest first, or one of one's own.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';

export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly description: string;
  /** Milliseconds since the epoch. */
  readonly madeMs: number;
}

/** Absolute path. `nothing` is said where no file was found; Escape cancels in silence. */
export async function pickUpdateFile(
  title: string,
  found: readonly FoundFile[],
  extension: string,
  nothing: string,
): Promise<string> {
  const rows = [...found]
    .sort((a, b) => b.madeMs - a.madeMs)
    .map((file) => ({
      label: vscode.workspace.asRelativePath(file.path),
      description: file.description,
      detail: new Date(file.madeMs).toLocaleString(),
      path: file.path,
    }));
  const own = { label: '$(folder-opened) Choose a File…', path: undefined };
  const chosen = await vscode.window.showQuickPick([...rows, own], {
    title,
    placeHolder: rows.length > 0 ? 'Newest first' : nothing,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!chosen) throw new CancelledError();
  if (chosen.path !== undefined) return chosen.path;
  const filters = { [`*.${extension}`]: [extension], 'All files': ['*'] };
  const [file] = (await vscode.window.showOpenDialog({ title, filters })) ?? [];
  if (!file) throw new CancelledError();
  return path.normalize(file.fsPath);
}
