// What one explorer panel does: keeps the session and the topics, answers the pane, tells it of changes at most ten
// times a second. Says nothing of `vscode`: what it needs from there is ExplorerWindow.
import { UserError } from '../../core/errors';
import { addressOf, type ConnectionProfile, LOCAL_PROFILE } from '../../core/mqtt/connectionProfile';
import { type ExportFormat, exportMessages } from '../../core/mqtt/messageExport';
import { hexText } from '../../core/mqtt/payloadBytes';
import { payloadText } from '../../core/mqtt/payloadKind';
import type { Publication } from '../../core/mqtt/publication';
import { searchMatcher } from '../../core/mqtt/topicSearch';
import type { ReceivedMessage } from '../../io/mqtt/mqttSession';
import { checkPublication, publicationBytes, publishOptions } from '../../io/mqtt/publishMessage';
import type { PaneRequest, PaneSide } from '../../protocol/explorerMessages';
import type { ConnectionChoices, ExplorerEvent, PayloadReading, TracePacket } from '../../protocol/explorerModel';
import type { Handlers } from '../../protocol/rpc';
import { BrokerConnection, type PreparedConnection, type Session } from './brokerConnection';
import type { TlsReport } from './probeBroker';
import { Repeater } from './repeater';
import { TlsTest } from './tlsTest';
import type { TopicFeed } from './topicFeed';

/** At most ten updates a second. */
const TICK_MS = 100;
/** An update that costs much (a huge tree, all open, that keeps growing) waits this many times its cost. */
const COST_SHARE = 4;
/** Packets told in one update; more would be a blur. */
const UNTOLD_PACKETS = 100;

type Of<T extends PaneRequest['type']> = Extract<PaneRequest, { readonly type: T }>;

/** What VS Code does for the explorer. */
export interface ExplorerWindow {
  choices(): Promise<ConnectionChoices>;
  lastUsed(): string | undefined;
  saveProfile(request: Pick<Of<'saveProfile'>, 'profile' | 'password' | 'passphrase'>): Promise<void>;
  deleteProfile(id: string): Promise<void>;
  /** Reads certificates and secrets. Throws UserError when one is missing. */
  prepare(profile: ConnectionProfile): Promise<PreparedConnection>;
  /** The TLS test. Throws UserError, ConnectError, or the signal's reason. */
  probe(profile: ConnectionProfile, onStep: (step: string) => void, signal: AbortSignal): Promise<TlsReport>;
  pickFile(purpose: Of<'pickFile'>['purpose']): Promise<string | null>;
  /** The bytes of a file to be published. Throws UserError when it cannot be read or is too large for MQTT. */
  readPayload(path: string): Promise<Uint8Array>;
  /** The text of an editor that is open. Throws UserError when there is none; null when nothing was chosen. */
  editorText(): Promise<string | null>;
  openPayload(topic: string, payload: Uint8Array): Promise<void>;
  /** The payload as more than bytes; uses the workspace's keys and schemas. */
  read(topic: string, payload: Uint8Array): Promise<readonly PayloadReading[]>;
  copy(text: string): Promise<void>;
  run(command: string): Promise<void>;
  /** Undefined when nothing was chosen. */
  exportFormat(): Promise<ExportFormat | undefined>;
  /** Asks where to, then writes. */
  saveFile(name: string, content: string | Uint8Array): Promise<void>;
  /** True when the user agrees. */
  confirm(question: string, detail: string, yes: string): Promise<boolean>;
}

export class ExplorerController {
  private readonly broker: BrokerConnection;
  private untold: TracePacket[] = [];
  private skipped = 0;
  private search = '';
  private selected: number | null = null;
  private shown = { start: 0, count: 0 };
  private readonly told = new Map<ExplorerEvent['type'], string>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly repeater = new Repeater((repetition) => this.tellIfChanged({ type: 'repetition', repetition }));
  private readonly test = new TlsTest((report) => this.tellIfChanged({ type: 'report', report }));
  private pauseMs = TICK_MS;
  private disposed = false;
  private hidden = false;

  constructor(
    private readonly window: ExplorerWindow,
    private readonly feed: TopicFeed,
    private readonly tell: (event: ExplorerEvent) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.broker = new BrokerConnection(
      {
        onState: (state, tls) => {
          this.tellIfChanged({ type: 'tls', tls });
          this.tellIfChanged({ type: 'state', state });
        },
        onSubscriptions: (subscriptions) => this.tellIfChanged({ type: 'subscriptions', subscriptions }),
        onMessage: (message) => this.receive(message),
        onFrame: (frame) => {
          this.feed.addFrame(frame, this.now());
          this.schedule();
        },
        readsPackets: () => this.untold.length < UNTOLD_PACKETS,
        onPacket: (packet) => {
          if (this.untold.length < UNTOLD_PACKETS) this.untold.push(packet);
          else this.skipped += 1;
          this.schedule();
        },
        onSkippedPacket: () => {
          this.skipped += 1;
        },
      },
      now,
    );
  }

  readonly handlers: Handlers<PaneSide> = {
    ready: async () => {
      this.told.clear();
      const choices = await this.window.choices();
      const { search, selected } = this;
      const { state, tls, trace, subscriptions } = this.broker;
      const profile = this.broker.profile?.id ?? this.window.lastUsed() ?? choices.profiles[0]?.id ?? 'new';
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
        report: this.test.view,
      };
    },
    connect: (request) => this.connect(request),
    disconnect: async () => {
      this.repeater.stop();
      await this.broker.disconnect();
      return null;
    },
    saveProfile: async (request) => {
      await this.window.saveProfile(request);
      return this.tellChoices();
    },
    deleteProfile: async ({ profile }) => {
      await this.deleteProfile(profile);
      return this.tellChoices();
    },
    pickFile: ({ purpose }) => this.window.pickFile(purpose),
    subscribe: async ({ subscription }) => {
      await this.broker.subscribe(subscription);
      const others = this.broker.profile?.subscriptions.filter(({ filter }) => filter !== subscription.filter) ?? [];
      return this.keepSubscriptions([...others, subscription]);
    },
    unsubscribe: async ({ filter }) => {
      await this.broker.unsubscribe(filter);
      return this.keepSubscriptions(this.broker.profile?.subscriptions.filter((kept) => kept.filter !== filter) ?? []);
    },
    showRows: ({ start, count }) => {
      this.shown = { start, count };
      const rows = this.feed.rows(start, count, this.now());
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
    readMessage: async ({ row, message }) => {
      const view = this.feed.view(row, message);
      const whole = this.feed.whole(row, message);
      return { ...view, readings: whole ? await this.window.read(whole.topic, whole.payload) : [] };
    },
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
    clear: () => this.changeRows(() => this.forget()),
    publish: async (request) => {
      await this.publish(request);
      return null;
    },
    repeat: (request) => {
      this.checked(request);
      this.repeater.start(() => this.publish(request), request.everyMs);
      return null;
    },
    editorText: () => this.window.editorText(),
    stopRepeating: () => {
      this.repeater.stop();
      return null;
    },
    series: ({ row }) => this.feed.series(row),
    clearRetained: (request) => this.clearRetained(request),
    exportMessages: async ({ row }) => {
      const format = await this.window.exportFormat();
      if (format) await this.window.saveFile(`messages.${format}`, exportMessages(this.feed.exported(row), format));
      return null;
    },
    testTls: async (request) => {
      const { profile } = request;
      await this.window.saveProfile(request);
      await this.tellChoices();
      await this.test.run(profile, (onStep, signal) => this.window.probe(profile, onStep, signal));
      return null;
    },
    cancelTest: () => {
      this.test.cancel();
      return null;
    },
    saveReport: async ({ format }) => {
      const { name, text } = this.test.file(format);
      await this.window.saveFile(name, text);
      return null;
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

  /** Connects with a saved profile and its stored secrets: `id`, else the one used last, else the first. */
  async connectTo(id: string | undefined): Promise<void> {
    const { profiles } = await this.window.choices();
    const wanted = id ?? this.window.lastUsed();
    const profile = profiles.find((known) => known.id === wanted) ?? (id === undefined ? profiles[0] : undefined);
    if (!profile) throw new UserError('no-profile', `There is no connection "${id ?? ''}". Choose one in the form.`);
    await this.connect({ type: 'connect', profile, password: null, passphrase: null });
  }

  /** Takes a message into the topics; the pane hears of it with the next update. */
  receive(message: ReceivedMessage): void {
    this.feed.add(message, this.now());
    this.schedule();
  }

  /** A pane that nobody sees is told nothing; it catches up when it is shown. */
  show(visible: boolean): void {
    this.hidden = !visible;
    if (visible) this.schedule();
  }

  /** Ends the connection and all updates. */
  async dispose(): Promise<void> {
    this.disposed = true;
    clearTimeout(this.timer);
    this.repeater.stop();
    this.test.cancel();
    await this.broker.disconnect();
  }

  private async connect(request: Of<'connect'>): Promise<null> {
    const { profile } = request;
    await this.window.saveProfile(request);
    await this.tellChoices();
    this.repeater.stop();
    const before = this.broker.profile;
    if (before && addressOf(before) !== addressOf(profile)) this.forget();
    await this.broker.open(profile, () => this.window.prepare(profile));
    return null;
  }

  private async deleteProfile(id: string): Promise<void> {
    const { profiles } = await this.window.choices();
    const name = profiles.find((profile) => profile.id === id)?.name ?? 'this connection';
    const [question, yes] = id === LOCAL_PROFILE ? [`Reset "${name}"?`, 'Reset'] : [`Delete "${name}"?`, 'Delete'];
    const detail = 'A stored password and key passphrase are deleted too. Certificate files stay.';
    if (await this.window.confirm(question, detail, yes)) await this.window.deleteProfile(id);
  }

  /** The profile remembers what is subscribed to. */
  private async keepSubscriptions(subscriptions: ConnectionProfile['subscriptions']): Promise<null> {
    const { profile } = this.broker;
    if (!profile) return null;
    this.broker.profile = { ...profile, subscriptions };
    await this.window.saveProfile({ profile: this.broker.profile, password: null, passphrase: null });
    return this.tellChoices();
  }

  /** The session to publish with. Throws UserError. */
  private checked(request: Publication): Session {
    checkPublication(request, this.broker.profile?.version);
    return this.broker.session;
  }

  private async publish(request: Publication): Promise<void> {
    const session = this.checked(request);
    const bytes = await publicationBytes(request, (path) => this.window.readPayload(path));
    await session.publish(request.topic, bytes, publishOptions(request));
  }

  private async clearRetained({ row, recursive }: Of<'clearRetained'>): Promise<null> {
    const { session } = this.broker;
    const topics = this.feed.retainedTopics(row, recursive).filter((topic) => !topic.startsWith('$')); // the broker's own
    if (topics.length === 0) throw new UserError('none-retained', 'No retained message is known here.');
    const question = `Clear ${topics.length === 1 ? 'the retained message' : `${topics.length} retained messages`} on the broker?`;
    const shown = topics.slice(0, 20).join('\n') + (topics.length > 20 ? `\nand ${topics.length - 20} more` : '');
    if (!(await this.window.confirm(question, shown, 'Clear'))) return null;
    for (const topic of topics) await session.publish(topic, new Uint8Array(), { qos: 1, retain: true });
    return null;
  }

  private forget(): void {
    this.selected = null;
    this.feed.clear();
    this.schedule();
  }

  private changeRows(change: () => void): null {
    change();
    this.schedule();
    return null;
  }

  private schedule(): void {
    if (this.timer !== undefined || this.disposed || this.hidden) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const startedMs = this.now();
      this.tick();
      this.pauseMs = Math.max(TICK_MS, (this.now() - startedMs) * COST_SHARE);
    }, this.pauseMs);
  }

  private tick(): void {
    const { start, count } = this.shown;
    if (count > 0) this.tellIfChanged({ type: 'rows', rows: this.feed.rows(start, count, this.now()) });
    const history = this.selected === null ? null : this.feed.history(this.selected);
    if (history) this.tellIfChanged({ type: 'history', history });
    const stats = this.feed.stats(this.now());
    this.tellIfChanged({ type: 'stats', stats });
    if (this.untold.length > 0) this.tell({ type: 'trace', packets: this.untold, skipped: this.skipped });
    this.untold = [];
    this.skipped = 0;
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
