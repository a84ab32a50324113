// How a board is addressed: a serial port's path, a raw TCP socket, or RFC 2217 (a serial port behind a telnet server).
import { UserError } from '../errors';

export type BoardAddress =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'socket' | 'rfc2217'; readonly host: string; readonly port: number };

const URL_SHAPE = /^([a-z0-9+.-]+):\/\/(.*)$/i;
/** `host:port` or `[v6]:port`, then an optional query: Espressif's server prints `?ign_set_control`. */
const HOST_PORT = /^(\[[0-9a-f:.%]+\]|[^\s:/?#@[\]]+):(\d{1,5})\/?(?:\?[a-z0-9_&=.]*)?$/i;

/**
 * Reads `/dev/ttyUSB0`, `COM3`, `socket://host:port` or `rfc2217://host:port`.
 * Throws UserError `address-invalid` that says what is wrong.
 */
export function parseBoardAddress(text: string): BoardAddress {
  const address = text.trim();
  if (address === '') throw invalid('The board address is empty.');
  const url = URL_SHAPE.exec(address);
  if (!url) return { kind: 'serial', path: address };
  const scheme = (url[1] ?? '').toLowerCase();
  if (scheme !== 'socket' && scheme !== 'rfc2217') throw invalid(`"${scheme}://" is not a kind of board address.`);
  const rest = HOST_PORT.exec(url[2] ?? '');
  if (!rest) throw invalid(`"${address}" lacks a host and a port.`);
  const port = Number(rest[2]);
  if (port < 1 || port > 65535) throw invalid(`${port} is not a TCP port; it is a number from 1 to 65535.`);
  return { kind: scheme, host: (rest[1] ?? '').replace(/^\[|\]$/g, ''), port };
}

/** True for `socket://` and `rfc2217://`; false for everything else, a wrong address included. */
export function isNetworkAddress(text: string): boolean {
  return /^(socket|rfc2217):\/\//i.test(text.trim());
}

function invalid(what: string): UserError {
  return new UserError(
    'address-invalid',
    `${what} Use a serial port such as /dev/ttyUSB0 or COM3, rfc2217://host:port, or socket://host:port.`,
  );
}
