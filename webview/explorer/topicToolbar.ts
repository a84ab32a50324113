// Above the tree: what is subscribed to, search, pause, clear.
import type { ActiveSubscription, TrafficStats } from '../../src/protocol/explorerModel';
import { fill, h } from '../dom';
import { icon } from '../icons';
import { type ButtonControl, button, dropdown, textField } from '../toolkit';
import { visibleNodes } from './format';
import type { Host } from './host';

const SEARCH_DELAY_MS = 150;

export class TopicToolbar {
  private readonly chips = h('div', { class: 'chips', role: 'list', attrs: { 'aria-label': 'Subscriptions' } });
  private readonly filter = textField('Topic filter to subscribe to', {
    placeholder: 'Subscribe to a topic filter, for example site/+/status',
    hideLabel: true,
  });
  private readonly qos = dropdown('QoS of the subscription', [
    ['0', 'QoS 0'],
    ['1', 'QoS 1'],
    ['2', 'QoS 2'],
  ]);
  private readonly search = textField('Search topics', {
    placeholder: 'Search topics (text, or a filter with + and #)',
    hideLabel: true,
  });
  private readonly pause: ButtonControl;
  private paused = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  readonly element: HTMLElement;

  constructor(private readonly host: Host) {
    const tool = (name: Parameters<typeof icon>[0], label: string, run: () => void): ButtonControl =>
      button(icon(name), run, { appearance: 'icon', title: label, attrs: { 'aria-label': label } });
    this.pause = tool('pause', 'Pause', () => void host.act({ type: 'pause', paused: !this.paused }));
    this.search.append(h('span', { attrs: { slot: 'start' } }, icon('search')));
    this.element = h(
      'div',
      { class: 'topic-toolbar' },
      h(
        'div',
        { class: 'tool-row' },
        this.filter,
        this.qos,
        button('Subscribe', () => void this.subscribe()),
      ),
      this.chips,
      h(
        'div',
        { class: 'tool-row' },
        this.search,
        this.pause,
        tool('collapseAll', 'Collapse all', () => void host.act({ type: 'expandAll', expanded: false })),
        tool('clearAll', 'Clear the topics shown', () => void host.act({ type: 'clear' })),
        tool('export', 'Export all messages…', () => void host.act({ type: 'exportMessages', row: null })),
      ),
    );
    this.filter.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') void this.subscribe();
    });
    this.search.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void host.act({ type: 'search', text: this.search.value }), SEARCH_DELAY_MS);
    });
  }

  setSearch(text: string): void {
    this.search.value = text;
  }

  showStats({ paused }: TrafficStats): void {
    if (paused === this.paused) return;
    this.paused = paused;
    const label = paused ? 'Resume' : 'Pause';
    fill(this.pause, icon(paused ? 'resume' : 'pause'));
    this.pause.title = label;
    this.pause.setAttribute('aria-label', label);
  }

  showSubscriptions(subscriptions: readonly ActiveSubscription[]): void {
    const own = '$SYS/#'; // which # leaves out (MQTT 5 section 4.7.2), and some clouds punish with a disconnect
    const missing = subscriptions.length > 0 && !subscriptions.some(({ filter }) => filter === own);
    const add = h(
      'button',
      {
        class: 'chip chip-add',
        title: "Subscribe to the broker's own topics",
        attrs: { type: 'button' },
        on: { click: () => void this.host.act({ type: 'subscribe', subscription: { filter: own, qos: 0 } }) },
      },
      '+ $SYS',
    );
    fill(
      this.chips,
      ...subscriptions.map((subscription) => this.chip(subscription)),
      missing && h('span', { role: 'listitem' }, add),
    );
  }

  private chip({ filter, qos, state, reason }: ActiveSubscription): HTMLElement {
    const remove = h(
      'button',
      {
        class: 'chip-remove',
        title: 'Unsubscribe',
        attrs: { type: 'button', 'aria-label': `Unsubscribe from ${filter}` },
        on: { click: () => void this.host.act({ type: 'unsubscribe', filter }) },
      },
      icon('close'),
    );
    return h(
      'span',
      { class: `chip ${state}`, role: 'listitem', ...(reason ? { title: reason } : {}) },
      h('span', { class: 'chip-filter' }, ...visibleNodes(filter)),
      h('span', { class: 'dim' }, state === 'refused' ? `refused: ${reason ?? 'no reason given'}` : `QoS ${qos}`),
      remove,
    );
  }

  private async subscribe(): Promise<void> {
    const filter = this.filter.value.trim();
    if (filter === '') return this.filter.focus();
    const qos = ([0, 1, 2] as const).find((level) => String(level) === this.qos.value) ?? 0;
    if (await this.host.act({ type: 'subscribe', subscription: { filter, qos } })) this.filter.value = '';
  }
}
