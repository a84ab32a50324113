// Options that every subcommand with a board shares: --port, --baud, --json; and Ctrl+C.
import { UserError } from '../core/errors';
import { openBoardPort } from '../io/serial/openPort';
import { CliUsageError } from './arguments';

export const boardOptions = {
  port: { type: 'string', short: 'p' },
  baud: { type: 'string', short: 'b' },
  json: { type: 'boolean' },
} as const;

/** The port that --port names; with exactly one board plugged in it can be left out. */
export async function openNamedPort(port: string | undefined) {
  if (port !== undefined) return openBoardPort(port);
  const { listPorts } = await import('../io/serial/portList');
  const ports = (await listPorts()).filter((p) => p.usbVendorId !== undefined);
  const [only, ...more] = ports;
  if (!only)
    throw new UserError('port-missing', 'No board is plugged in. Plug one in, or name it: --port rfc2217://host:port.');
  if (more.length > 0)
    throw new UserError(
      'port-ambiguous',
      `There are ${ports.length} boards (${ports.map((p) => p.address).join(', ')}). Choose one with --port.`,
    );
  process.stderr.write(`Using ${only.address}.\n`);
  return openBoardPort(only.address, only);
}

export function parseBaud(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const baud = /^\d+$/.test(text) ? Number(text) : 0;
  if (baud < 300 || baud > 5_000_000) throw new CliUsageError(`--baud ${text} is not a baud rate.`);
  return baud;
}

/** Aborted by the first Ctrl+C; a second one ends the program as usual. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}
