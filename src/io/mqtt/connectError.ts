// A connection that did not come up, with the reason in words and what TLS had shown by then.
import type { ConnectFailure } from '../../core/mqtt/connectFailure';
import type { TlsFacts } from '../tls/tlsFacts';

export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  constructor(
    readonly failure: ConnectFailure,
    /** When the handshake was done and only the certificate was refused. */
    readonly tls?: TlsFacts,
    options?: ErrorOptions,
  ) {
    super(failure.reason, options);
  }
}
