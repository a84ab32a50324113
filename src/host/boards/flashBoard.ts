// Flash Board…: which board, which firmware, progress with bytes and time left, and where to go from there.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { flashedText } from '../../core/firmware/flashText';
import type { FlashResult } from '../../io/espFlasher';
import type { Build } from '../../io/findBuilds';
import { readSetting, runCommand } from '../commands';
import { pickBoard } from './pickBoard';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

/** Every answer given here is not asked for. */
export interface FlashBoardOptions {
  readonly address?: string;
  /** As on the command line: offsets and files in turn, or one of flasher_args.json, a build folder, a merged image. */
  readonly files?: readonly string[];
}

/** Resolves to the result, or to undefined when it was cancelled midway (which is told). */
export async function flashBoard(
  dependencies: BoardDependencies,
  options: FlashBoardOptions,
): Promise<FlashResult | undefined> {
  const board = await pickBoard(dependencies.memory, 'Flash Board', options.address);
  const files = options.files ? options.files.map(absolute) : [await pickFirmware()];
  const { readFlashInputs } = await import('../../io/flashInputs');
  const plan = await readFlashInputs(files);
  const { flash, FlashCancelled } = await import('../../io/espFlasher');
  try {
    const used = await withBoardPort(dependencies, board, 'flashing', (port, work) =>
      flash(port, plan, {
        ...work,
        baudRate: readSetting('secureIot.flash.baudRate'),
        onlyChanged: readSetting('secureIot.flash.onlyChanged'),
        log: (line) => dependencies.log.info(line),
      }),
    );
    void told(board.address, used.result, used.watched, used.canReset);
    return used.result;
  } catch (error) {
    if (!(error instanceof FlashCancelled)) throw error;
    void vscode.window.showWarningMessage(`Flashing was stopped. ${error.boardState}`);
    return undefined;
  }
}

async function told(address: string, result: FlashResult, watched: boolean, canReset: boolean): Promise<void> {
  for (const remark of result.remarks) void vscode.window.showWarningMessage(remark);
  const text = flashedText({ ...result, what: `${result.info.chip.name} on ${address}`, canReset });
  const open = 'Open Serial Monitor';
  const choice = await vscode.window.showInformationMessage(text, ...(watched ? [] : [open]));
  if (choice === open) await runCommand('secureIot.openMonitor', { address });
}

/** The newest build first; a file of one's own last. */
async function pickFirmware(): Promise<string> {
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
  const { findBuilds } = await import('../../io/findBuilds');
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
