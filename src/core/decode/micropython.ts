// MicroPython's extmod/modtls_mbedtls.c prints what a handshake returned as hex without 0x: a code of Mbed TLS, or what
// its own socket callback returned, which is an errno with a minus sign.
import table from './tables/errno.json';

const NEWLIB: Readonly<Record<string, string>> = table.newlib;
const HANDSHAKE = /\bmbedtls_ssl_handshake error:? (-([0-9a-f]{2}))(?![0-9a-z_])/i;
/** What sockets give. -0x68 is also a code of ASN.1, which never comes out of a handshake by itself. */
const SOCKET = /^(?:ECONN\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTCONN|EPIPE|EIO)$/;

export interface SocketError {
  readonly start: number;
  /** As printed: `-71`. */
  readonly text: string;
  /** Decimal: `113`. */
  readonly code: string;
  readonly name: string;
}

export function socketErrorOf(line: string): SocketError | undefined {
  const match = HANDSHAKE.exec(line);
  if (!match?.[1]) return undefined;
  const code = String(Number.parseInt(match[2] ?? '', 16));
  const name = NEWLIB[code];
  if (name === undefined || !SOCKET.test(name)) return undefined;
  return { start: match.index + match[0].length - match[1].length, text: match[1], code, name };
}
