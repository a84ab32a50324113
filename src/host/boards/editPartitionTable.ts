// Edit Partition Table…: a board's table as partitions.csv in an editor, where it is checked as it is typed.
import * as vscode from 'vscode';
import { formatPartitionCsv } from '../../core/firmware/partitionCsv';
import { saveFile } from '../saveFile';
import { readTable } from './partitionTablePage';
import { pickBoard } from './pickBoard';
import type { BoardDependencies } from './withBoardPort';

/** Resolves to where the file went. */
export async function editPartitionTable(
  dependencies: BoardDependencies,
  address?: string,
): Promise<vscode.Uri | undefined> {
  const board = await pickBoard(dependencies.memory, 'Edit Partition Table', address);
  const { partitions } = await readTable(dependencies, board);
  const target = await saveFile('partitions.csv', new TextEncoder().encode(formatPartitionCsv(partitions)));
  if (target) await vscode.window.showTextDocument(target);
  return target;
}
