// Back Up Flash…: a board's flash, or a part of it, into a file.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { hex } from '../../core/firmware/flashFile';
import { ENCRYPTED_COPY } from '../../core/firmware/flashText';
import type { FlashCopy } from '../../io/flash/flashReader';
import { readSetting, runCommand } from '../commands';
import { ignoreInWorkspace } from '../ignoreInWorkspace';
import { pickBoard } from './pickBoard';
import { type Chosen, pickRegion } from './pickRegion';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

export async function backUpFlash(dependencies: BoardDependencies, address?: string) {
  const title = 'Back Up Flash';
  const board = await pickBoard(dependencies.memory, title, address);
  const chosen = await pickRegion(dependencies, board, { title, all: 'The Whole Flash' });
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const target = await vscode.window.showSaveDialog({
    title,
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, fileName(chosen)) } : {}),
    filters: { 'Flash image': ['bin'] },
  });
  if (!target) throw new CancelledError();
  // it holds whatever the board holds, keys and Wi-Fi passwords too
  const ignored = await ignoreInWorkspace(target.fsPath);
  const { readFlashToFile } = await import('../../io/flash/flashReader');
  const { region } = chosen;
  const { result } = await withBoardPort(dependencies, board, 'backing up', (port, work) => {
    work.onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
    return readFlashToFile(port, { offset: region?.offset ?? 0, size: region?.size }, target.fsPath, {
      ...work,
      force: true, // VS Code's dialog asked before it gave a name that is taken
      baudRate: readSetting('secureIot.flash.baudRate'),
      log: (line) => dependencies.log.info(line),
    });
  });
  void told(board.address, chosen, target, result, ignored);
  return { file: target.fsPath, ...result };
}

async function told(
  address: string,
  { name, region }: Chosen,
  target: vscode.Uri,
  { bytes, encrypted }: FlashCopy,
  ignored: boolean,
) {
  const flash = 'Flash It Back…';
  const secrets = encrypted
    ? ENCRYPTED_COPY
    : ignored
      ? 'It may hold keys and passwords, so its name was added to .gitignore.'
      : 'It may hold keys and passwords: keep it where only you can read it.';
  const choice = await vscode.window.showInformationMessage(
    `${bytes.toLocaleString('en')} bytes, ${name}, read into ${path.basename(target.fsPath)} and checked. ${secrets}`,
    ...(region === undefined && !encrypted ? [flash] : []),
  );
  if (choice === flash) await runCommand('secureIot.flashBoard', { address, files: ['0x0', target.fsPath] });
}

function fileName({ region, name }: Chosen): string {
  const label = /"(.*)"/.exec(name)?.[1]?.replace(/[^\w.-]/g, '_');
  return region === undefined ? 'flash-backup.bin' : `${label ?? `flash-${hex(region.offset)}`}.bin`;
}
