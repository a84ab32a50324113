// The built-in broker: aedes (MQTT 3.1 and 3.1.1) behind node:tls, from PEM texts. The only file that imports aedes.
//
//   const broker = await startLocalBroker({ ca, certificate, key, onEvent });   // port 8883, mutual TLS
//   broker.port; broker.clients(); await broker.stop();
//
// A limit: Node verifies a client certificate after the handshake and cuts a bad one off without a TLS alert, where
// mosquitto sends `unknown_ca`. The event says why all the same. A missing certificate does get its alert.
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, createServer, type TLSSocket, type TlsOptions, type Server as TlsServer } from 'node:tls';
import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { UserError } from '../../core/errors';
import type { BrokerClient, BrokerEvent } from '../../core/mqtt/brokerEvents';
import { explainHandshakeFailure } from '../../core/tls/handshakeRefusal';
import { listenError } from '../network/listenError';
import { keepPublishOrder } from './publishOrder';
import { refuseVersion5, UNSUPPORTED_VERSION } from './refuseVersion5';

export const DEFAULT_BROKER_PORT = 8883;
const HANDSHAKE_TIMEOUT_MS = 15_000;

export interface LocalBrokerOptions {
  /** PEM: who signs client certificates. */
  readonly ca: string;
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM, not encrypted unless `passphrase` is given. */
  readonly key: string;
  readonly passphrase?: string;
  /** PEM: the revocation list of the CA. An expired one refuses every client. */
  readonly crl?: string;
  /** Default 0.0.0.0: boards are on the network. */
  readonly host?: string;
  /** Default 8883; 0 takes any free one. */
  readonly port?: number;
  /** MQTT over WebSocket with TLS on this port as well; 0 takes any free one. Off when undefined. */
  readonly webSocketPort?: number;
  /** Default true: mutual TLS. */
  readonly requireClientCertificate?: boolean;
  /** Name -> password. When given, a client must log in with one of them. */
  readonly users?: ReadonlyMap<string, string>;
  /** Other than TLS 1.2 and 1.3 with Node's suites: only to show boards what goes wrong. */
  readonly tls?: Pick<TlsOptions, 'minVersion' | 'maxVersion' | 'ciphers'>;
  /** Called for everything that happens; must not throw. */
  readonly onEvent?: (event: BrokerEvent) => void;
}

export interface LocalBroker {
  readonly host: string;
  readonly port: number;
  readonly webSocketPort: number | undefined;
  readonly requiresClientCertificate: boolean;
  clients(): readonly BrokerClient[];
  /** From now on; who is connected stays. Tickets given before are void, so that nobody resumes past it. */
  useRevocationList(crl: string): void;
  /** Disconnects everybody and frees the ports. */
  stop(): Promise<void>;
}

/**
 * Starts listening. Throws UserError: `broker-port-busy`, `broker-port-refused`, `broker-address`, or
 * `broker-certificate` when certificate and key cannot be used.
 */
export async function startLocalBroker(options: LocalBrokerOptions): Promise<LocalBroker> {
  const { host = '0.0.0.0', port = DEFAULT_BROKER_PORT, requireClientCertificate = true } = options;
  const tlsOptions: TlsOptions = {
    ca: options.ca,
    cert: options.certificate,
    key: options.key,
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    ...(options.crl === undefined ? {} : { crl: listsOf(options.crl) }),
    minVersion: 'TLSv1.2',
    ...options.tls,
    requestCert: requireClientCertificate,
    rejectUnauthorized: requireClientCertificate,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  };
  proveUsable(tlsOptions);
  const session = await BrokerSession.create(options);
  const sockets = new Set<Socket>();
  const servers: (Server | HttpsServer)[] = [];
  const tlsServers: TlsServer[] = [];
  const listen = async (server: Server | HttpsServer, wanted: number): Promise<number> => {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    session.watchHandshakes(server);
    await startListening(server, host, wanted);
    return (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    session.silence();
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
    await session.close();
  };
  try {
    const mqtt = createServer(tlsOptions, (socket) => session.accept(socket, socket, 'tls'));
    tlsServers.push(mqtt);
    const mqttPort = await listen(mqtt, port);
    let webSocketPort: number | undefined;
    if (options.webSocketPort !== undefined) {
      const https = createHttpsServer(tlsOptions);
      tlsServers.push(https);
      // RFC 6455: the client asks for the sub-protocol `mqtt`, and gets it back.
      const webSockets = new WebSocketServer({ server: https, handleProtocols: (all) => all.has('mqtt') && 'mqtt' });
      webSockets.on('error', () => undefined); // the server's own, which `listen` tells
      webSockets.on('connection', (ws, request) =>
        session.accept(createWebSocketStream(ws), request.socket as TLSSocket, 'websocket'),
      );
      webSocketPort = await listen(https, options.webSocketPort);
    }
    return {
      host,
      port: mqttPort,
      webSocketPort,
      requiresClientCertificate: requireClientCertificate,
      clients: () => session.clients(),
      useRevocationList: (crl) => {
        const renewed = { ...tlsOptions, crl: listsOf(crl) };
        proveUsable(renewed);
        for (const server of tlsServers) server.setSecureContext(renewed);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** aedes and what is known of each of its connections. */
class BrokerSession {
  private readonly peers = new WeakMap<Duplex, Omit<BrokerClient, 'id' | 'username' | 'sinceMs'>>();
  private readonly remotePorts = new WeakMap<Duplex, number>();
  private readonly connected = new Map<Client, BrokerClient>();
  private readonly usernames = new WeakMap<Client, string>();
  private silent = false;

  private constructor(
    private readonly aedes: Aedes,
    private readonly onEvent: (event: BrokerEvent) => void,
  ) {}

  static async create(options: LocalBrokerOptions): Promise<BrokerSession> {
    const aedes = await Aedes.createBroker({ connectTimeout: HANDSHAKE_TIMEOUT_MS });
    keepPublishOrder(aedes);
    aedes.preConnect = refuseVersion5;
    const session = new BrokerSession(aedes, options.onEvent ?? (() => undefined));
    aedes.authenticate = (client, username, password, done) => {
      // With a certificate its common name is the user, as mosquitto's use_identity_as_username has it.
      const user = session.peers.get(client.conn)?.commonName ?? username;
      if (user) session.usernames.set(client, user);
      const expected = username === undefined ? undefined : options.users?.get(username);
      if (!options.users || (expected !== undefined && password?.toString('utf8') === expected)) done(null, true);
      else done(Object.assign(new Error('wrong user name or password'), { returnCode: 4 }) as AuthenticateError, null);
    };
    aedes.on('clientReady', (client) => session.onReady(client));
    aedes.on('clientDisconnect', (client) => session.onGone(client));
    aedes.on('connectionError', (client, error) => session.onRefused(client, error));
    aedes.on('clientError', (client, error) => session.onRefused(client, error));
    aedes.on('publish', (packet, client) => session.onPublish(packet, client));
    return session;
  }

  clients(): readonly BrokerClient[] {
    return [...this.connected.values()];
  }

  accept(stream: Duplex, socket: TLSSocket, transport: BrokerClient['transport']): void {
    const subject = socket.getPeerCertificate()?.subject;
    const name: unknown = subject?.CN; // an array when the certificate has several
    this.peers.set(stream, {
      commonName: typeof name === 'string' ? name : Array.isArray(name) ? String(name[0]) : null,
      remoteAddress: plainAddress(socket.remoteAddress),
      transport,
      tlsVersion: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher()?.standardName ?? 'unknown',
    });
    if (socket.remotePort !== undefined) this.remotePorts.set(stream, socket.remotePort);
    stream.on('error', () => undefined); // aedes reports it; without a listener it would end the process
    this.aedes.handle(stream);
  }

  watchHandshakes(server: Server | HttpsServer): void {
    // When the client is cut off after the handshake, the TLS socket no longer knows its address; the raw socket's
    // `close` comes right before the `tlsClientError` that it belongs to.
    let closed: { readonly address: string; readonly port: number | undefined; readonly bytes: number } | undefined;
    server.on('connection', (raw: Socket) => {
      const address = plainAddress(raw.remoteAddress);
      const port = raw.remotePort;
      raw.once('close', () => {
        closed = { address, port, bytes: raw.bytesRead };
      });
    });
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      const remoteAddress = socket.remoteAddress ? plainAddress(socket.remoteAddress) : (closed?.address ?? 'unknown');
      const remotePort = socket.remoteAddress ? socket.remotePort : closed?.port;
      const bytesReceived = socket.remoteAddress ? socket.bytesRead : closed?.bytes;
      const verification: unknown = socket.authorizationError; // null when it was never verified
      this.emit({
        type: 'handshakeFailed',
        timeMs: Date.now(),
        remoteAddress,
        ...(remotePort === undefined ? {} : { remotePort }),
        refusal: explainHandshakeFailure({
          code: error.code ?? 'UNKNOWN',
          message: error.message.trim(),
          ...(verification ? { clientCertificateError: String(verification) } : {}),
          ...(bytesReceived === undefined ? {} : { bytesReceived }),
        }),
      });
    });
  }

  silence(): void {
    this.silent = true;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.aedes.close(() => resolve()));
  }

  private emit(event: BrokerEvent): void {
    if (!this.silent) this.onEvent(event);
  }

  private onReady(client: Client): void {
    const peer = this.peers.get(client.conn);
    if (!peer) return;
    const username = this.usernames.get(client) ?? null;
    const record: BrokerClient = { id: client.id, username, ...peer, sinceMs: Date.now() };
    this.connected.set(client, record);
    this.emit({ type: 'clientConnected', timeMs: record.sinceMs, client: record });
  }

  private onGone(client: Client): void {
    const record = this.connected.get(client);
    if (record) this.emit({ type: 'clientDisconnected', timeMs: Date.now(), client: record });
    this.connected.delete(client);
  }

  private onRefused(client: Client, error: Error): void {
    if (this.connected.has(client)) return; // a network error of a client that was in: its disconnect says it
    const peer = this.peers.get(client.conn);
    const remotePort = this.remotePorts.get(client.conn);
    const code = 'errorCode' in error ? error.errorCode : undefined;
    this.emit({
      type: 'clientRefused',
      timeMs: Date.now(),
      remoteAddress: peer?.remoteAddress ?? 'unknown',
      ...(remotePort === undefined ? {} : { remotePort }),
      clientId: client.id ?? '',
      commonName: peer?.commonName ?? null,
      reason:
        code === 1 || code === UNSUPPORTED_VERSION
          ? `The client asked for ${code === 1 ? 'an unknown version of MQTT' : 'MQTT 5'}; this broker speaks MQTT 3.1.1. Set version 3.1.1 (esp-mqtt: session.protocol_ver = MQTT_PROTOCOL_V_3_1_1).`
          : code === 4
            ? 'Wrong user name or password.'
            : `The connection ended before MQTT was up: ${error.message}.`,
    });
  }

  private onPublish(packet: AedesPublishPacket, client: Client | null): void {
    if (!client) return; // the broker's own $SYS messages
    this.emit({
      type: 'published',
      timeMs: Date.now(),
      clientId: client.id,
      topic: packet.topic,
      bytes: packet.payload.length,
      qos: packet.qos,
      retain: packet.retain,
    });
  }
}

function plainAddress(address: string | undefined): string {
  return address?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'unknown';
}

function proveUsable(options: TlsOptions): void {
  try {
    createSecureContext(options);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new UserError(
      'broker-certificate',
      /CRL/.test(text)
        ? 'The revocation list (ca/ca.crl) cannot be read. Make a new one with "secure-iot certs crl".'
        : /key values mismatch/i.test(text)
          ? 'The broker’s certificate and key do not belong together. Use the pair that was issued together, or generate a new one.'
          : `The broker’s certificate or key cannot be used: ${text}. Check that both are whole PEM files and that the key is not encrypted.`,
      { title: 'Generate Certificates', command: 'secureIot.generateCertificates' },
      { cause: error },
    );
  }
}

function startListening(server: Server | HttpsServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.on('error', (error) => void listenError(error, host, port).then(reject));
    server.listen(port, host, () => resolve());
  });
}

/** Node takes one list a string, and ca/ca.crl has one for each authority. */
function listsOf(crl: string): string[] {
  return crl.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [crl];
}
