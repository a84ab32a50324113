// Why a session with a broker ended, or was refused something: beyond what connecting itself tells.
import { type ConnectFailure, explainNetworkFailure, explainTlsFailure } from './connectFailure';
import { reasonName } from './reasonCodes';

export interface ClosedConnection {
  readonly host: string;
  readonly port: number;
  /** Node's, or `CLOSED` when there was no error. */
  readonly code: string;
  readonly message: string;
  /** CONNACK had come. */
  readonly wasConnected: boolean;
  /** Over TLS, whose handshake was done. */
  readonly secure: boolean;
  readonly sentCertificate: boolean;
}

export function closedFailure({ wasConnected, secure, sentCertificate, ...facts }: ClosedConnection): ConnectFailure {
  const { code } = facts;
  if (secure && code.startsWith('ERR_SSL')) return explainTlsFailure({ ...facts, sentCertificate });
  if (!wasConnected && (code === 'CLOSED' || code === 'ECONNRESET')) {
    const hint =
      secure && !sentCertificate
        ? 'It may want a client certificate; its log says more.'
        : 'It may refuse this client’s certificate, id or login, or not speak MQTT; its log says more.';
    return {
      phase: 'mqtt',
      code,
      reason: `The broker closed the connection instead of answering CONNECT. ${hint}`,
      transient: true,
    };
  }
  if (!wasConnected) return explainNetworkFailure(facts);
  return {
    phase: 'mqtt',
    code,
    reason:
      'The connection to the broker was lost. The broker may have been restarted, or another client may use the same client id.',
    transient: true,
  };
}

/** `error`: the `mqtt` library's, of a subscription that was refused. */
export function subscribeProblem(error: Error): string {
  return /^Subscribe error: Unspecified error$/.test(error.message)
    ? 'The broker refused this topic filter: its access rules do not allow it.'
    : error.message;
}

/** `code`: of the broker's DISCONNECT (MQTT 5.0 section 3.14.2.1). */
export function brokerLeft(code: number): ConnectFailure {
  const takenOver = code === 142 ? ' Another client connected with the same client id: give each its own.' : '';
  return {
    phase: 'mqtt',
    code: `DISCONNECT-${code}`,
    reason: `The broker ended the connection: ${reasonName(code, 'disconnect')} (code ${code}).${takenOver}`,
    transient: code !== 142 && code !== 135 && code !== 138,
  };
}

/** For an error that the `mqtt` library found by itself. */
export function libraryFailure({ message }: Error): ConnectFailure {
  const [code, reason] = /connack timeout/i.test(message)
    ? ['CONNACK-TIMEOUT', 'The server took the connection and did not answer CONNECT. It may not be an MQTT broker.']
    : /keepalive timeout/i.test(message)
      ? ['KEEPALIVE-TIMEOUT', 'The broker stopped answering pings. The network broke, or the broker hangs.']
      : ['MALFORMED', `The broker sent something that is not MQTT (${message}). It may be another kind of server.`];
  return { phase: 'mqtt', code, reason, transient: true };
}

export function internalFailure(error: unknown): ConnectFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { phase: 'mqtt', code: 'INTERNAL', reason: `The connection failed: ${message}.`, transient: false };
}
