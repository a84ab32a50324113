// The packets sent and received, newest at the bottom, with their codes in words.
import type { TracePacket } from '../../src/protocol/explorerModel';
import { fill, h } from '../dom';
import { checkbox } from '../toolkit';
import { formatTime, plural, visibleNodes } from './format';

/** As many as the host keeps. */
const MAX_PACKETS = 500;

export class TracePanel {
  private readonly rows = h('tbody');
  private readonly empty = h(
    'div',
    { class: 'empty' },
    h('p', {}, 'Connect to see CONNECT, CONNACK and what follows.'),
  );
  private readonly table = h(
    'table',
    { class: 'trace' },
    h('thead', {}, h('tr', {}, h('th', {}, 'Time'), h('th', {}, ''), h('th', {}, 'Packet'), h('th', {}, 'Says'))),
    this.rows,
  );
  /** Packets wait here while the tab is hidden: nothing is laid out that nobody sees. */
  private waiting: HTMLElement[] = [];
  /** Stays at the newest packet. */
  private following = true;
  private readonly messages = checkbox('Messages (PUBLISH)');
  private readonly tools = h('div', { class: 'trace-tools' }, this.messages);
  private readonly scroller = h('div', { class: 'trace-rows' }, this.table);
  readonly element = h('div', { class: 'trace-panel' }, this.empty, this.tools, this.scroller);

  constructor() {
    this.tools.hidden = true;
    this.scroller.hidden = true;
    this.messages.checked = true;
    // Asked when the person scrolls: a banner above makes this lower, and that is no wish to stay.
    this.scroller.addEventListener('scroll', () => {
      const { scrollTop, clientHeight, scrollHeight } = this.scroller;
      if (clientHeight > 0) this.following = scrollTop + clientHeight >= scrollHeight - 4;
    });
    new ResizeObserver(() => this.show()).observe(this.scroller);
    this.messages.addEventListener('change', () => {
      this.table.classList.toggle('without-messages', !this.messages.checked);
      this.scroller.scrollTop = this.scroller.scrollHeight;
    });
  }

  reset(packets: readonly TracePacket[]): void {
    fill(this.rows);
    this.waiting = [];
    this.add(packets, 0);
  }

  /** `skipped`: further packets that the host did not tell. */
  add(packets: readonly TracePacket[], skipped: number): void {
    this.waiting.push(...packets.map(row));
    if (skipped > 0) this.waiting.push(gap(skipped));
    this.waiting = this.waiting.slice(-MAX_PACKETS);
    this.show();
  }

  /** Call when the tab is shown. */
  show(): void {
    if (this.element.hidden) return;
    if (this.waiting.length > 0) this.append();
    if (this.following) this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  private append(): void {
    this.empty.hidden = true;
    this.tools.hidden = false;
    this.scroller.hidden = false;
    this.rows.append(...this.waiting);
    this.waiting = [];
    while (this.rows.childElementCount > MAX_PACKETS)
      (this.rows.querySelector('.message') ?? this.rows.firstElementChild)?.remove();
  }
}

function row({ timeMs, direction, name, detail }: TracePacket): HTMLElement {
  const sent = direction === 'out';
  return h(
    'tr',
    { class: name === 'PUBLISH' ? `${direction} message` : direction },
    h('td', { class: 'history-time' }, formatTime(timeMs, true)),
    h('td', { title: sent ? 'sent' : 'received' }, sent ? '→' : '←'),
    h('td', { class: 'code' }, name),
    h('td', { class: 'trace-detail' }, ...visibleNodes(detail)),
  );
}

function gap(skipped: number): HTMLElement {
  return h(
    'tr',
    { class: 'message' },
    h('td', { class: 'dim', attrs: { colspan: 4 } }, `${plural(skipped, 'more packet')} not shown`),
  );
}
