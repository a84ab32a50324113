// The messages of the selected topic: the newest followed live, or one picked from the history.
import type { MessageSummary, MessageView, TopicHistory } from '../../src/protocol/explorerModel';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { button, checkbox } from '../toolkit';
import { formatBytes, formatTime, plural, visibleNodes } from './format';
import type { Host } from './host';
import { type Format, formatsOf, showPayload } from './payloadView';

/** The properties of a PUBLISH (MQTT 5.0 section 3.3.2.3) in words; others are the sender's own. */
const PROPERTY_NAMES: ReadonlyMap<string, string> = new Map([
  ['payloadFormatIndicator', 'Payload format'],
  ['messageExpiryInterval', 'Message expiry (s)'],
  ['contentType', 'Content type'],
  ['responseTopic', 'Response topic'],
  ['correlationData', 'Correlation data (hex)'],
  ['subscriptionIdentifier', 'Subscription'],
]);

export class MessagesPanel {
  private readonly topic = h('h2', { class: 'topic-name' });
  private readonly counts = h('p', { class: 'dim counts' });
  private readonly payload = h('div', {
    class: 'payload',
    attrs: { tabindex: 0, 'aria-label': 'Payload' },
    role: 'region',
  });
  private readonly facts = h('p', { class: 'facts' });
  private readonly notes = h('p', { class: 'payload-note' });
  private readonly properties = h('dl', { class: 'properties' });
  private readonly formats = h('div', {
    class: 'formats',
    role: 'radiogroup',
    attrs: { 'aria-label': 'Payload format' },
  });
  private readonly list = h('div', {
    class: 'history',
    role: 'listbox',
    attrs: { tabindex: 0, 'aria-label': 'Messages, newest first' },
  });
  private readonly follow = checkbox('Follow the newest', { class: 'live' });
  private readonly openWhole: HTMLElement;
  private readonly content: HTMLElement;
  private readonly body: HTMLElement;
  private readonly noMessage = h(
    'div',
    { class: 'empty' },
    h('p', {}, 'No messages on this level itself. Open it to see the topics under it.'),
  );
  private readonly empty = h('div', { class: 'empty' });
  private history: TopicHistory | undefined;
  private view: MessageView | undefined;
  private picked: number | null = null;
  private chosenFormat: Format | undefined;
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    this.follow.checked = true;
    this.follow.addEventListener('change', () => this.pick(this.follow.checked ? null : (this.view?.id ?? null)));
    const withMessage = (run: (row: number, message: number) => void) => () => {
      if (this.history && this.view) run(this.history.row, this.view.id);
    };
    const tool = (name: Parameters<typeof icon>[0], label: string, run: () => void): HTMLElement =>
      button(icon(name), run, { appearance: 'icon', title: label, attrs: { 'aria-label': label } });
    const openWhole = withMessage((row, message) => void host.act({ type: 'openMessage', row, message }));
    this.openWhole = button('Open all of it in an editor', openWhole, { appearance: 'secondary' });
    this.body = h(
      'div',
      { class: 'message-body' },
      h(
        'div',
        { class: 'payload-head' },
        this.formats,
        this.facts,
        tool(
          'copy',
          'Copy the whole payload',
          withMessage((row, message) => void host.act({ type: 'copyMessage', row, message })),
        ),
        tool('goToFile', 'Open the whole payload in an editor', openWhole),
      ),
      this.payload,
      this.notes,
      this.properties,
      h('div', { class: 'history-head' }, h('h3', {}, 'History'), this.follow),
      this.list,
    );
    this.content = h(
      'div',
      { class: 'messages-content' },
      h(
        'div',
        { class: 'topic-head' },
        this.topic,
        tool('copy', 'Copy topic', () => {
          if (this.history) void host.act({ type: 'copyTopic', row: this.history.row });
        }),
        tool('export', 'Export the messages of this topic and those under it…', () => {
          if (this.history) void host.act({ type: 'exportMessages', row: this.history.row });
        }),
        tool('trash', 'Clear retained messages of this topic and those under it…', () => {
          if (this.history) void host.act({ type: 'clearRetained', row: this.history.row, recursive: true });
        }),
      ),
      this.counts,
      this.noMessage,
      this.body,
    );
    this.element = h('div', { class: 'messages-panel' }, this.empty, this.content);
    this.list.addEventListener('keydown', (event) => this.key(event));
    this.clear();
  }

  /** Nothing is selected. */
  clear(hint = 'Select a topic to see its messages.'): void {
    this.history = undefined;
    this.view = undefined;
    this.content.hidden = true;
    this.empty.hidden = false;
    fill(this.empty, h('p', {}, hint));
  }

  /** Takes the history of the selected topic. */
  update(history: TopicHistory): void {
    if (history.row !== this.history?.row) {
      this.picked = null;
      this.follow.checked = true;
      this.chosenFormat = undefined;
      this.view = undefined;
    }
    this.history = history;
    this.content.hidden = false;
    this.empty.hidden = true;
    if (this.topic.textContent !== history.topic) fill(this.topic, ...visibleNodes(history.topic));
    const gone = history.dropped > 0 ? ` · ${plural(history.dropped, 'older message')} no longer kept` : '';
    setText(this.counts, `${plural(history.received, 'message')}${gone}`);
    this.renderList(history);
    const wanted = this.picked ?? history.messages[0]?.id;
    if (wanted !== undefined && wanted !== this.view?.id) void this.load(history.row, wanted);
    this.body.hidden = wanted === undefined;
    this.noMessage.hidden = wanted !== undefined;
  }

  private async load(row: number, message: number): Promise<void> {
    const view = await this.host.ask({ type: 'readMessage', row, message }).catch(() => undefined);
    if (!view || this.history?.row !== row || (this.picked !== null && this.picked !== message)) return;
    this.view = view;
    this.render(view);
  }

  private render(view: MessageView): void {
    const { all, best } = formatsOf(view);
    const format = this.chosenFormat && all.includes(this.chosenFormat) ? this.chosenFormat : best;
    const hadFocus = this.formats.contains(document.activeElement);
    const buttons = all.map((name) => this.formatButton(name, name === format));
    fill(this.formats, ...buttons);
    if (hadFocus) buttons.find(({ tabIndex }) => tabIndex === 0)?.focus();
    const notes = showPayload(this.payload, view, format);
    const isCut = view.bytes.length < view.totalBytes;
    fill(this.notes, h('span', {}, notes.length > 0 ? `${notes.join('. ')}.` : ''), isCut && this.openWhole);
    this.notes.hidden = notes.length === 0;
    this.notes.classList.toggle(
      'informs',
      view.readings.some(({ label }) => label === format),
    );
    const facts = [
      formatTime(view.timeMs, true),
      formatBytes(view.totalBytes),
      `QoS ${view.qos}`,
      view.retained ? 'retained' : '',
      view.duplicate ? 'duplicate' : '',
    ];
    setText(this.facts, facts.filter(Boolean).join(' · '));
    this.facts.title = this.facts.textContent ?? ''; // where there is no room for all of it
    fill(
      this.properties,
      ...view.properties.flatMap(([name, value]) => [
        h('dt', {}, ...visibleNodes(PROPERTY_NAMES.get(name) ?? name)),
        h('dd', {}, ...visibleNodes(value)),
      ]),
    );
  }

  private formatButton(name: Format, checked: boolean): HTMLElement {
    return h(
      'button',
      {
        class: 'format',
        role: 'radio',
        attrs: { type: 'button', 'aria-checked': String(checked), tabindex: checked ? 0 : -1 },
        on: { click: () => this.choose(name), keydown: (event) => this.moveFormat(event) },
      },
      name,
    );
  }

  private choose(format: Format): void {
    this.chosenFormat = format;
    if (this.view) this.render(this.view);
  }

  /** Arrows move within a radio group, which is one stop for the Tab key (WAI-ARIA). */
  private moveFormat(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const all = this.view ? formatsOf(this.view).all : [];
    const at = [...this.formats.children].indexOf(event.target as Element);
    const next = step === undefined || at < 0 ? undefined : all[(at + step + all.length) % all.length];
    if (next === undefined) return;
    event.preventDefault();
    this.choose(next);
  }

  private renderList({ messages, kept }: TopicHistory): void {
    const shown = this.picked ?? messages[0]?.id;
    fill(
      this.list,
      ...messages.map((message) => this.item(message, message.id === shown)),
      kept > messages.length &&
        h(
          'div',
          { class: 'dim history-more' },
          `${plural(kept - messages.length, 'older message')} kept: export to see all.`,
        ),
    );
  }

  private item(message: MessageSummary, selected: boolean): HTMLElement {
    return h(
      'div',
      {
        class: `history-row${selected ? ' selected' : ''}`,
        id: `message-${message.id}`,
        role: 'option',
        attrs: { 'aria-selected': String(selected) },
        on: { click: () => this.pick(message.id) },
      },
      h('span', { class: 'history-time' }, formatTime(message.timeMs, true)),
      h('span', { class: 'preview' }, ...visibleNodes(message.preview)),
      message.retained && h('span', { class: 'retained', title: 'Retained' }, icon('pinned')),
      h('span', { class: 'dim' }, formatBytes(message.bytes)),
    );
  }

  private pick(message: number | null): void {
    this.picked = message;
    this.follow.checked = message === null;
    if (this.history) this.update(this.history);
  }

  private key(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const messages = this.history?.messages ?? [];
    if (step === 0 || messages.length === 0) return;
    event.preventDefault();
    const at = messages.findIndex(({ id }) => id === (this.picked ?? messages[0]?.id));
    const target = messages[Math.max(0, Math.min(messages.length - 1, at + step))];
    if (!target) return;
    this.pick(target.id);
    document.getElementById(`message-${target.id}`)?.scrollIntoView({ block: 'nearest' });
  }
}
