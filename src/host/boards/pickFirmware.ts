// Which firmware: a build of the workspace, or a file of one's own.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { Build } from '../../io/flash/findBuilds';

/** The newest build first; a file of one's own last. */
export async function pickFirmware(): Promise<string> {
  const builds = await findInWorkspace();
  const rows: (vscode.QuickPickItem & { path: string | undefined })[] = builds.map(
    ({ path: file, label, kind, builtMs }) => ({
      label,
      description: kind,
      detail: `Built ${new Date(builtMs).toLocaleString()}`,
      path: file,
    }),
  );
  const chosen = await vscode.window.showQuickPick(
    [...rows, { label: '$(folder-opened) Choose a File…', path: undefined }],
    {
      title: 'Flash Board: firmware',
      placeHolder:
        builds.length > 0
          ? 'What to flash'
          : 'No build found in this workspace. Build the project first, or choose a file.',
      matchOnDescription: true,
      ignoreFocusOut: true,
    },
  );
  if (!chosen) throw new CancelledError();
  if (chosen.path !== undefined) return chosen.path;
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Flash Board: flasher_args.json, a build folder or an image of the whole flash',
      canSelectFolders: true,
      canSelectFiles: true,
      filters: { Firmware: ['json', 'bin'] },
    })) ?? [];
  if (!file) throw new CancelledError();
  return file.fsPath;
}

export async function findInWorkspace(): Promise<Build[]> {
  const { findBuilds } = await import('../../io/flash/findBuilds');
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const found = await Promise.all(folders.map(({ uri }) => findBuilds(uri.fsPath)));
  return found.flat().sort((a, b) => b.builtMs - a.builtMs);
}

/** Relative paths are the workspace folder's; offsets stay as they are. */
export function absolute(word: string): string {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(word) || path.isAbsolute(word)) return word;
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder?.uri.scheme !== 'file')
    throw new UserError('no-folder', `"${word}" is a relative path, but no folder of this machine is open.`);
  return path.join(folder.uri.fsPath, word);
}
