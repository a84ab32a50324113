// Which board: the only one, or a choice with the last one first.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { addBoardAddress } from './addAddress';
import { type Board, listBoards } from './boardList';

const LAST = 'boards.last';

/** `address` skips the question; it need not be in the list. */
export async function pickBoard(memory: vscode.Memento, title: string, address?: string): Promise<Board> {
  const boards = await listBoards();
  const board = address === undefined ? await choose(boards, memory.get<string>(LAST), title) : named(boards, address);
  await memory.update(LAST, board.address);
  return board;
}

function named(boards: readonly Board[], address: string): Board {
  return (
    boards.find((board) => board.address === address) ?? { address, name: address, kind: 'network', port: { address } }
  );
}

async function choose(boards: readonly Board[], last: string | undefined, title: string): Promise<Board> {
  const [only, ...more] = boards;
  if (!only)
    throw new UserError('no-board', 'No board found. Plug one in, or add the address of one on another machine.', {
      title: 'Add Board Address…',
      command: 'secureIot.addBoardAddress',
    });
  if (more.length === 0) return only;
  const add = 'Add Board Address…';
  const rows = [...boards]
    .sort((a, b) => Number(b.address === last) - Number(a.address === last))
    .map((board) => ({ label: board.name, description: board.name === board.address ? '' : board.address, board }));
  const chosen = await vscode.window.showQuickPick([...rows, { label: add, description: '', board: undefined }], {
    title,
    placeHolder: 'Board',
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (!chosen) throw new CancelledError();
  return chosen.board ?? named([], await addBoardAddress());
}
