// What one explorer panel does: keeps the session and the topics, answers the pane, tells it of changes at most ten
// times a second. Says nothing of `vscode`: what it needs from there is ExplorerWindow.
import { UserError } from '../../core/errors';
import { exportMessages } from '../../core/mqtt/messageExport';
import { hexText, payloadBytes } from '../../core/mqtt/payloadBytes';
import { payloadText } from '../../core/mqtt/payloadKind';
import { filterProblem, topicProblem } from '../../core/mqtt/topicFilter';
import { searchMatcher } from '../../core/mqtt/topicSearch';
import type { MqttSession, SessionListener, SessionState } from '../../io/mqttSession';
import { addressOf, type ConnectionProfile, type Qos } from '../../protocol/connectionProfile';
import type { PaneRequest, PaneSide } from '../../protocol/explorerMessages';
import type {
  ActiveSubscription,
  ConnectionChoices,
  ConnectionState,
  ExplorerEvent,
  TlsView,
  TracePacket,
} from '../../protocol/explorerModel';
import type { Handlers } from '../../protocol/rpc';
import { failedState } from './failedState';
import { Repeater } from './repeater';
import type { TopicFeed } from './topicFeed';

/** At most ten updates a second. */
const TICK_MS = 100;
const TRACE_LENGTH = 500;

export type Session = Pick<MqttSession, 'connect' | 'disconnect' | 'subscribe' | 'unsubscribe' | 'publish'>;

/** A connection to be made, with its secrets read. */
export interface PreparedConnection {
  open(listener: SessionListener): Session;
  tlsView(state: SessionState): TlsView | null;
}

type Of<T extends PaneRequest['type']> = Extract<PaneRequest, { readonly type: T }>;

type Publication = Omit<Of<'publish'>, 'type'>;

/** What VS Code does for the explorer. */
export interface ExplorerWindow {
  choices(): Promise<ConnectionChoices>;
  lastUsed(): string | undefined;
  saveProfile(request: Pick<Of<'saveProfile'>, 'profile' | 'password' | 'passphrase'>): Promise<void>;
  deleteProfile(id: string): Promise<void>;
  /** Reads certificates and secrets. Throws UserError when one is missing. */
  prepare(profile: ConnectionProfile): Promise<PreparedConnection>;
  pickFile(purpose: Of<'pickFile'>['purpose']): Promise<string | null>;
  openPayload(topic: string, payload: Uint8Array): Promise<void>;
  copy(text: string): Promise<void>;
  run(command: string): Promise<void>;
  /** Asks where to, then writes. */
  saveFile(name: string, text: string): Promise<void>;
  /** True when the user agrees. */
  confirm(question: string, detail: string, yes: string): Promise<boolean>;
}

export class ExplorerController {
  private state: ConnectionState = { type: 'idle' };
  private tls: TlsView | null = null;
  private session: Session | undefined;
  private profile: ConnectionProfile | undefined;
  private readonly subscriptions = new Map<string, ActiveSubscription>();
  private readonly trace: TracePacket[] = [];
  private untold: TracePacket[] = [];
  private search = '';
  private selected: number | null = null;
  private shown = { start: 0, count: 0 };
  private readonly told = new Map<ExplorerEvent['type'], string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly repeater = new Repeater((repetition) => this.tellIfChanged({ type: 'repetition', repetition }));
  private generation = 0;
  private disposed = false;

  constructor(
    private readonly window: ExplorerWindow,
    private readonly feed: TopicFeed,
    private readonly tell: (event: ExplorerEvent) => void,
    private readonly now: () => number = Date.now,
  ) {}

  readonly handlers: Handlers<PaneSide> = {
    ready: async () => {
      this.told.clear();
      const choices = await this.window.choices();
      const { state, tls, trace, search, selected } = this;
      const profile = this.profile?.id ?? this.window.lastUsed() ?? choices.profiles[0]?.id ?? 'new';
      const subscriptions = [...this.subscriptions.values()];
      return {
        choices,
        profile,
        state,
        subscriptions,
        stats: this.feed.stats(this.now()),
        tls,
        trace,
        search,
        selected,
        repetition: this.repeater.state,
      };
    },
    connect: (request) => this.connect(request),
    disconnect: async () => {
      await this.close();
      this.setState({ type: 'idle' }, null);
      return null;
    },
    saveProfile: async (request) => {
      await this.window.saveProfile(request);
      return this.tellChoices();
    },
    deleteProfile: async ({ profile }) => {
      await this.window.deleteProfile(profile);
      return this.tellChoices();
    },
    pickFile: ({ purpose }) => this.window.pickFile(purpose),
    subscribe: async ({ subscription: { filter, qos } }) => {
      const problem = filterProblem(filter);
      if (problem) throw new UserError('topic-filter', problem);
      if (!this.session) throw new UserError('not-connected', 'Connect to a broker first, then subscribe.');
      await this.session.subscribe(filter, qos);
      return null;
    },
    unsubscribe: async ({ filter }) => {
      this.subscriptions.delete(filter);
      this.tellSubscriptions();
      await this.session?.unsubscribe(filter);
      return null;
    },
    showRows: ({ start, count }) => {
      this.shown = { start, count };
      const rows = this.feed.rows(start, count);
      this.told.set('rows', JSON.stringify(rows));
      return rows;
    },
    expand: ({ row, expanded }) => this.changeRows(() => this.feed.expand(row, expanded)),
    expandAll: ({ expanded }) => this.changeRows(() => this.feed.expandAll(expanded)),
    search: ({ text }) => {
      this.search = text;
      return this.changeRows(() => this.feed.search(searchMatcher(text)));
    },
    select: ({ row }) => {
      this.selected = row;
      const history = row === null ? null : this.feed.history(row);
      this.told.set('history', JSON.stringify(history));
      return history;
    },
    readMessage: ({ row, message }) => this.feed.view(row, message),
    openMessage: async ({ row, message }) => {
      const { topic, payload } = this.feed.message(row, message);
      await this.window.openPayload(topic, payload);
      return null;
    },
    copyMessage: async ({ row, message }) => {
      const { payload } = this.feed.message(row, message);
      await this.window.copy(payloadText(payload) ?? hexText(payload));
      return null;
    },
    copyTopic: async ({ row }) => {
      await this.window.copy(this.feed.topic(row));
      return null;
    },
    pause: ({ paused }) => this.changeRows(() => this.feed.pause(paused)),
    clear: () => {
      this.selected = null;
      return this.changeRows(() => this.feed.clear());
    },
    publish: async (request) => {
      await this.publish(request);
      return null;
    },
    repeat: (request) => {
      this.publishable(request);
      this.repeater.start(() => this.publish(request), request.everyMs);
      return null;
    },
    stopRepeating: () => {
      this.repeater.stop();
      return null;
    },
    series: ({ row }) => this.feed.series(row),
    clearRetained: (request) => this.clearRetained(request),
    exportMessages: async ({ row, format }) => {
      await this.window.saveFile(`messages.${format}`, exportMessages(this.feed.exported(row), format));
      return null;
    },
    testTls: () => {
      throw new UserError('not-yet', 'Run "secure-iot probe" in a terminal for the TLS test.');
    },
    run: async ({ command }) => {
      await this.window.run(command);
      return this.tellChoices();
    },
  };

  /** Tells the form anew, after certificates or the local broker changed. */
  async tellChoices(): Promise<null> {
    const choices = await this.window.choices();
    this.tellIfChanged({ type: 'choices', choices });
    return null;
  }

  /** Ends the connection and all updates. */
  async dispose(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.timer);
    await this.close();
  }

  private async connect(request: Of<'connect'>): Promise<null> {
    const { profile } = request;
    await this.window.saveProfile(request);
    await this.tellChoices();
    await this.close();
    const generation = this.generation;
    this.setState({ type: 'connecting', address: addressOf(profile) }, null);
    try {
      const prepared = await this.window.prepare(profile);
      if (generation !== this.generation || this.disposed) return null;
      if (this.profile && addressOf(this.profile) !== addressOf(profile)) this.feed.clear();
      this.profile = profile;
      this.session = prepared.open(this.listener(profile, prepared, generation));
      for (const { filter, qos } of profile.subscriptions) void this.session.subscribe(filter, qos);
      this.session.connect();
    } catch (error) {
      if (generation === this.generation) this.setState({ type: 'idle' }, null);
      throw error;
    }
    return null;
  }

  private async close(): Promise<void> {
    this.generation += 1;
    this.repeater.stop();
    const { session } = this;
    this.session = undefined;
    this.subscriptions.clear();
    this.tellSubscriptions();
    await session?.disconnect();
  }

  private listener(profile: ConnectionProfile, prepared: PreparedConnection, generation: number): SessionListener {
    const current = (): boolean => generation === this.generation;
    const address = addressOf(profile);
    return {
      onState: (state) => {
        if (!current()) return;
        const tls = prepared.tlsView(state);
        if (state.type === 'failed') this.setState(failedState(profile, state), tls);
        else if (state.type === 'connected') this.setState({ type: 'connected', address, sinceMs: state.sinceMs }, tls);
        else if (state.type === 'connecting' && state.attempt === 1)
          this.setState({ type: 'connecting', address }, null);
      },
      onMessage: (message) => {
        if (!current()) return;
        this.feed.add(message, this.now());
        this.schedule();
      },
      onSubscription: (filter, answer) => {
        if (!current()) return;
        const asked = profile.subscriptions.find((subscription) => subscription.filter === filter)?.qos ?? 0;
        this.noteSubscription(filter, asked, answer);
      },
      onPacket: (direction, packet) => {
        if (current()) this.notePacket({ timeMs: this.now(), direction, ...packet });
      },
    };
  }

  private noteSubscription(
    filter: string,
    asked: Qos,
    answer: Parameters<NonNullable<SessionListener['onSubscription']>>[1],
  ): void {
    const qos = answer.type === 'active' ? answer.qos : (this.subscriptions.get(filter)?.qos ?? asked);
    this.subscriptions.set(filter, {
      filter,
      qos,
      state: answer.type,
      ...(answer.type === 'refused' ? { reason: answer.reason } : {}),
    });
    this.tellSubscriptions();
  }

  private notePacket(packet: TracePacket): void {
    this.trace.push(packet);
    if (this.trace.length > TRACE_LENGTH) this.trace.shift();
    this.untold.push(packet);
    if (this.untold.length > TRACE_LENGTH) this.untold.shift();
    this.schedule();
  }

  private publishable({ topic, payload, encoding }: Publication): { session: Session; bytes: Uint8Array } {
    const problem = topicProblem(topic);
    if (problem) throw new UserError('topic', problem);
    const bytes = payloadBytes(payload, encoding);
    if (!this.session) throw new UserError('not-connected', 'Connect to a broker first, then publish.');
    return { session: this.session, bytes };
  }

  private async publish(request: Publication): Promise<void> {
    const { session, bytes } = this.publishable(request);
    await session.publish(request.topic, bytes, { qos: request.qos, retain: request.retain });
  }

  private async clearRetained({ row, recursive }: Of<'clearRetained'>): Promise<null> {
    const { session } = this;
    if (!session) throw new UserError('not-connected', 'Connect to a broker first.');
    const topics = this.feed.retainedTopics(row, recursive);
    if (topics.length === 0) throw new UserError('none-retained', 'No retained message is known here.');
    const question = `Clear ${topics.length === 1 ? 'the retained message' : `${topics.length} retained messages`} on the broker?`;
    const shown = topics.slice(0, 20).join('\n') + (topics.length > 20 ? `\nand ${topics.length - 20} more` : '');
    if (!(await this.window.confirm(question, shown, 'Clear'))) return null;
    for (const topic of topics) await session.publish(topic, new Uint8Array(), { qos: 1, retain: true });
    return null;
  }

  private changeRows(change: () => void): null {
    change();
    this.schedule();
    return null;
  }

  private setState(state: ConnectionState, tls: TlsView | null): void {
    this.state = state;
    this.tls = tls;
    this.tellIfChanged({ type: 'tls', tls });
    this.tellIfChanged({ type: 'state', state });
  }

  private tellSubscriptions(): void {
    this.tellIfChanged({ type: 'subscriptions', subscriptions: [...this.subscriptions.values()] });
  }

  private schedule(): void {
    if (this.timer !== undefined || this.disposed) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.tick();
    }, TICK_MS);
  }

  private tick(): void {
    const { start, count } = this.shown;
    if (count > 0) this.tellIfChanged({ type: 'rows', rows: this.feed.rows(start, count) });
    const history = this.selected === null ? null : this.feed.history(this.selected);
    if (history) this.tellIfChanged({ type: 'history', history });
    const stats = this.feed.stats(this.now());
    this.tellIfChanged({ type: 'stats', stats });
    if (this.untold.length > 0) this.tell({ type: 'trace', packets: this.untold });
    this.untold = [];
    if (stats.perSecond > 0) this.schedule(); // until it has come down to nothing
  }

  private tellIfChanged(event: ExplorerEvent): void {
    const { type, ...rest } = event;
    const said = JSON.stringify(Object.values(rest)[0]);
    if (this.disposed || this.told.get(type) === said) return;
    this.told.set(type, said);
    this.tell(event);
  }
}
