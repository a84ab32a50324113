// One TCP connection with a deadline for connecting and for every write, and its failures as UserErrors.
import { connect, type Socket } from 'node:net';
import { UserError } from '../../core/errors';
import { withDeadline } from '../network/deadline';
import type { PortEvents } from './portEvents';

const CONNECT_MS = 5_000;
const WRITE_MS = 15_000;

export interface TcpPlace {
  readonly address: string;
  readonly host: string;
  readonly port: number;
}

/** Connects; from then on `events` hears the data and the end of the connection. */
export async function openTcp(place: TcpPlace, events: PortEvents, onBytes: (bytes: Uint8Array) => void) {
  const socket = connect({ host: place.host, port: place.port });
  socket.setNoDelay(true);
  const opening = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(connectError(place, error)));
  });
  try {
    await withDeadline(opening, CONNECT_MS, () => connectError(place, { code: 'ETIMEDOUT' }));
  } catch (error) {
    socket.destroy();
    throw error;
  }
  let lost: Error | undefined;
  let heard = false;
  socket.once('data', () => {
    heard = true;
  });
  socket.removeAllListeners('error');
  socket.on('error', (error) => {
    lost = error;
  });
  socket.on('data', onBytes);
  socket.once('close', () => events.closed(heard || lost ? lostError(place, lost) : turnedAway(place)));
  events.opened();
  return socket;
}

export async function writeTcp(socket: Socket, events: PortEvents, bytes: Uint8Array): Promise<void> {
  const written = new Promise<void>((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
  written.catch(() => {}); // the race below may have been decided by the close
  await withDeadline(
    events.whileOpen(written),
    WRITE_MS,
    () =>
      new UserError('port-stalled', 'The connection to the board takes no more bytes. Check the machine it runs on.'),
  );
}

/** Closes without waiting for the other side's goodbye for longer than it takes to send ours. */
export async function closeTcp(socket: Socket, events: PortEvents): Promise<void> {
  events.closed();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), 500);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (socket.destroyed) {
      clearTimeout(timer);
      resolve();
    } else socket.end();
  });
}

function lostError(place: TcpPlace, cause?: Error): UserError {
  const why = cause ? ` (${cause.message})` : '';
  return new UserError(
    'port-lost',
    `The connection to ${place.address} ended${why}. Check that the board's server still runs, then try again.`,
    undefined,
    { cause },
  );
}

/** Servers take one client and close the next one's connection, or their own serial port is missing. */
function turnedAway({ address }: TcpPlace): UserError {
  return new UserError(
    'port-lost',
    `${address} closed the connection without a byte: another program may be using the board (a serial monitor, for example), or the server there cannot open its port. Close it, or check the server, then try again.`,
  );
}

function connectError({ address, host, port }: TcpPlace, error: { code?: string; message?: string }): UserError {
  const say = (code: string, message: string) => new UserError(code, message, undefined, { cause: error });
  switch (error.code) {
    case 'ECONNREFUSED':
      return say(
        'port-missing',
        `Nothing listens at ${host}:${port}. Start the board's server there (for example "esp_rfc2217_server"), or correct the address.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return say('port-missing', `The host name "${host}" of ${address} cannot be resolved. Correct the address.`);
    case 'ETIMEDOUT':
      return say(
        'port-missing',
        `${host}:${port} did not answer within ${CONNECT_MS / 1000} seconds. Check the address and any firewall between.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return say('port-missing', `${host} cannot be reached from here. Check the network and the address ${address}.`);
    default:
      return say('port-missing', `${address} cannot be opened: ${error.message ?? error.code ?? 'unknown error'}.`);
  }
}
