// Show Partition Table…: what lies where in a board's flash, as a page.
import * as vscode from 'vscode';
import { parsePartitionCsv } from '../../core/firmware/partitionCsv';
import { partitionPage } from '../../core/firmware/partitionPage';
import type { Partition } from '../../core/firmware/partitionTable';
import type { MarkdownPages } from '../markdownPages';
import type { Board } from './boardList';
import { pickBoard } from './pickBoard';
import { type BoardDependencies, withBoardPort } from './withBoardPort';

/** A table is 3 KB: raising the baud rate would take longer than reading it. */
const BAUD = 115_200;

export async function showPartitionTable(
  dependencies: BoardDependencies,
  pages: MarkdownPages,
  { address, uri }: { readonly address?: string; readonly uri?: vscode.Uri },
): Promise<readonly Partition[]> {
  if (uri) return showFile(pages, uri);
  const board = await pickBoard(dependencies.memory, 'Show Partition Table', address);
  const { partitions, offset, flashBytes, chip } = await readTable(dependencies, board);
  await pages.show(
    `Partitions of ${board.address}`,
    partitionPage(`Partition table of the ${chip} on ${board.address}`, partitions, flashBytes, offset),
  );
  return partitions;
}

/** How large the flash is a CSV does not say: the smallest one is drawn that holds it. */
async function showFile(pages: MarkdownPages, uri: vscode.Uri): Promise<readonly Partition[]> {
  const partitions = parsePartitionCsv((await vscode.workspace.openTextDocument(uri)).getText());
  const end = Math.max(...partitions.map(({ offset, size }) => offset + size));
  const name = vscode.workspace.asRelativePath(uri);
  const flashBytes = Math.max(1024 * 1024, 2 ** Math.ceil(Math.log2(end)));
  await pages.show(`Partitions of ${name}`, partitionPage(`Partition table ${name}`, partitions, flashBytes));
  return partitions;
}

/** Resets the board. Throws UserError `partition-table-missing` or `partition-table-damaged`. */
export async function readTable(dependencies: BoardDependencies, board: Board) {
  const { withLoader } = await import('../../io/flash/espSession');
  const { readBoardTable } = await import('../../io/flash/boardPartitions');
  const { result } = await withBoardPort(dependencies, board, 'reading the partition table of', (port, work) => {
    work.onProgress({ phase: 'connecting', done: 0, total: 0, secondsLeft: undefined, what: '' });
    return withLoader(port, { ...work, baudRate: BAUD }, async (session) => ({
      ...(await readBoardTable(session)),
      flashBytes: session.info.flashBytes,
      chip: session.info.chip.name,
    }));
  });
  return result;
}
