// A session with a broker: connects, says why it cannot, comes back by itself without storming, subscribes again.
// The only file that imports mqtt.
//
//   const session = new MqttSession(options, { onState, onMessage });
//   session.connect();                                  // returns at once; states tell the rest
//   await session.subscribe('home/#', 0);               // also while not connected: done as soon as it is
//   await session.publish('home/light', 'on', { qos: 1, retain: false });
//   await session.disconnect();
import type { Duplex } from 'node:stream';
import { type IPublishPacket, MqttClient, type Packet } from 'mqtt';
import { UserError } from '../../core/errors';
import { type BackOff, backOffDelay, DEFAULT_BACK_OFF } from '../../core/mqtt/backOff';
import { type ConnectFailure, explainConnack } from '../../core/mqtt/connectFailure';
import { type TracedPacket, tracePacket } from '../../core/mqtt/packetTrace';
import { type PublishFrame, PublishTap } from '../../core/mqtt/publishTap';
import { reasonName } from '../../core/mqtt/reasonCodes';
import {
  brokerLeft,
  closedFailure,
  internalFailure,
  libraryFailure,
  subscribeProblem,
} from '../../core/mqtt/sessionFailure';
import type { TlsFacts } from '../tls/tlsFacts';
import { ConnectError } from './connectError';
import { type Endpoint, openTransport } from './mqttTransport';
import { TappedStream } from './tappedStream';

export type Qos = 0 | 1 | 2;

export interface SessionOptions extends Endpoint {
  readonly version?: '3.1.1' | '5';
  /** Empty or undefined: a random one. */
  readonly clientId?: string;
  readonly username?: string;
  readonly password?: string;
  /** Seconds; default 60; 0 switches it off. */
  readonly keepAlive?: number;
  /** Default true. */
  readonly cleanStart?: boolean;
  /** Seconds, MQTT 5. */
  readonly sessionExpiry?: number;
  readonly lastWill?: {
    readonly topic: string;
    readonly payload: string | Uint8Array;
    readonly qos: Qos;
    readonly retain: boolean;
  };
  /** For TCP, TLS and CONNACK each; default 15 s. */
  readonly timeoutMs?: number;
  readonly backOff?: BackOff;
}

export type SessionState =
  | { readonly type: 'idle' }
  | { readonly type: 'connecting'; readonly attempt: number }
  | {
      readonly type: 'connected';
      readonly sinceMs: number;
      readonly sessionPresent: boolean;
      readonly tls: TlsFacts | null;
    }
  | {
      readonly type: 'failed';
      readonly failure: ConnectFailure;
      /** What the handshake had shown, when only the certificate was refused. */
      readonly tls: TlsFacts | null;
      /** When it tries again by itself, in epoch milliseconds; null: it does not. */
      readonly retryAtMs: number | null;
    };

export interface ReceivedMessage {
  readonly topic: string;
  /** May share memory with the network buffer: copy what you keep. */
  readonly payload: Uint8Array;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly duplicate: boolean;
  /** MQTT 5 properties as text. */
  readonly properties?: readonly (readonly [string, string])[];
}

export type SubscriptionState =
  | { readonly type: 'pending' }
  | { readonly type: 'active'; readonly qos: Qos }
  | { readonly type: 'refused'; readonly reason: string };

export interface SessionListener {
  onState(state: SessionState): void;
  onMessage(message: ReceivedMessage): void;
  /**
   * Where it is there, messages of QoS 0 come here instead, as they stand in the network's bytes: several times as fast.
   * The frame is used again for the next message.
   */
  onFrame?(frame: PublishFrame): void;
  /** While what it returns is not done, no more is read: the broker waits. Undefined: there is room. Not asked for frames. */
  room?(): Promise<void> | undefined;
  onSubscription?(filter: string, state: SubscriptionState): void;
  /** Every packet in both directions, as text. Costs a little for each message. */
  onPacket?(direction: 'out' | 'in', packet: TracedPacket): void;
}

export interface PublishOptions {
  readonly qos?: Qos;
  readonly retain?: boolean;
  /** MQTT 5. */
  readonly properties?: IPublishPacket['properties'];
}

const DEFAULT_TIMEOUT_MS = 15_000;

export class MqttSession {
  private current: SessionState = { type: 'idle' };
  private readonly filters = new Map<string, Qos>();
  private readonly clientId: string;
  private readonly backOff: Required<BackOff>;
  private client: MqttClient | undefined;
  private abort: AbortController | undefined;
  private retry: NodeJS.Timeout | undefined;
  private attempt = 0;

  constructor(
    private readonly options: SessionOptions,
    private readonly listener: SessionListener,
  ) {
    this.backOff = { ...DEFAULT_BACK_OFF, ...options.backOff };
    this.clientId = options.clientId || `secure-iot-${Math.random().toString(16).slice(2, 10)}`;
  }

  get state(): SessionState {
    return this.current;
  }

  /** Starts connecting, now, unless it is connecting or connected. */
  connect(): void {
    if (this.current.type === 'connecting' || this.current.type === 'connected') return;
    this.attempt = 0;
    this.start();
  }

  /** Says goodbye to the broker, waits at most a second, and stays idle. */
  async disconnect(): Promise<void> {
    const { client } = this;
    this.stop();
    this.enter({ type: 'idle' });
    if (!client) return;
    client.removeAllListeners('message');
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        client.end(true);
        resolve();
      }, 1_000);
      client.end(false, {}, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Resolves when the broker has answered, or at once when not connected: then it is done on the next connection. */
  async subscribe(filter: string, qos: Qos): Promise<SubscriptionState> {
    this.filters.set(filter, qos);
    return this.client?.connected
      ? this.subscribeNow(this.client, filter, qos)
      : this.told(filter, { type: 'pending' });
  }

  async unsubscribe(filter: string): Promise<void> {
    this.filters.delete(filter);
    if (this.client?.connected) await this.client.unsubscribeAsync(filter);
  }

  /**
   * Resolves when the broker has it: acknowledged for QoS 1 and 2, handed to the network for QoS 0. Throws UserError
   * `not-connected`, or `publish-failed` when the connection broke before the acknowledgement or the broker refused.
   */
  async publish(topic: string, payload: string | Uint8Array, options: PublishOptions = {}): Promise<void> {
    const { client } = this;
    if (!client?.connected) throw new UserError('not-connected', 'Connect to a broker first, then publish.');
    const { qos = 0, retain = false, properties } = options;
    const bytes =
      typeof payload === 'string' ? payload : Buffer.from(payload.buffer, payload.byteOffset, payload.length);
    await new Promise<void>((resolve, reject) => {
      const onClose = (): void => fail('the connection broke before the broker had acknowledged it');
      const fail = (why: string): void =>
        reject(new UserError('publish-failed', `The message to "${topic}" may not have arrived: ${why}.`));
      client.once('close', onClose);
      client.publish(topic, bytes, { qos, retain, ...(properties ? { properties } : {}) }, (error) => {
        client.off('close', onClose);
        if (error) fail(error.message);
        else resolve();
      });
    });
  }

  private stop(): void {
    clearTimeout(this.retry);
    this.abort?.abort(new Error('stopped'));
    this.abort = undefined;
    this.client = undefined;
  }

  private start(): void {
    this.stop();
    const abort = new AbortController();
    this.abort = abort;
    this.attempt++;
    this.enter({ type: 'connecting', attempt: this.attempt });
    this.open(abort.signal).catch((error: unknown) => {
      if (abort.signal.aborted) return;
      if (error instanceof ConnectError) this.fail(error.failure, error.tls ?? null);
      else this.fail(internalFailure(error), null);
    });
  }

  private async open(signal: AbortSignal): Promise<void> {
    const timeoutMs = this.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const { stream, tls } = await openTransport(this.options, timeoutMs, signal);
    if (signal.aborted) {
      stream.destroy();
      return;
    }
    let streamError: NodeJS.ErrnoException | undefined;
    stream.on('error', (error) => {
      streamError = error; // TLS 1.3: a refused client certificate is told after the handshake
    });
    const client = new MqttClient(() => this.tapped(stream, signal), this.clientOptions(timeoutMs));
    client.setMaxListeners(0); // one for each publication under way
    this.client = client;
    let connectedAtMs = 0;
    let failure: ConnectFailure | undefined;
    client.on('connect', (connack) => {
      if (signal.aborted) return;
      connectedAtMs = Date.now();
      const { sessionPresent } = connack;
      this.enter({ type: 'connected', sinceMs: connectedAtMs, sessionPresent, tls });
      for (const [filter, qos] of this.filters) void this.subscribeNow(client, filter, qos);
    });
    client.on('error', (error: Error & { readonly code?: unknown }) => {
      if (typeof error.code === 'number') {
        if (!connectedAtMs) failure = explainConnack(error.code);
      } else if (typeof error.code === 'string') {
        streamError ??= error as NodeJS.ErrnoException; // of a write: it comes before the stream's own
      } else if (!streamError) {
        failure = libraryFailure(error); // for malformed packets the library only reports it and would stay
        stream.destroy();
      }
    });
    client.on('disconnect', ({ reasonCode = 0 }) => {
      failure = brokerLeft(reasonCode);
    });
    client.on('message', (topic, payload, packet) => {
      if (!signal.aborted) this.listener.onMessage(received(topic, payload, packet));
    });
    const { room } = this.listener;
    if (room) {
      client.handleMessage = (_packet, done) => {
        const wait = room.call(this.listener);
        if (wait) void wait.then(() => done());
        else done();
      };
    }
    this.trace(client);
    client.once('close', () => {
      client.end(true);
      if (signal.aborted) return;
      if (connectedAtMs && Date.now() - connectedAtMs > this.backOff.settledMs) this.attempt = 0;
      this.fail(failure ?? this.closedBecause(streamError, connectedAtMs > 0, tls !== null), tls);
    });
    signal.addEventListener('abort', () => {
      if (!client.connected) client.end(true);
    });
    client.connect();
  }

  private tapped(stream: Duplex, signal: AbortSignal): Duplex {
    const { listener } = this;
    if (!listener.onFrame) return stream;
    const onPublish = (frame: PublishFrame): void => {
      if (!signal.aborted) listener.onFrame?.(frame);
    };
    return new TappedStream(stream, new PublishTap(this.options.version ?? '3.1.1', onPublish));
  }

  private clientOptions(timeoutMs: number): ConstructorParameters<typeof MqttClient>[1] {
    const { version = '3.1.1', username, password, keepAlive = 60, cleanStart = true, lastWill } = this.options;
    const { sessionExpiry } = this.options;
    return {
      protocolId: 'MQTT',
      protocolVersion: version === '5' ? 5 : 4,
      clientId: this.clientId,
      clean: cleanStart,
      keepalive: keepAlive,
      connectTimeout: timeoutMs,
      manualConnect: true, // after the listeners are there: the first packet is part of the trace
      reconnectPeriod: 0, // we reconnect, with a back-off and only where it can help
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
      ...(lastWill ? { will: { ...lastWill, payload: Buffer.from(lastWill.payload) } } : {}),
      ...(version === '5' && sessionExpiry ? { properties: { sessionExpiryInterval: sessionExpiry } } : {}),
    };
  }

  private trace(client: MqttClient): void {
    const { onPacket } = this.listener;
    if (!onPacket) return;
    const tell = (direction: 'out' | 'in') => (packet: Packet) =>
      onPacket.call(this.listener, direction, tracePacket({ ...packet }));
    client.on('packetsend', tell('out'));
    client.on('packetreceive', tell('in'));
  }

  private async subscribeNow(client: MqttClient, filter: string, qos: Qos): Promise<SubscriptionState> {
    this.told(filter, { type: 'pending' });
    return new Promise((resolve) => {
      // MQTT 5 tells on request that a live message is kept by the broker; 3.1.1 only tells it of what was there before.
      const asPublished = this.options.version === '5' ? { rap: true } : {};
      client.subscribe(filter, { qos, ...asPublished }, (error, granted) => {
        const answer = granted?.[0]?.qos;
        if (client !== this.client) resolve({ type: 'pending' });
        else if (error) resolve(this.told(filter, { type: 'refused', reason: subscribeProblem(error) }));
        else if (answer === undefined) resolve(this.told(filter, { type: 'active', qos }));
        else if (answer > 2) resolve(this.told(filter, { type: 'refused', reason: reasonName(answer, 'suback') }));
        else resolve(this.told(filter, { type: 'active', qos: answer as Qos }));
      });
    });
  }

  private told(filter: string, state: SubscriptionState): SubscriptionState {
    this.listener.onSubscription?.(filter, state);
    return state;
  }

  private closedBecause(
    error: NodeJS.ErrnoException | undefined,
    wasConnected: boolean,
    secure: boolean,
  ): ConnectFailure {
    const { host, port, tls } = this.options;
    const facts = { host, port, code: error?.code ?? 'CLOSED', message: error?.message ?? 'closed' };
    return closedFailure({ ...facts, wasConnected, secure, sentCertificate: tls?.certificate !== undefined });
  }

  private fail(failure: ConnectFailure, tls: TlsFacts | null): void {
    this.stop();
    if (!failure.transient) {
      this.enter({ type: 'failed', failure, tls, retryAtMs: null });
      return;
    }
    const delay = backOffDelay(Math.max(1, this.attempt), Math.random(), this.backOff);
    this.retry = setTimeout(() => this.start(), delay);
    this.enter({ type: 'failed', failure, tls, retryAtMs: Date.now() + delay });
  }

  private enter(state: SessionState): void {
    this.current = state;
    this.listener.onState(state);
  }
}

function received(topic: string, payload: Uint8Array, packet: IPublishPacket): ReceivedMessage {
  const { qos, retain, dup: duplicate } = packet;
  if (!packet.properties) return { topic, payload, qos, retain, duplicate };
  const properties = Object.entries(packet.properties).flatMap(([name, value]) => propertyLines(name, value));
  return { topic, payload, qos, retain, duplicate, properties };
}

function propertyLines(name: string, value: unknown): (readonly [string, string])[] {
  if (name === 'userProperties' && value && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, values]) =>
      [values].flat().map((text) => [key, String(text)] as const),
    );
  }
  return [[name, value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)]];
}
