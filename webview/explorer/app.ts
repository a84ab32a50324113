// Puts the parts of the pane together and gives each what the host tells.
import { assertNever } from '../../src/core/errors';
import type { PaneRequest } from '../../src/protocol/explorerMessages';
import type {
  ConnectionState,
  ExplorerEvent,
  Snapshot,
  TlsReportView,
  TlsView,
  TrafficStats,
} from '../../src/protocol/explorerModel';
import { RemoteError } from '../../src/protocol/rpc';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { button } from '../toolkit';
import { ChartPanel } from './chartPanel';
import { ConnectionBar } from './connectionBar';
import { ConnectionForm } from './connectionForm';
import { formatBytes, formatCount, plural, visibleNodes } from './format';
import type { Host } from './host';
import { MessagesPanel } from './messagesPanel';
import { PublishPanel } from './publishPanel';
import { ReportView } from './reportView';
import { Tabs } from './tabs';
import { TlsPanel } from './tlsPanel';
import { TopicToolbar } from './topicToolbar';
import { TopicTree } from './topicTree';
import { TracePanel } from './tracePanel';

type RunCommand = Extract<PaneRequest, { type: 'run' }>['command'];
const RUNNABLE: readonly RunCommand[] = [
  'secureIot.startBroker',
  'secureIot.generateCertificates',
  'secureIot.diagnoseConnection',
  'secureIot.importConnections',
  'secureIot.showLog',
];

export class App {
  private readonly bar: ConnectionBar;
  private readonly form: ConnectionForm;
  private readonly toolbar: TopicToolbar;
  private readonly tree: TopicTree;
  private readonly messages: MessagesPanel;
  private readonly publish: PublishPanel;
  private readonly tls = new TlsPanel();
  private readonly trace = new TracePanel();
  private readonly chart: ChartPanel;
  private readonly tabs: Tabs<'messages' | 'chart' | 'publish' | 'tls' | 'trace'>;
  private readonly notice = h('div', { class: 'notice', role: 'alert' });
  private readonly emptyTree = h('div', { class: 'empty tree-empty' });
  private readonly status = h('footer', { class: 'status', attrs: { 'aria-label': 'Traffic' } });
  private readonly report: ReportView;
  private readonly explorer: HTMLElement;
  private readonly formHolder: HTMLElement;
  private state: ConnectionState = { type: 'idle' };
  private tlsView: TlsView | null = null;
  private stats: TrafficStats | undefined;
  private everConnected = false;
  private listed = 0;
  private formShown = true;
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    this.bar = new ConnectionBar({
      disconnect: () => void host.act({ type: 'disconnect' }),
      toggleForm: () => this.showForm(!this.formShown),
      run: (command) => this.run(command),
      useOlderVersion: () => this.form.connectWith('3.1.1'),
    });
    this.form = new ConnectionForm(host);
    this.toolbar = new TopicToolbar(host);
    this.tree = new TopicTree(
      host,
      (row) => void this.select(row),
      (total) => {
        this.listed = total;
        this.showEmptyTree();
      },
    );
    this.messages = new MessagesPanel(host);
    this.publish = new PublishPanel(host);
    this.chart = new ChartPanel(host);
    this.tabs = new Tabs(
      'Details',
      [
        { id: 'messages', label: 'Messages', panel: this.messages.element },
        { id: 'chart', label: 'Chart', panel: this.chart.element },
        { id: 'publish', label: 'Publish', panel: this.publish.element },
        { id: 'tls', label: 'TLS', panel: this.tls.element },
        { id: 'trace', label: 'Packets', panel: this.trace.element },
      ],
      () => {
        this.trace.show();
        this.chart.refresh();
      },
    );
    this.notice.hidden = true;
    this.report = new ReportView(host);
    this.report.element.hidden = true;
    this.formHolder = h('div', { class: 'form-holder' }, this.form.element);
    this.explorer = h(
      'div',
      { class: 'explorer' },
      h(
        'section',
        { class: 'topics', attrs: { 'aria-label': 'Topics' } },
        this.toolbar.element,
        h('div', { class: 'tree-holder' }, this.tree.element, this.emptyTree),
      ),
      h('section', { class: 'details', attrs: { 'aria-label': 'Details' } }, this.tabs.strip, this.tabs.panels),
    );
    this.element = h(
      'div',
      { class: 'app' },
      this.bar.element,
      this.notice,
      h('main', { class: 'main' }, this.formHolder, this.explorer, this.report.element),
      this.status,
    );
  }

  async start(): Promise<void> {
    const snapshot: Snapshot = await this.host.ask({ type: 'ready' });
    this.tlsView = snapshot.tls;
    this.form.update(snapshot.choices, snapshot.profile);
    this.toolbar.setSearch(snapshot.search);
    this.trace.reset(snapshot.trace);
    this.publish.showRepetition(snapshot.repetition);
    this.toolbar.showSubscriptions(snapshot.subscriptions);
    this.showStats(snapshot.stats);
    this.showState(snapshot.state);
    this.showReport(snapshot.report);
    this.tree.refresh();
    if (snapshot.selected !== null) await this.select(snapshot.selected);
  }

  receive(event: ExplorerEvent): void {
    switch (event.type) {
      case 'state':
        this.showState(event.state);
        break;
      case 'choices':
        this.form.update(event.choices);
        break;
      case 'subscriptions':
        this.toolbar.showSubscriptions(event.subscriptions);
        break;
      case 'rows':
        this.tree.update(event.rows);
        break;
      case 'history':
        this.publish.suggest(event.history.topic);
        this.messages.update(event.history);
        this.chart.refresh();
        break;
      case 'repetition':
        this.publish.showRepetition(event.repetition);
        break;
      case 'stats':
        this.showStats(event.stats);
        break;
      case 'tls':
        this.tlsView = event.tls;
        this.showState(this.state);
        break;
      case 'trace':
        this.trace.add(event.packets, event.skipped);
        break;
      case 'report':
        this.showReport(event.report);
        break;
      default:
        assertNever(event);
    }
  }

  /** Shows what could not be done, in the host's words. */
  fail(error: unknown): void {
    if (error instanceof RemoteError && (error.wire.code === 'cancelled' || error.wire.code === 'closed')) return;
    const action = error instanceof RemoteError ? error.wire.action : undefined;
    const close = (): void => {
      this.notice.hidden = true;
    };
    fill(
      this.notice,
      icon('error'),
      h(
        'span',
        { class: 'banner-text' },
        ...visibleNodes(error instanceof Error ? error.message : 'That failed.', true),
      ),
      action && button(action.title, () => this.run(action.command)),
      button(icon('close'), close, { appearance: 'icon', title: 'Dismiss', attrs: { 'aria-label': 'Dismiss' } }),
    );
    this.notice.hidden = false;
  }

  clearNotice(): void {
    this.notice.hidden = true;
  }

  private showState(state: ConnectionState): void {
    const before = this.state.type;
    this.state = state;
    this.bar.update(state, this.tlsView);
    this.tls.update(this.tlsView, state.type === 'connected');
    if (state.type === 'connected') {
      this.everConnected = true;
      if (before !== 'connected') this.showForm(false);
    } else if (!this.everConnected || state.type === 'idle' || (state.type === 'failed' && !state.retrying)) {
      if (state.type !== 'connecting' && before !== 'idle') this.showForm(true);
      else if (!this.everConnected) this.showForm(true);
    }
    this.showEmptyTree();
  }

  /** The report covers the form or the topics until it is closed. */
  private showReport(report: TlsReportView | null): void {
    this.report.element.hidden = report === null;
    if (report) this.report.update(report);
    this.showForm(this.formShown);
  }

  private showForm(shown: boolean): void {
    const covered = !this.report.element.hidden;
    this.formShown = shown;
    this.formHolder.hidden = covered || !shown;
    this.explorer.hidden = covered || shown;
    this.status.hidden = shown && !this.everConnected;
  }

  private showStats(stats: TrafficStats): void {
    this.stats = stats;
    this.toolbar.showStats(stats);
    if (stats.topics === 0) this.forget();
    const { topics, messages, perSecond, keptBytes, droppedMessages, paused, missedWhilePaused } = stats;
    const parts = [
      plural(topics, 'topic'),
      plural(messages, 'message'),
      `${formatCount(Math.round(perSecond))}/s`,
      `${formatBytes(keptBytes)} kept`,
      droppedMessages > 0 ? `${plural(droppedMessages, 'older message')} dropped` : '',
      paused ? `paused: ${plural(missedWhilePaused, 'message')} not shown` : '',
    ];
    setText(this.status, parts.filter(Boolean).join('   ·   '));
    this.showEmptyTree();
  }

  private showEmptyTree(): void {
    const none = (this.stats?.topics ?? 0) === 0;
    this.emptyTree.hidden = this.listed > 0;
    const words = !none
      ? 'No topic matches the search.'
      : this.state.type === 'connected'
        ? 'No messages yet. They appear here as the broker sends them. Publish one, or power a board on.'
        : 'Not connected. Topics appear here once the broker answers.';
    if (this.emptyTree.textContent !== words) fill(this.emptyTree, h('p', {}, words));
  }

  /** The topics are gone: cleared, or those of another broker. */
  private forget(): void {
    this.tree.setSelected(null);
    this.chart.select(null);
    this.messages.clear();
  }

  private async select(row: number): Promise<void> {
    this.tree.setSelected(row);
    this.chart.select(row);
    const history = await this.host.ask({ type: 'select', row }).catch(() => null);
    if (!history) return this.messages.clear();
    this.publish.suggest(history.topic);
    this.messages.update(history);
  }

  private run(command: string): void {
    const known = RUNNABLE.find((candidate) => candidate === command);
    if (known) void this.host.act({ type: 'run', command: known });
  }
}
