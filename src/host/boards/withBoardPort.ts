// Work on a board's port: taken from its owner, with a progress that can be cancelled, and handed back after.
import type * as vscode from 'vscode';
import { type FlashProgress, progressText } from '../../core/firmware/flashProgress';
import type { BoardPort } from '../../io/serial/boardPort';
import type { PortOwnership } from '../../io/serial/portOwnership';
import type { Log } from '../log';
import { withProgress } from '../progress';
import type { Board } from './boardList';

export interface BoardDependencies {
  readonly memory: vscode.Memento;
  readonly ports: PortOwnership;
  readonly log: Log;
}

/** What the work passes on to io. */
export interface BoardWork {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FlashProgress) => void;
  /** A serial monitor takes the port back and resets the board itself. */
  readonly leaveInLoader: boolean;
}

export interface BoardResult<T> {
  readonly result: T;
  /** A serial monitor has the port again. */
  readonly watched: boolean;
  readonly canReset: boolean;
}

/** Takes the port from its owner for the time of `work`; `name` is how others call that. */
export async function borrowBoardPort<T>(
  { ports }: Pick<BoardDependencies, 'ports'>,
  board: Board,
  name: string,
  work: (port: BoardPort, watched: boolean) => Promise<T>,
): Promise<BoardResult<T>> {
  const { openBoardPort } = await import('../../io/serial/openPort');
  const port = await openBoardPort(board.address, board.port);
  const watched = ports.ownerOf(board.address) !== undefined;
  const release = await ports.acquire(board.address, { name });
  try {
    return { result: await work(port, watched), watched, canReset: port.hasModemLines };
  } finally {
    await release();
  }
}

/** The same with a progress. `doing` goes before the board's address, and is how others call it: "flashing", "reading the chip on". */
export async function withBoardPort<T>(
  dependencies: Pick<BoardDependencies, 'ports'>,
  board: Board,
  doing: string,
  work: (port: BoardPort, work: BoardWork) => Promise<T>,
): Promise<BoardResult<T>> {
  const title = `${doing[0]?.toUpperCase()}${doing.slice(1)} ${board.address}`;
  return borrowBoardPort(dependencies, board, doing.replace(/ (of|on)$/, ''), (port, watched) =>
    withProgress(title, ({ signal, report }) =>
      work(port, {
        signal,
        leaveInLoader: watched,
        onProgress: (at) => report(progressText(at), at.total === 0 ? 0 : at.done / at.total),
      }),
    ),
  );
}
