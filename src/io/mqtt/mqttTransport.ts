// Opens the way to a broker: TCP, TLS over it, and a WebSocket over that. Nothing of MQTT is sent before the broker's
// certificate has been verified. The certificate check has no off switch: pick the CA instead.
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import WebSocket, { createWebSocketStream } from 'ws';
import {
  type ConnectFailure,
  explainCertificateFailure,
  explainNetworkFailure,
  explainTlsFailure,
} from '../../core/mqtt/connectFailure';
import type { OwnConnections } from '../network/ownConnections';
import { readTlsFacts, type TlsFacts } from '../tls/tlsFacts';
import { ConnectError } from './connectError';

export type MqttProtocol = 'mqtt' | 'mqtts' | 'ws' | 'wss';

export interface TlsSettings {
  /** PEM of the CAs to trust, and no others. Undefined: the well-known ones of this system. */
  readonly ca?: string;
  /** PEM, leaf first, and its key. */
  readonly certificate?: string;
  readonly key?: string;
  readonly passphrase?: string;
  /** Sent as SNI and matched against the certificate instead of the host. */
  readonly servername?: string;
  readonly alpn?: readonly string[];
}

export interface Endpoint {
  readonly protocol: MqttProtocol;
  readonly host: string;
  readonly port: number;
  /** Of a WebSocket; default `/mqtt`. */
  readonly path?: string;
  readonly tls?: TlsSettings;
}

export interface Transport {
  readonly stream: Duplex;
  readonly tls: TlsFacts | null;
}

/**
 * Connects within `timeoutMs` for each step. Throws ConnectError; rejects with the signal's reason when aborted.
 */
export async function openTransport(endpoint: Endpoint, timeoutMs: number, signal: AbortSignal): Promise<Transport> {
  const socket = await openTcp(endpoint.host, endpoint.port, timeoutMs, signal);
  const secure = endpoint.protocol === 'mqtts' || endpoint.protocol === 'wss';
  if (!secure) {
    return {
      stream: endpoint.protocol === 'ws' ? await openWebSocket(endpoint, socket, timeoutMs) : socket,
      tls: null,
    };
  }
  const { stream, facts } = await openTls(endpoint, socket, timeoutMs, signal);
  const problem = facts.chainProblem || facts.nameProblem;
  if (problem) {
    stream.destroy();
    const leaf = facts.chain[0];
    throw new ConnectError(explainCertificateFailure(problem, facts.servername, leaf?.names ?? []), facts);
  }
  return {
    stream: endpoint.protocol === 'wss' ? await openWebSocket(endpoint, stream, timeoutMs) : stream,
    tls: facts,
  };
}

export function openTcp(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
  own?: OwnConnections,
): Promise<Socket> {
  const name = host.replace(/^\[(.*)\]$/, '$1');
  const socket = connectTcp({ host: name, port, noDelay: true });
  own?.watch(socket);
  return settle<Socket>(socket, timeoutMs, signal, (resolve, fail) => {
    socket.once('connect', () => resolve(socket));
    return (code, message) => fail(explainNetworkFailure({ host, port, code, message }));
  });
}

/** The handshake, whatever the certificate is worth: `facts` say it. */
export function openTls(
  { host, port, tls: settings = {} }: Pick<Endpoint, 'host' | 'port' | 'tls'>,
  socket: Duplex,
  timeoutMs: number,
  signal: AbortSignal,
  extra: tls.ConnectionOptions = {},
  prepare: (stream: tls.TLSSocket) => void = () => undefined,
): Promise<{ readonly stream: tls.TLSSocket; readonly facts: TlsFacts }> {
  const name = settings.servername || host.replace(/^\[(.*)\]$/, '$1');
  const ca = settings.ca ?? systemAuthorities();
  const sentCertificate = settings.certificate !== undefined;
  let stream: tls.TLSSocket;
  try {
    stream = tls.connect({
      socket,
      host: name,
      ...(isIP(name) ? {} : { servername: name }),
      ...(ca === undefined ? {} : { ca }),
      ...(settings.certificate === undefined ? {} : { cert: settings.certificate }),
      ...(settings.key === undefined ? {} : { key: settings.key }),
      ...(settings.passphrase === undefined ? {} : { passphrase: settings.passphrase }),
      ...(settings.alpn?.length ? { ALPNProtocols: [...settings.alpn] } : {}),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: false, // verified by readTlsFacts, so that a refused certificate can be shown
      ...extra,
    });
  } catch (error) {
    socket.destroy();
    throw new ConnectError(explainBadFiles(error), undefined, { cause: error });
  }
  prepare(stream);
  return settle(stream, timeoutMs, signal, (resolve, fail) => {
    stream.once('secureConnect', () => resolve({ stream, facts: readTlsFacts(stream, name) }));
    return (code, message) => fail(explainTlsFailure({ host, port, code, message, sentCertificate }));
  });
}

async function openWebSocket(endpoint: Endpoint, socket: Duplex, timeoutMs: number): Promise<Duplex> {
  const { protocol, host, port, path = '/mqtt' } = endpoint;
  const fail = (code: string, reason: string): ConnectError =>
    new ConnectError({ phase: 'websocket', code, reason, transient: false });
  const address = `${protocol}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}${path}`;
  // RFC 6455 sub-protocol `mqtt` (MQTT 3.1.1 section 6). Deflate gains nothing on small packets.
  const webSocket = new WebSocket(address, ['mqtt'], {
    createConnection: (() => socket) as never,
    perMessageDeflate: false,
    handshakeTimeout: timeoutMs,
  });
  const stream = createWebSocketStream(webSocket);
  return new Promise((resolve, reject) => {
    stream.once('error', (error) =>
      reject(fail('WEBSOCKET', `The WebSocket at ${path} did not open: ${error.message}.`)),
    );
    webSocket.once('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      reject(
        fail(
          `HTTP-${status}`,
          `The server answered HTTP ${status} instead of opening a WebSocket at ${path}. Check the path; /mqtt is usual.`,
        ),
      );
      webSocket.terminate();
    });
    webSocket.once('open', () => resolve(stream));
  });
}

type Fail = (code: string, message: string) => void;

/** Waits for one of: success, the socket's error or close, the deadline, the signal. Destroys the socket unless won. */
function settle<T>(
  socket: Socket,
  timeoutMs: number,
  signal: AbortSignal,
  listen: (resolve: (value: T) => void, fail: (failure: ConnectFailure) => void) => Fail,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('close', onClose);
    };
    const end = (error: unknown): void => {
      finish();
      socket.destroy();
      reject(error);
    };
    const failWith = listen(
      (value) => {
        finish(); // the error listener stays: an error before the next owner listens must not end the process
        resolve(value);
      },
      (failure) => end(new ConnectError(failure)),
    );
    const onError = (error: NodeJS.ErrnoException): void => failWith(innerCode(error), error.message.trim());
    const onClose = (): void => failWith('CLOSED', 'closed');
    const onAbort = (): void => end(signal.reason);
    const timer = setTimeout(() => failWith('TIMEOUT', `no answer in ${timeoutMs} ms`), timeoutMs);
    socket.on('error', onError);
    socket.on('close', onClose);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

/** Happy eyeballs fail with an AggregateError that has no code of its own. */
function innerCode(error: NodeJS.ErrnoException): string {
  if (error.code) return error.code;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return (first as NodeJS.ErrnoException | undefined)?.code ?? 'UNKNOWN';
}

function explainBadFiles(error: unknown): ConnectFailure {
  const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
  const reason = /BAD_DECRYPT|bad decrypt|interrupted or cancelled|MISSING_PASSPHRASE/i.test(`${code} ${message}`)
    ? 'The client key is encrypted and its passphrase is missing or wrong. Enter the passphrase.'
    : /KEY_VALUES_MISMATCH/.test(code)
      ? 'The client certificate and the key do not belong together. Choose the pair that was issued together.'
      : `The CA, the client certificate or the key cannot be read (${code}). Check that they are whole PEM files.`;
  return { phase: 'tls', code, reason, transient: false };
}

/** The system's own store where this Node can read it (22.15 and later), together with Mozilla's list. */
function systemAuthorities(): string[] | undefined {
  const read = (tls as { getCACertificates?: (type: string) => string[] }).getCACertificates;
  return read ? [...new Set([...read('default'), ...read('system')])] : undefined;
}
