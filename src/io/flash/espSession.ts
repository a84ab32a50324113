// One conversation with a chip's loader: connect, work, reset and give back; once more where the line loses bytes.
import { CancelledError, UserError } from '../../core/errors';
import type { ChipInfo } from '../../core/firmware/chipInfo';
import { withDeadline } from '../network/deadline';
import type { BoardPort } from '../serial/boardPort';
import { readChipIdentity, readFlashInfo } from './espChipInfo';
import { BoardLoader, BoardTransport } from './espToolQuirks';
import { type BaudOptions, enterLoader, prepareFlash, ROM_BAUD, raiseBaud } from './loaderEntry';
import { WebSerialShape } from './webSerialShape';

/** A line that loses bytes at one rate often carries a lower one. */
const RETRY_BAUD = [230_400, 115_200];
const WORTH_A_RETRY: ReadonlySet<string> = new Set(['board-silent', 'board-refused', 'verify-failed']);
const CLEAN_UP_MS = 4_000;

export interface SessionOptions extends BaudOptions {
  readonly signal?: AbortSignal | undefined;
  /** The caller resets the board itself, because it wants to see the boot from its beginning. */
  readonly leaveInLoader?: boolean | undefined;
}

export interface Session {
  readonly loader: BoardLoader;
  readonly info: ChipInfo;
  readonly baudRate: number;
  /** Aborted when the user cancels or the line is lost. */
  readonly stop: AbortSignal;
}

/**
 * Runs `work` with a connected loader; where the line loses bytes it runs again, from its beginning, at a lower baud
 * rate. Whatever happens the port is closed afterwards and, where the line still stands and can, the board was reset to
 * run its application. Rejects with UserError, or CancelledError when `signal` fired.
 */
export async function withLoader<T>(
  port: BoardPort,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let talkedAt: number | undefined;
  let connectAgain = true;
  for (let { baudRate } = options; ; ) {
    try {
      return await oneSession(port, { ...options, baudRate }, (session) => {
        talkedAt = session.baudRate;
        return work(session);
      });
    } catch (error) {
      if (!(error instanceof UserError) || !WORTH_A_RETRY.has(error.code)) throw error;
      const lower = RETRY_BAUD.find((rate) => rate < (talkedAt ?? 0));
      if (talkedAt === undefined ? !connectAgain : lower === undefined) throw error;
      connectAgain = false;
      baudRate = lower ?? baudRate;
      options.log?.(`${error.message} Trying again${lower === undefined ? '' : ` at ${lower} baud`}.`);
    }
  }
}

async function oneSession<T>(
  port: BoardPort,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { signal, log = () => {} } = options;
  if (signal?.aborted) throw new CancelledError();
  const stop = new AbortController();
  const cancel = () => stop.abort(new CancelledError());
  signal?.addEventListener('abort', cancel, { once: true });
  const shape = new WebSerialShape(port);
  const unlisten = port.onClose((error) => {
    if (error) stop.abort(error);
  });
  const transport = new BoardTransport(shape, stop.signal);
  const loader = new BoardLoader(transport, ROM_BAUD, log);
  try {
    await untilStopped(enterLoader(loader, transport, port), stop.signal);
    const identity = await untilStopped(readChipIdentity(loader), stop.signal);
    log(`${identity.description}, MAC ${identity.mac ?? 'unknown'}`);
    await untilStopped(prepareFlash(loader, identity), stop.signal);
    const baudRate = await untilStopped(raiseBaud(loader, transport, port, identity, options), stop.signal);
    const info = { ...identity, ...(await untilStopped(readFlashInfo(loader), stop.signal)) };
    if (info.flashBytes !== undefined) await untilStopped(loader.setFlashSize(info.flashBytes), stop.signal);
    log(`Talking at ${baudRate} baud.`);
    return await untilStopped(work({ loader, info, baudRate, stop: stop.signal }), stop.signal);
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : explain(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
    unlisten();
    await giveBack(loader, shape, port, options.leaveInLoader ?? false);
  }
}

/** The library knows no abort: the wait ends here at once, and inside at the next read or write. */
function untilStopped<T>(promise: Promise<T>, stop: AbortSignal): Promise<T> {
  promise.catch(() => {});
  return new Promise<T>((resolve, reject) => {
    const stopped = () => reject(stop.reason);
    if (stop.aborted) return stopped();
    stop.addEventListener('abort', stopped, { once: true });
    promise.then(resolve, reject).finally(() => stop.removeEventListener('abort', stopped));
  });
}

/** What the loader throws is about packets; what the user needs is about the board. */
function explain(error: unknown): unknown {
  if (error instanceof UserError || error instanceof CancelledError) return error;
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return error;
  const what = error.message.split('\n')[0] ?? '';
  const mend = 'Check the cable and the power supply, lower the baud rate, and try again.';
  return /failed with status/.test(what)
    ? new UserError('board-refused', `The board reported an error (${what}). ${mend}`, undefined, { cause: error })
    : new UserError('board-silent', `The board stopped answering (${what}). ${mend}`, undefined, { cause: error });
}

async function giveBack(
  loader: BoardLoader,
  shape: WebSerialShape,
  port: BoardPort,
  leaveInLoader: boolean,
): Promise<void> {
  const late = () => new Error('late');
  if (port.hasModemLines && shape.readable && !leaveInLoader)
    await withDeadline(loader.resetToApplication(), CLEAN_UP_MS, late).catch(() => {});
  await withDeadline(shape.end(), CLEAN_UP_MS, late).catch(() => {});
  await withDeadline(port.close(), CLEAN_UP_MS, late).catch(() => {});
}
