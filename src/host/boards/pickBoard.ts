// Which board: the only one, or a choice with the last one first; or all of them.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { addBoardAddress } from './addAddress';
import { type Board, listBoards } from './boardList';

const LAST = 'boards.last';

/** `address` skips the question; it need not be in the list. */
export async function pickBoard(memory: vscode.Memento, title: string, address?: string): Promise<Board> {
  const boards = await listBoards();
  if (address !== undefined) return remembered(memory, named(boards, address));
  const chosen = await choose(boards, memory, title);
  return remembered(memory, chosen);
}

/** One, or where there are several all of them. */
export async function pickBoards(
  memory: vscode.Memento,
  title: string,
  addresses?: readonly string[],
): Promise<readonly Board[]> {
  const boards = await listBoards();
  if (addresses) return addresses.map((address) => named(boards, address));
  const chosen = await choose(boards, memory, title, `$(layers) All ${boards.length} Boards`);
  return chosen === 'all' ? boards : [await remembered(memory, chosen)];
}

async function remembered(memory: vscode.Memento, board: Board): Promise<Board> {
  await memory.update(LAST, board.address);
  return board;
}

function named(boards: readonly Board[], address: string): Board {
  return (
    boards.find((board) => board.address === address) ?? { address, name: address, kind: 'network', port: { address } }
  );
}

async function choose(boards: readonly Board[], memory: vscode.Memento, title: string): Promise<Board>;
async function choose(
  boards: readonly Board[],
  memory: vscode.Memento,
  title: string,
  all: string,
): Promise<Board | 'all'>;
async function choose(
  boards: readonly Board[],
  memory: vscode.Memento,
  title: string,
  all?: string,
): Promise<Board | 'all'> {
  const [only, ...more] = boards;
  if (!only)
    throw new UserError('no-board', 'No board found. Plug one in, or add the address of one on another machine.', {
      title: 'Add Board Address…',
      command: 'secureIot.addBoardAddress',
    });
  if (more.length === 0) return only;
  const last = memory.get<string>(LAST);
  const add = 'Add Board Address…';
  const rows = [...boards]
    .sort((a, b) => Number(b.address === last) - Number(a.address === last))
    .map((board) => ({ label: board.name, description: board.name === board.address ? '' : board.address, board }));
  const others = [...(all === undefined ? [] : [all]), add].map((label) => ({
    label,
    description: '',
    board: undefined,
  }));
  const chosen = await vscode.window.showQuickPick([...rows, ...others], {
    title,
    placeHolder: 'Board',
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!chosen) throw new CancelledError();
  if (chosen.label === all) return 'all';
  return chosen.board ?? named([], await addBoardAddress());
}
