// One conversation with a chip's loader: open, download mode, stub, baud rate; then work; then reset and give back.

import { ESPRESSIF_VENDOR_ID } from '../../core/boards/usbNames';
import { CancelledError, UserError } from '../../core/errors';
import type { ChipIdentity, ChipInfo } from '../../core/firmware/chipInfo';
import { chipInBootLog, downloadModeAdvice } from '../../core/firmware/chips';
import { withDeadline } from '../network/deadline';
import type { BoardPort } from '../serial/boardPort';
import { readChipIdentity, readFlashInfo } from './espChipInfo';
import { BoardLoader, BoardTransport } from './espToolQuirks';
import { WebSerialShape } from './webSerialShape';

/** The ROM measures the rate by itself; this one every chip and crystal can do. */
const ROM_BAUD = 115_200;
/** From high to low, tried until the chip answers. */
const BAUD_STEPS = [921_600, 460_800, 230_400, ROM_BAUD];
const CONNECT_ATTEMPTS = 7;
const CLEAN_UP_MS = 4_000;

export interface SessionOptions {
  readonly signal?: AbortSignal | undefined;
  /** Highest baud rate to try. */
  readonly baudRate?: number | undefined;
  /** The caller resets the board itself, because it wants to see the boot from its beginning. */
  readonly leaveInLoader?: boolean | undefined;
  /** What the loader says on the way, for a log. */
  readonly log?: ((line: string) => void) | undefined;
}

export interface Session {
  readonly loader: BoardLoader;
  readonly info: ChipInfo;
  readonly baudRate: number;
  /** Aborted when the user cancels or the line is lost. */
  readonly stop: AbortSignal;
}

/**
 * Runs `work` with a connected loader. Whatever happens the port is closed afterwards and, where the line still stands
 * and can, the board was reset to run its application. Rejects with UserError, or CancelledError when `signal` fired.
 */
export async function withLoader<T>(
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
    await untilStopped(connect(loader, transport, port), stop.signal);
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

async function connect(loader: BoardLoader, transport: BoardTransport, port: BoardPort): Promise<void> {
  const resets = port.hasModemLines;
  try {
    await loader.detectChip(resets ? 'default_reset' : 'no_reset', resets ? CONNECT_ATTEMPTS : 3);
  } catch (error) {
    if (error instanceof UserError && error.code === 'lines-unsupported' && resets) {
      // a pseudo terminal: known only once it is open
      await transport.disconnect();
      return connect(loader, transport, port);
    }
    // the port's own errors (busy, missing, no permission) say more than the loader's
    if (error instanceof UserError || error instanceof CancelledError) throw error;
    throw silent(transport.chatter, port, resets, error);
  }
}

/** What the board said while we knocked tells why it did not open. */
function silent(chatter: string, port: BoardPort, resets: boolean, cause: unknown): UserError {
  const advice = downloadModeAdvice({
    chip: chipInBootLog(chatter),
    nativeUsb: port.info.usbVendorId === ESPRESSIF_VENDOR_ID,
  });
  const mode = [...chatter.matchAll(/boot:(0x[0-9a-f]+)[^\n]*\n?([^\n]*waiting for download)?/gi)].at(-1);
  const say = (text: string) => new UserError('no-download-mode', text, undefined, { cause });
  if (/waiting for download/i.test(chatter))
    return say(
      'The board is in download mode but does not hear us. Check the wire to its RX pin, and that nothing else is connected to it.',
    );
  if (mode || chatter.trim().length > 40)
    return say(
      `The board runs its application instead of going into download mode${resets ? '' : ' (this connection cannot reset it)'}. ${advice}`,
    );
  return say(
    `The board does not answer. ${advice} Check as well that this is the board's port and that the cable carries data.`,
  );
}

/** The stub where the chip takes one; else the ROM's own flash commands, which need the pins connected first. */
async function prepareFlash(loader: BoardLoader, { chip, security }: ChipIdentity): Promise<void> {
  // the ROM of the ESP32-C3 does not run a stub once Secure Boot is on
  const romOnly = security.secureDownload || (chip.target === 'esp32c3' && security.secureBoot);
  if (!romOnly) await loader.runStub();
  if (!loader.IS_STUB) await loader.attachFlash();
}

async function raiseBaud(
  loader: BoardLoader,
  transport: BoardTransport,
  port: BoardPort,
  identity: ChipIdentity,
  { baudRate = BAUD_STEPS[0], log }: SessionOptions,
): Promise<number> {
  const steps = [baudRate ?? ROM_BAUD, ...BAUD_STEPS.filter((b) => b < (baudRate ?? ROM_BAUD))];
  if (!port.hasModemLines || !loader.IS_STUB) return ROM_BAUD;
  for (const to of steps) {
    if (to === ROM_BAUD) return to;
    if (await loader.tryBaud({ from: ROM_BAUD, to })) return to;
    log?.(`The board does not answer at ${to} baud; trying a lower rate.`);
    // a fresh start: nobody knows which rate the chip is at now
    await transport.disconnect();
    await loader.detectChip('default_reset', CONNECT_ATTEMPTS);
    loader.IS_STUB = false;
    await prepareFlash(loader, identity);
  }
  return ROM_BAUD;
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
