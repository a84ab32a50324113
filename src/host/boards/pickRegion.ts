// Which part of a board's flash: all of it, a partition that its table names, or an offset and a size.
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import { hex } from '../../core/firmware/flashFile';
import { type FlashRegion, parseRegion } from '../../core/firmware/flashRegion';
import { type Partition, partitionKind } from '../../core/firmware/partitionTable';
import type { Board } from './boardList';
import { readTable } from './partitionTablePage';
import type { BoardDependencies } from './withBoardPort';

export interface Chosen {
  /** Undefined: the whole flash. */
  readonly region: FlashRegion | undefined;
  /** As a sentence calls it: `the partition "nvs"`. */
  readonly name: string;
}

export interface RegionQuestion {
  readonly title: string;
  /** The row for the whole flash. */
  readonly all: string;
  /** Why a region that was typed cannot be taken. */
  readonly refuse?: (region: FlashRegion) => string | undefined;
}

export async function pickRegion(
  dependencies: BoardDependencies,
  board: Board,
  question: RegionQuestion,
): Promise<Chosen> {
  const partition = '$(list-flat) A Partition…';
  const range = '$(symbol-ruler) Offset and Size…';
  const all = `$(chip) ${question.all}`;
  const what = await vscode.window.showQuickPick(
    [
      { label: partition, description: "from the board's partition table" },
      { label: range, description: 'such as 0x9000 0x5000' },
      { label: all },
    ],
    { title: question.title, placeHolder: 'Which part of the flash', ignoreFocusOut: true },
  );
  if (!what) throw new CancelledError();
  if (what.label === partition) return pickPartition(dependencies, board, question.title);
  if (what.label === range) return askRange(question);
  return { region: undefined, name: 'the whole flash' };
}

async function pickPartition(dependencies: BoardDependencies, board: Board, title: string): Promise<Chosen> {
  const { partitions } = await readTable(dependencies, board);
  const rows = partitions.map((partition) => ({ ...describe(partition), partition }));
  const chosen = await vscode.window.showQuickPick(rows, { title, placeHolder: 'Partition', ignoreFocusOut: true });
  if (!chosen) throw new CancelledError();
  const { label, offset, size } = chosen.partition;
  return { region: { offset, size }, name: `the partition "${label}"` };
}

function describe(partition: Partition): vscode.QuickPickItem {
  const { type, subtype } = partitionKind(partition);
  return {
    label: partition.label,
    description: `${type}, ${subtype} · ${hex(partition.offset)} · ${(partition.size / 1024).toLocaleString('en')} KB`,
  };
}

async function askRange({ title, refuse }: RegionQuestion): Promise<Chosen> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: 'Offset and size, such as 0x9000 0x5000 or 0x9000 20K',
    value: '0x9000 0x5000',
    ignoreFocusOut: true,
    validateInput: (value) => {
      try {
        return refuse?.(parseRegion(value));
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
  if (text === undefined) throw new CancelledError();
  const region = parseRegion(text);
  return { region, name: `${hex(region.size)} bytes at ${hex(region.offset)}` };
}
