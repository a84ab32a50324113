// Write Partition Table to Board…: the table of a CSV onto a board, after its changes were told.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { flashedText } from '../../core/firmware/flashText';
import type { PartitionChanges } from '../../core/firmware/partitionChanges';
import { parsePartitionCsv } from '../../core/firmware/partitionCsv';
import type { Board } from './boardList';
import { readPartitionDocument } from './partitionDocument';
import { pickBoard } from './pickBoard';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

export interface WritePartitionTableOptions {
  readonly uri?: vscode.Uri;
  readonly address?: string;
}

/** Resolves to whether it was written. */
export async function writePartitionTable(
  dependencies: BoardDependencies,
  { uri, address }: WritePartitionTableOptions,
): Promise<boolean> {
  const title = 'Write Partition Table to Board';
  const partitions = parsePartitionCsv((await readPartitionDocument(title, uri)).getText());
  const board = await pickBoard(dependencies.memory, title, address);
  const { compareBoardTable, writeBoardTable } = await import('../../io/flash/partitionWriter');
  const { result: found } = await withBoardPort(dependencies, board, 'reading the partition table of', (port, work) =>
    compareBoardTable(port, partitions, work),
  );
  if (found.changes.length === 0 && found.dangers.length === 0) {
    void vscode.window.showInformationMessage(`${board.name} has this partition table already.`);
    return false;
  }
  await confirm(board, found);
  const written = await withBoardPort(dependencies, board, 'writing the partition table of', (port, work) =>
    writeBoardTable(port, partitions, found.offset, { ...work, log: (line) => dependencies.log.info(line) }),
  );
  const what = `Partition table of ${board.name}`;
  void vscode.window.showInformationMessage(flashedText({ ...written.result, what, canReset: written.canReset }));
  return true;
}

async function confirm(board: Board, { changes, dangers }: PartitionChanges): Promise<void> {
  const write = dangers.length > 0 ? 'Write Anyway' : 'Write';
  const detail = [...dangers, ...changes].join('\n');
  const text = `Write this partition table to ${board.name}?`;
  const choice = await vscode.window.showWarningMessage(text, { modal: true, detail }, write);
  if (choice !== write) throw new CancelledError();
}
