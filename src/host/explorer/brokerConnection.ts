// The explorer's connection to a broker: one session at a time, its state, subscriptions, TLS and packets.
import { UserError } from '../../core/errors';
import { addressOf, type ConnectionProfile, type Subscription } from '../../core/mqtt/connectionProfile';
import { traceFrame } from '../../core/mqtt/packetTrace';
import { frameMessage, framePayload, type PublishFrame } from '../../core/mqtt/publishTap';
import { looksSealed } from '../../core/mqtt/sealedPayload';
import { filterProblem } from '../../core/mqtt/topicFilter';
import type { MqttSession, ReceivedMessage, SessionListener, SessionState } from '../../io/mqtt/mqttSession';
import type { ActiveSubscription, ConnectionState, TlsView, TracePacket } from '../../protocol/explorerModel';
import { failedState } from './failedState';

const TRACE_LENGTH = 500;

export type Session = Pick<MqttSession, 'connect' | 'disconnect' | 'subscribe' | 'unsubscribe' | 'publish'>;

/** A connection to be made, with its certificates and secrets read. */
export interface PreparedConnection {
  open(listener: SessionListener): Session;
  /** Opens an encrypted payload where there is a key for it. */
  inClear(message: ReceivedMessage): ReceivedMessage;
  tlsView(state: SessionState): TlsView | null;
}

export interface ConnectionEvents {
  onState(state: ConnectionState, tls: TlsView | null): void;
  onSubscriptions(subscriptions: readonly ActiveSubscription[]): void;
  onMessage(message: ReceivedMessage): void;
  /** See SessionListener. */
  onFrame(frame: PublishFrame): void;
  /** False while more packets would be a blur: those of frames are then only counted. */
  readsPackets(): boolean;
  onPacket(packet: TracePacket): void;
  onSkippedPacket(): void;
}

export class BrokerConnection {
  state: ConnectionState = { type: 'idle' };
  tls: TlsView | null = null;
  /** The profile in use, or used last. */
  profile: ConnectionProfile | undefined;
  readonly trace: TracePacket[] = [];
  private readonly active = new Map<string, ActiveSubscription>();
  private current: Session | undefined;
  /** Grows with each connection: what an older one still says is not heard. */
  private generation = 0;

  constructor(
    private readonly events: ConnectionEvents,
    private readonly now: () => number,
  ) {}

  get subscriptions(): readonly ActiveSubscription[] {
    return [...this.active.values()];
  }

  /** Throws UserError `not-connected`. */
  get session(): Session {
    if (!this.current) throw new UserError('not-connected', 'Connect to a broker first.');
    return this.current;
  }

  /** Returns once it is on its way; states tell the rest. Throws what `prepare` throws. */
  async open(profile: ConnectionProfile, prepare: () => Promise<PreparedConnection>): Promise<void> {
    await this.close();
    const { generation } = this;
    this.enter({ type: 'connecting', address: addressOf(profile) }, null);
    try {
      const prepared = await prepare();
      if (generation !== this.generation) return;
      this.profile = profile;
      this.current = prepared.open(this.listener(profile, prepared, generation));
      for (const { filter, qos } of profile.subscriptions) void this.current.subscribe(filter, qos);
      this.current.connect();
    } catch (error) {
      if (generation === this.generation) this.enter({ type: 'idle' }, null);
      throw error;
    }
  }

  async disconnect(): Promise<void> {
    await this.close();
    this.enter({ type: 'idle' }, null);
  }

  /** Throws UserError `topic-filter` or `not-connected`. */
  async subscribe({ filter, qos }: Subscription): Promise<void> {
    const problem = filterProblem(filter);
    if (problem) throw new UserError('topic-filter', problem);
    await this.session.subscribe(filter, qos);
  }

  async unsubscribe(filter: string): Promise<void> {
    this.active.delete(filter);
    this.events.onSubscriptions(this.subscriptions);
    await this.current?.unsubscribe(filter);
  }

  private async close(): Promise<void> {
    this.generation += 1;
    const { current } = this;
    this.current = undefined;
    this.active.clear();
    this.events.onSubscriptions([]);
    await current?.disconnect();
  }

  private listener(profile: ConnectionProfile, prepared: PreparedConnection, generation: number): SessionListener {
    const isCurrent = (): boolean => generation === this.generation;
    const address = addressOf(profile);
    return {
      onState: (state) => {
        if (!isCurrent()) return;
        const tls = prepared.tlsView(state);
        if (state.type === 'failed') this.enter(failedState(profile, state), tls);
        else if (state.type === 'connected') this.enter({ type: 'connected', address, sinceMs: state.sinceMs }, tls);
        else if (state.type === 'connecting' && state.attempt === 1) this.enter({ type: 'connecting', address }, null);
      },
      onMessage: (message) => {
        if (isCurrent()) this.events.onMessage(prepared.inClear(message));
      },
      onFrame: (frame) => {
        if (!isCurrent()) return;
        if (looksSealed(framePayload(frame))) this.events.onMessage(prepared.inClear(frameMessage(frame)));
        else this.events.onFrame(frame);
        if (this.events.readsPackets()) this.keep({ timeMs: this.now(), direction: 'in', ...traceFrame(frame) });
        else this.events.onSkippedPacket();
      },
      onSubscription: (filter, answer) => {
        if (!isCurrent()) return;
        const asked = profile.subscriptions.find((subscription) => subscription.filter === filter)?.qos ?? 0;
        const qos = answer.type === 'active' ? answer.qos : (this.active.get(filter)?.qos ?? asked);
        const reason = answer.type === 'refused' ? { reason: answer.reason } : {};
        this.active.set(filter, { filter, qos, state: answer.type, ...reason });
        this.events.onSubscriptions(this.subscriptions);
      },
      onPacket: (direction, packet) => {
        if (isCurrent()) this.keep({ timeMs: this.now(), direction, ...packet });
      },
    };
  }

  private keep(packet: TracePacket): void {
    this.trace.push(packet);
    if (this.trace.length > TRACE_LENGTH) {
      // Messages go first: how the connection came up is what the trace is looked at for.
      const message = this.trace.findIndex(({ name }) => name === 'PUBLISH');
      this.trace.splice(Math.max(0, message), 1);
    }
    this.events.onPacket(packet);
  }

  private enter(state: ConnectionState, tls: TlsView | null): void {
    this.state = state;
    this.tls = tls;
    this.events.onState(state, tls);
  }
}
