// One measured TLS handshake with a broker, ended by a clean MQTT CONNECT and DISCONNECT.
import type { SecureVersion, TLSSocket } from 'node:tls';
import { connackCode, connectPacket, DISCONNECT_PACKET } from '../core/diagnose/mqttHello';
import { alertNumberIn } from '../core/tls/alerts';
import type { HandshakeMeasure, MqttAnswer } from '../core/tls/probeReport';
import { ConnectError } from './connectError';
import { type Endpoint, openTcp, openTls } from './mqttTransport';
import type { TlsFacts } from './tlsFacts';

export interface HandshakeOptions {
  readonly version: Extract<SecureVersion, 'TLSv1.2' | 'TLSv1.3'>;
  /** Of an earlier handshake, to resume. */
  readonly session?: Buffer;
  /** OpenSSL's SSL_OP_ flags. */
  readonly secureOptions?: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clientId: string;
}

export interface HandshakeResult {
  readonly answer: MqttAnswer;
  /** Missing when the handshake did not finish. */
  readonly facts?: TlsFacts;
  readonly measure?: HandshakeMeasure;
  /** Bytes that TLS adds to one MQTT packet. */
  readonly overheadBytes?: number;
  readonly session?: Buffer;
  /** TLS 1.2: the server gave a session ticket. */
  readonly ticket: boolean;
  readonly ocspStapled: boolean;
}

/** Throws ConnectError only where there is no TCP connection. */
export async function handshake(
  endpoint: Pick<Endpoint, 'host' | 'port' | 'tls'>,
  options: HandshakeOptions,
): Promise<HandshakeResult> {
  const { version, session, secureOptions, timeoutMs, signal } = options;
  const raw = await openTcp(endpoint.host, endpoint.port, timeoutMs, signal);
  const startedMs = performance.now();
  let stream: TLSSocket;
  let facts: TlsFacts;
  let ocspStapled = false;
  try {
    const extra = {
      minVersion: version,
      maxVersion: version,
      requestOCSP: true,
      ...(session ? { session } : {}),
      ...(secureOptions === undefined ? {} : { secureOptions }),
    };
    ({ stream, facts } = await openTls(endpoint, raw, timeoutMs, signal, extra, (socket) =>
      socket.on('OCSPResponse', (response: Buffer | null) => {
        ocspStapled = (response?.length ?? 0) > 0;
      }),
    ));
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { answer: refused(error.failure.alert, error.failure.reason), ticket: false, ocspStapled: false };
  }
  const measure: HandshakeMeasure = {
    version: facts.version,
    cipher: facts.cipher,
    bytes: raw.bytesRead + raw.bytesWritten,
    roundTrips: version === 'TLSv1.3' || facts.resumed ? 1 : 2,
    milliseconds: Math.round(performance.now() - startedMs),
  };
  const ticket = stream.getTLSTicket() !== undefined;
  const exchange = await sayConnect(stream, raw, options);
  return { facts, measure, ticket, ocspStapled, ...exchange };
}

function refused(alert: number | undefined, message: string): MqttAnswer {
  return { outcome: 'tls-refused', message, ...(alert === undefined ? {} : { alert }) };
}

async function sayConnect(
  stream: TLSSocket,
  raw: { readonly bytesWritten: number },
  { clientId, timeoutMs, signal }: HandshakeOptions,
): Promise<Pick<HandshakeResult, 'answer' | 'session' | 'overheadBytes'>> {
  let session: Buffer | undefined = stream.getProtocol() === 'TLSv1.2' ? stream.getSession() : undefined;
  stream.on('session', (ticket: Buffer) => {
    session = ticket;
  });
  const packet = connectPacket(clientId);
  const answer = await new Promise<MqttAnswer>((resolve) => {
    const finish = (result: MqttAnswer): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = (): void => finish({ outcome: 'no-answer' });
    const timer = setTimeout(() => finish({ outcome: 'no-answer' }), timeoutMs);
    signal.addEventListener('abort', onAbort);
    stream.on('data', (bytes: Buffer) => {
      const code = connackCode(bytes);
      if (code === undefined) finish({ outcome: 'no-answer' });
      else finish(code === 0 ? { outcome: 'accepted' } : { outcome: 'refused', code });
    });
    stream.on('error', (error) => finish(refused(alertNumberIn(error.message), error.message.trim())));
    stream.on('close', () => finish({ outcome: 'no-answer' }));
    stream.write(packet);
  });
  const overheadBytes = stream.writable ? await sayDisconnect(stream, raw) : undefined;
  await endCleanly(stream);
  return {
    answer,
    ...(session ? { session } : {}),
    ...(overheadBytes === undefined ? {} : { overheadBytes }),
  };
}

/** With a close_notify: a server forgets a session that ends without one, and it could not be resumed (RFC 5246 7.2.1). */
async function endCleanly(stream: TLSSocket): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 200);
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
function sayDisconnect(stream: TLSSocket, raw: { readonly bytesWritten: number }): Promise<number | undefined> {
  const before = raw.bytesWritten;
  return new Promise((resolve) => {
    stream.once('close', () => resolve(undefined));
    stream.write(DISCONNECT_PACKET, (error) => {
      const added = raw.bytesWritten - before - DISCONNECT_PACKET.length;
      resolve(error || added <= 0 ? undefined : added);
    });
  });
}
