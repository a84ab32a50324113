// Erase Flash…: a partition, a region or everything, after one clear question.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { hex } from '../../core/firmware/flashFile';
import { notErasable } from '../../core/firmware/flashRegion';
import { pickBoard } from './pickBoard';
import { type Chosen, pickRegion } from './pickRegion';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

export async function eraseFlash(dependencies: BoardDependencies, address?: string) {
  const title = 'Erase Flash';
  const board = await pickBoard(dependencies.memory, title, address);
  const chosen = await pickRegion(dependencies, board, { title, all: 'Everything', refuse: notErasable });
  await confirm(board.name === board.address ? board.address : `${board.name} (${board.address})`, chosen);
  const { eraseBoard } = await import('../../io/flash/flashEraser');
  const { region } = chosen;
  const { result, canReset } = await withBoardPort(dependencies, board, 'erasing the flash of', (port, work) =>
    eraseBoard(port, region, { ...work, log: (line) => dependencies.log.info(line) }),
  );
  void vscode.window.showInformationMessage(
    `${(result.size / 1024).toLocaleString('en')} KB erased from ${hex(result.offset)} on. ${
      canReset ? 'The board was reset.' : 'Press RESET on the board.'
    }`,
  );
  return result;
}

async function confirm(board: string, { region, name }: Chosen): Promise<void> {
  const detail =
    region === undefined
      ? 'Its firmware, settings, Wi-Fi passwords, certificates and keys will be lost, and it does not start until you flash it again. Back Up Flash… keeps a copy.'
      : `${(region.size / 1024).toLocaleString('en')} KB from ${hex(region.offset)} on will be lost. Back Up Flash… keeps a copy.`;
  const erase = 'Erase';
  const choice = await vscode.window.showWarningMessage(`Erase ${name} of ${board}?`, { modal: true, detail }, erase);
  if (choice !== erase) throw new CancelledError();
}
