// One exchange over a fresh socket: say something once it is open, hear until enough, and be gone.
import type { Socket } from 'node:net';
import { CancelledError } from '../../core/errors';
import type { OwnConnections } from '../network/ownConnections';

export interface End {
  readonly opened: boolean;
  readonly error?: NodeJS.ErrnoException;
  /** The time was over first. */
  readonly timedOut?: true;
}

/** `timeoutMs`: 5 seconds when left out. */
export interface Limits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly own?: OwnConnections;
}

/**
 * Sends `first()` once the socket is open, feeds what comes to `onData` until it returns true, the peer ends, an error
 * comes, or the time is over. The socket is gone afterwards in every case.
 * Throws CancelledError when the signal fires.
 */
export async function talk(
  { signal, timeoutMs = 5000, own }: Limits,
  socket: Socket,
  openEvent: 'connect' | 'secureConnect',
  onData: (bytes: Uint8Array) => boolean,
  first: () => Uint8Array,
  last?: Uint8Array,
): Promise<End> {
  if (signal?.aborted) {
    socket.destroy();
    throw new CancelledError();
  }
  own?.watch(socket);
  let opened = false;
  return new Promise<End>((resolve, reject) => {
    const finish = (error?: NodeJS.ErrnoException, timedOut?: true): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.off(openEvent, open).off('data', read).off('error', finish).off('close', closed);
      socket.on('error', () => undefined);
      if (last && opened && !error && !socket.destroyed) {
        socket.end(last, () => socket.destroy());
        setTimeout(() => socket.destroy(), 1_000).unref(); // a peer that takes nothing more
      } else socket.destroy();
      resolve({ opened, ...(error && { error }), ...(timedOut && { timedOut }) });
    };
    const abort = (): void => {
      reject(new CancelledError());
      finish();
    };
    const timer = setTimeout(() => finish(undefined, true), timeoutMs);
    signal?.addEventListener('abort', abort);
    const open = (): void => {
      opened = true;
      socket.write(first());
    };
    const read = (bytes: Uint8Array): void => {
      if (onData(bytes)) finish();
    };
    const closed = (): void => finish();
    socket.once(openEvent, open).on('data', read).once('error', finish).once('close', closed);
  });
}
