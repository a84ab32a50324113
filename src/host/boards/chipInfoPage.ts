// Show Chip Information…: what the chip is, in a modal that can be copied.
import * as vscode from 'vscode';
import { type ChipInfo, chipRows } from '../../core/firmware/chipInfo';
import { pickBoard } from './pickBoard';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

/** No stub is needed, but the board is reset. */
const BAUD = 115_200;

export async function showChipInfo(dependencies: BoardDependencies, address?: string): Promise<ChipInfo> {
  const board = await pickBoard(dependencies.memory, 'Show Chip Information', address);
  const { withLoader } = await import('../../io/espSession');
  const { result } = await withBoardPort(dependencies, board, 'reading the chip on', (port, work) => {
    work.onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
    return withLoader(port, { ...work, baudRate: BAUD }, async ({ info }) => info);
  });
  void show(board.address, result);
  return result;
}

async function show(address: string, info: ChipInfo): Promise<void> {
  const text = chipRows(info)
    .map(([label, value]) => `${label}: ${value}`)
    .join('\n');
  const copy = 'Copy';
  const choice = await vscode.window.showInformationMessage(`Chip on ${address}`, { modal: true, detail: text }, copy);
  if (choice === copy) await vscode.env.clipboard.writeText(text);
}
