// One measured TLS handshake with a broker, ended by a clean MQTT CONNECT and DISCONNECT, with what the server sent in it.
import type { ConnectionOptions, SecureVersion, TLSSocket } from 'node:tls';
import { connackCode, connectPacket, DISCONNECT_PACKET } from '../../core/diagnose/mqttHello';
import { alertNumberIn } from '../../core/tls/alerts';
import type { HandshakeMeasure, MqttAnswer } from '../../core/tls/probeReport';
import { ConnectError } from '../mqtt/connectError';
import { type Endpoint, openTcp, openTls } from '../mqtt/mqttTransport';
import type { OwnConnections } from '../network/ownConnections';
import type { TlsFacts } from './tlsFacts';
import { readTappedFlight, type TappedFlight } from './tlsFlight';
import { TlsTap } from './tlsTap';

export interface HandshakeOptions {
  readonly version: SecureVersion;
  /** Of an earlier handshake, to resume. */
  readonly session?: Buffer;
  /** OpenSSL's SSL_OP_ flags. */
  readonly secureOptions?: number;
  /** OpenSSL's names, joined by colons. Left out: what Node offers by itself. */
  readonly ciphers?: string;
  readonly groups?: string;
  readonly alpn?: readonly string[];
  /** Default true. */
  readonly sendServername?: boolean;
  readonly timeoutMs: number;
  /** How long to wait for the answer to CONNECT; default: `timeoutMs`. 0 says all at once and goes. */
  readonly answerMs?: number;
  readonly signal: AbortSignal;
  readonly clientId: string;
  readonly own?: OwnConnections;
}

export interface HandshakeResult extends TappedFlight {
  readonly answer: MqttAnswer;
  /** Missing when the handshake did not finish. */
  readonly facts?: TlsFacts;
  readonly measure?: HandshakeMeasure;
  readonly session?: Buffer;
  /** TLS 1.2: the server gave a session ticket. */
  readonly ticket: boolean;
  /** The OCSP response that was stapled, DER. */
  readonly ocsp?: Uint8Array;
  /** Node's code when it could not even offer this: its library has none of these suites or groups. */
  readonly notOffered?: string;
}

/** Throws ConnectError only where there is no TCP connection. */
export async function handshake(
  endpoint: Pick<Endpoint, 'host' | 'port' | 'tls'>,
  options: HandshakeOptions,
): Promise<HandshakeResult> {
  const { timeoutMs, signal, own } = options;
  const tap = new TlsTap(await openTcp(endpoint.host, endpoint.port, timeoutMs, signal, own));
  tap.on('error', () => undefined); // told by the TLS socket; without a listener it would end the process
  const startedMs = performance.now();
  let secret: Buffer | undefined;
  let ocsp: Buffer | undefined;
  let session: Buffer | undefined;
  const listen = (socket: TLSSocket): void => {
    socket.on('keylog', (line: Buffer) => {
      const [label, , hex] = line.toString('latin1').trim().split(' ');
      if (label === 'SERVER_HANDSHAKE_TRAFFIC_SECRET' && hex) secret = Buffer.from(hex, 'hex');
    });
    socket.on('session', (bytes: Buffer) => {
      session = bytes;
    });
    socket.on('OCSPResponse', (response: Buffer | null) => {
      if (response?.length) ocsp = response;
    });
  };
  const seen = (): TappedFlight & { readonly ocsp?: Uint8Array } => ({
    ...readTappedFlight(tap.received, secret),
    ...(ocsp ? { ocsp } : {}),
  });
  try {
    const { stream, facts } = await openTls(endpoint, tap, timeoutMs, signal, connectionOptions(options), listen);
    const milliseconds = Math.round(performance.now() - startedMs);
    const { bytesIn, roundTrips } = tap;
    await new Promise(setImmediate); // our own last message is on its way by then
    const bytes = bytesIn + tap.bytesOut;
    const ticket = stream.getTLSTicket() !== undefined;
    const judged = facts.version === 'TLSv1.3' && seen().flight.acceptedIssuers !== undefined && !session;
    const { answer, overheadBytes } = await sayConnect(stream, tap, options, judged ? 50 + 3 * milliseconds : 0);
    session ??= facts.version === 'TLSv1.3' ? undefined : stream.getSession();
    const measure: HandshakeMeasure = {
      version: facts.version,
      cipher: facts.cipher,
      bytes,
      roundTrips,
      milliseconds,
      ...(overheadBytes === undefined ? {} : { overheadBytes }),
    };
    return { facts, measure, ticket, answer, ...seen(), ...(session ? { session } : {}) };
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const { alert, reason, code } = error.failure;
    const notOffered = /NO_CIPHER_MATCH|CRYPTO_OPERATION_FAILED|INVALID_COMMAND/.test(code) ? { notOffered: code } : {};
    return { answer: refused(alert, reason), ticket: false, ...seen(), ...notOffered };
  }
}

function connectionOptions(options: HandshakeOptions): ConnectionOptions & { readonly requestOCSP: boolean } {
  const { version, session, secureOptions, ciphers, groups, alpn, sendServername = true } = options;
  return {
    minVersion: version,
    maxVersion: version,
    requestOCSP: true,
    ...(session ? { session } : {}),
    ...(secureOptions === undefined ? {} : { secureOptions }),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(groups === undefined ? {} : { ecdhCurve: groups }),
    ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
    ...(sendServername ? {} : { servername: '' }),
  };
}

function refused(alert: number | undefined, message: string): MqttAnswer {
  return { outcome: 'tls-refused', message, ...(alert === undefined ? {} : { alert }) };
}

interface Exchange {
  readonly answer: MqttAnswer;
  readonly overheadBytes?: number;
}

/**
 * `verdictMs`: in TLS 1.3 the server judges our certificate after the handshake is done for us, and its alert would be
 * lost if we wrote into a connection that it has closed. A session ticket says that it went well; so long it is awaited.
 */
async function sayConnect(
  stream: TLSSocket,
  tap: TlsTap,
  options: HandshakeOptions,
  verdictMs: number,
): Promise<Exchange> {
  const { clientId, timeoutMs, answerMs = timeoutMs, signal } = options;
  const answer = await new Promise<MqttAnswer>((resolve) => {
    const finish = (result: MqttAnswer): void => {
      clearTimeout(timer);
      clearTimeout(verdict);
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = (): void => finish({ outcome: 'no-answer' });
    const timer = setTimeout(() => finish({ outcome: 'no-answer' }), answerMs + verdictMs);
    signal.addEventListener('abort', onAbort);
    stream.on('data', (bytes: Buffer) => {
      const code = connackCode(bytes);
      if (code === undefined) finish({ outcome: 'no-answer' });
      else finish(code === 0 ? { outcome: 'accepted' } : { outcome: 'refused', code });
    });
    stream.on('error', (error) => finish(refused(alertNumberIn(error.message), error.message.trim())));
    stream.on('close', () => finish({ outcome: 'no-answer' }));
    const speak = (): void => {
      if (stream.writable) stream.write(connectPacket(clientId));
    };
    const verdict = verdictMs > 0 ? setTimeout(speak, verdictMs) : undefined;
    if (!verdict) speak();
    else {
      stream.once('session', () => {
        clearTimeout(verdict);
        setImmediate(speak); // OpenSSL is still reading at this moment
      });
    }
  });
  const overheadBytes = stream.writable ? await sayDisconnect(stream, tap) : undefined;
  // A broker closes after DISCONNECT. Who does not wait for that may reset the line before a busy one has read it.
  await endCleanly(stream, answer.outcome === 'accepted' ? timeoutMs : 200);
  return { answer, ...(overheadBytes === undefined ? {} : { overheadBytes }) };
}

/** With a close_notify: a server forgets a session that ends without one, and it could not be resumed (RFC 5246 7.2.1). */
async function endCleanly(stream: TLSSocket, waitMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, waitMs);
    stream.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    if (stream.writable) stream.end();
    else stream.destroy();
  });
  stream.destroy();
}

/** Returns what TLS added to the packet: a record's header, nonce and tag. Undefined when it did not leave. */
function sayDisconnect(stream: TLSSocket, tap: TlsTap): Promise<number | undefined> {
  const before = tap.bytesOut;
  return new Promise((resolve) => {
    stream.once('close', () => resolve(undefined));
    stream.write(DISCONNECT_PACKET, (error) => {
      const added = tap.bytesOut - before - DISCONNECT_PACKET.length;
      resolve(error || added <= 0 ? undefined : added);
    });
  });
}
