// The way into a chip's loader: download mode, stub, and the highest baud rate that the line carries.
import { ESPRESSIF_VENDOR_ID } from '../../core/boards/usbNames';
import { CancelledError, UserError } from '../../core/errors';
import type { ChipIdentity } from '../../core/firmware/chipInfo';
import { chipInBootLog, downloadModeAdvice } from '../../core/firmware/chips';
import type { BoardPort } from '../serial/boardPort';
import type { BoardLoader, BoardTransport } from './espToolQuirks';

/** The ROM measures the rate by itself; this one every chip and crystal can do. */
export const ROM_BAUD = 115_200;
/** From high to low, tried until the chip answers. */
const BAUD_STEPS = [921_600, 460_800, 230_400, ROM_BAUD];
const CONNECT_ATTEMPTS = 7;

export interface BaudOptions {
  /** Highest baud rate to try. */
  readonly baudRate?: number | undefined;
  /** What the loader says on the way, for a log. */
  readonly log?: ((line: string) => void) | undefined;
}

/** Gets the chip into download mode and hears it. Rejects with UserError that says what to press. */
export async function enterLoader(loader: BoardLoader, transport: BoardTransport, port: BoardPort): Promise<void> {
  const resets = port.hasModemLines;
  try {
    await loader.detectChip(resets ? 'default_reset' : 'no_reset', resets ? CONNECT_ATTEMPTS : 3);
  } catch (error) {
    if (error instanceof UserError && error.code === 'lines-unsupported' && resets) {
      // a pseudo terminal: known only once it is open
      await transport.disconnect();
      return enterLoader(loader, transport, port);
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
export async function prepareFlash(loader: BoardLoader, { chip, security }: ChipIdentity): Promise<void> {
  // the ROM of the ESP32-C3 does not run a stub once Secure Boot is on
  const romOnly = security.secureDownload || (chip.target === 'esp32c3' && security.secureBoot);
  if (!romOnly) await loader.runStub();
  if (!loader.IS_STUB) await loader.attachFlash();
}

/** The highest baud rate that the line carries; resolves to it. */
export async function raiseBaud(
  loader: BoardLoader,
  transport: BoardTransport,
  port: BoardPort,
  identity: ChipIdentity,
  { baudRate = BAUD_STEPS[0], log }: BaudOptions,
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
