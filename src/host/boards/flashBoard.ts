// Flash Board…: which boards, which firmware, progress with bytes and time left, and where to go from there.
import * as vscode from 'vscode';
import { counted } from '../../core/counted';
import { FlashCancelled, UserError } from '../../core/errors';
import type { FlashPlan } from '../../core/firmware/flashPlan';
import { flashedText } from '../../core/firmware/flashText';
import type { FlashResult } from '../../io/flash/espFlasher';
import { readSetting, runCommand } from '../commands';
import type { Board } from './boardList';
import { pickBoards } from './pickBoard';
import { absolute, pickFirmware } from './pickFirmware';
import { type BoardDependencies, type BoardResult, withBoardPort } from './withBoardPort';

/** Every answer given here is not asked for. */
export interface FlashBoardOptions {
  readonly address?: string;
  /** Several boards, flashed side by side. */
  readonly addresses?: readonly string[];
  /** As on the command line: offsets and files in turn, or one of flasher_args.json, a build folder, a merged image. */
  readonly files?: readonly string[];
}

/** Resolves to a result, or with several boards to one for each that was flashed. */
export async function flashBoard(
  dependencies: BoardDependencies,
  { address, addresses, files: named }: FlashBoardOptions,
): Promise<FlashResult | readonly FlashResult[]> {
  const wanted = addresses ?? (address === undefined ? undefined : [address]);
  const boards = await pickBoards(dependencies.memory, 'Flash Board', wanted);
  const files = named ? named.map(absolute) : [await pickFirmware()];
  const { readFlashInputs } = await import('../../io/flash/flashInputs');
  const plan = await readFlashInputs(files);
  const [first, ...more] = boards;
  if (!first || more.length > 0) return flashSeveral(dependencies, boards, plan);
  const flashed = await flashOne(dependencies, first, plan);
  void told(first.address, flashed);
  return flashed.result;
}

async function flashOne(
  dependencies: BoardDependencies,
  board: Board,
  plan: FlashPlan,
): Promise<BoardResult<FlashResult>> {
  const { flash } = await import('../../io/flash/espFlasher');
  return withBoardPort(dependencies, board, 'flashing', (port, work) =>
    flash(port, plan, {
      ...work,
      baudRate: readSetting('secureIot.flash.baudRate'),
      onlyChanged: readSetting('secureIot.flash.onlyChanged'),
      log: (line) => dependencies.log.info(line),
    }),
  );
}

/** One that fails does not stop the others. One notification for all: VS Code drops those that come too fast. */
async function flashSeveral(
  dependencies: BoardDependencies,
  boards: readonly Board[],
  plan: FlashPlan,
): Promise<readonly FlashResult[]> {
  const results: FlashResult[] = [];
  const failed: string[] = [];
  const flashOrNote = async (board: Board) => {
    try {
      results.push((await flashOne(dependencies, board, plan)).result);
    } catch (error) {
      if (error instanceof FlashCancelled) failed.push(`${board.address}: stopped. ${error.boardState}`);
      else if (error instanceof UserError) failed.push(`${board.address}: ${error.message}`);
      else throw error;
    }
  };
  await Promise.all(boards.map(flashOrNote));
  const remarks = [...new Set(results.flatMap((result) => result.remarks))];
  const text = [`${counted(results.length, 'board')} flashed.`, ...remarks, ...failed].join(' ');
  if (failed.length + remarks.length > 0) void vscode.window.showWarningMessage(text);
  else void vscode.window.showInformationMessage(text);
  return results;
}

async function told(address: string, { result, watched, canReset }: BoardResult<FlashResult>): Promise<void> {
  for (const remark of result.remarks) void vscode.window.showWarningMessage(remark);
  const text = flashedText({ ...result, what: `${result.info.chip.name} on ${address}`, canReset });
  const open = 'Open Serial Monitor';
  const choice = await vscode.window.showInformationMessage(text, ...(watched ? [] : [open]));
  if (choice === open) await runCommand('secureIot.openMonitor', { address });
}
