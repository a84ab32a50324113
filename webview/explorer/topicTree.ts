// The live topic tree: a treegrid (WAI-ARIA) that only builds the rows on the screen. The host holds the topics.
import type { TopicRow, TopicRows } from '../../src/protocol/explorerModel';
import { fill, h, setText } from '../dom';
import { icon } from '../icons';
import { formatCount, formatTime, plural, visibleNodes } from './format';
import type { Host } from './host';

const ROW_HEIGHT = 22;
/** Rows asked for above and below the screen, so that a small scroll shows no gap. */
const MARGIN = 12;
/** Levels that are indented; deeper ones line up under the last. */
const MAX_INDENT = 24;

export class TopicTree {
  private readonly spacer = h('div', { class: 'tree-rows', role: 'presentation' });
  private readonly scroller = h('div', { class: 'tree-scroller', role: 'presentation' }, this.spacer);
  private readonly elements = new Map<number, { readonly element: HTMLElement; shown: string }>();
  private window: TopicRows = { total: 0, start: 0, rows: [] };
  private asked = { start: -1, count: -1 };
  private active = 0;
  private selected: number | null = null;
  private frame = 0;
  readonly element: HTMLElement;

  constructor(
    private readonly host: Host,
    private readonly onSelect: (row: number) => void,
    /** Called with the number of rows that there are. */
    private readonly onTotal: (total: number) => void,
  ) {
    const heading = (text: string, className: string): HTMLElement =>
      h('span', { class: className, role: 'columnheader' }, text);
    this.element = h(
      'div',
      {
        class: 'tree',
        role: 'treegrid',
        attrs: { tabindex: 0, 'aria-label': 'Topics', 'aria-colcount': 5 },
        on: { keydown: (event) => this.key(event) },
      },
      h(
        'div',
        { class: 'tree-head row', role: 'row' },
        heading('Topic', 'cell-topic'),
        heading('Value', 'cell-value'),
        heading('Messages', 'cell-count'),
        heading('Per s', 'cell-rate'),
        heading('Time', 'cell-time'),
      ),
      this.scroller,
    );
    this.scroller.addEventListener('scroll', () => this.schedule());
    new ResizeObserver(() => this.schedule()).observe(this.scroller);
  }

  /** Takes rows from the host: the answer to a request, or a change. */
  update(rows: TopicRows): void {
    this.window = rows;
    this.render();
    this.onTotal(rows.total);
  }

  setSelected(row: number | null): void {
    this.selected = row;
    this.render();
  }

  /** Asks again for the rows on the screen, after something changed which rows there are. */
  refresh(): void {
    this.asked = { start: -1, count: -1 };
    this.schedule();
  }

  private schedule(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      void this.ask();
    });
  }

  private async ask(): Promise<void> {
    const start = Math.max(0, Math.floor(this.scroller.scrollTop / ROW_HEIGHT) - MARGIN);
    const count = Math.min(500, Math.ceil(this.scroller.clientHeight / ROW_HEIGHT) + 2 * MARGIN);
    if (start === this.asked.start && count === this.asked.count) return;
    this.asked = { start, count };
    const rows = await this.host.ask({ type: 'showRows', start, count }).catch(() => undefined);
    if (rows && this.asked.start === start) this.update(rows);
  }

  private render(): void {
    const { total, start, rows } = this.window;
    this.active = Math.max(0, Math.min(this.active, total - 1));
    this.spacer.style.height = `${total * ROW_HEIGHT}px`;
    this.element.setAttribute('aria-rowcount', String(total + 1));
    const wanted = new Set(rows.map((_, i) => start + i));
    for (const [index, { element }] of this.elements)
      if (!wanted.has(index)) {
        element.remove();
        this.elements.delete(index);
      }
    rows.forEach((row, i) => {
      this.renderRow(row, start + i);
    });
    if (this.elements.has(this.active)) this.element.setAttribute('aria-activedescendant', `row-${this.active}`);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private renderRow(row: TopicRow, index: number): void {
    const selected = row.id === this.selected;
    const active = index === this.active;
    const shown = JSON.stringify([row, selected, active]);
    const known = this.elements.get(index);
    if (known?.shown === shown) return;
    const element = known?.element ?? this.newRow(index);
    this.elements.set(index, { element, shown });
    element.className = `row${selected ? ' selected' : ''}${active ? ' active' : ''}`;
    element.setAttribute('aria-level', String(row.depth));
    element.setAttribute('aria-posinset', String(row.position));
    element.setAttribute('aria-setsize', String(row.siblings));
    element.setAttribute('aria-selected', String(selected));
    if (row.expandable) element.setAttribute('aria-expanded', String(row.expanded));
    else element.removeAttribute('aria-expanded');
    const [topic, value, count, rate, time] = element.children;
    if (!(topic instanceof HTMLElement && value && count && rate && time)) return;
    // A deep topic keeps half of the column for its name.
    topic.style.paddingLeft = `min(${4 + (Math.min(row.depth, MAX_INDENT) - 1) * 12}px, 50%)`;
    const twisty = h(
      'span',
      { class: 'twisty' },
      row.expandable && icon(row.expanded ? 'chevronDown' : 'chevronRight'),
    );
    const label = row.label === '' ? [h('span', { class: 'dim' }, '(empty level)')] : visibleNodes(row.label);
    fill(topic, twisty, h('span', { class: 'topic-label' }, ...label));
    fill(value, ...this.valueOf(row));
    setText(count, formatCount(row.messages));
    setText(rate, row.perSecond > 0 ? formatCount(row.perSecond) : '');
    setText(time, row.last ? formatTime(row.last.timeMs) : '');
  }

  private valueOf({ last, topics, expanded }: TopicRow): Node[] {
    const under = topics > 0 && !expanded ? [h('span', { class: 'dim' }, plural(topics, 'topic'))] : [];
    if (!last) return under;
    const retained = h(
      'span',
      { class: 'retained', title: 'Retained: the broker keeps this message', role: 'img' },
      icon('pinned'),
    );
    retained.setAttribute('aria-label', 'retained');
    const preview = last.bytes === 0 ? [h('span', { class: 'dim' }, '(empty)')] : visibleNodes(last.preview);
    return [...(last.retained ? [retained] : []), h('span', { class: 'preview' }, ...preview), ...under];
  }

  private newRow(index: number): HTMLElement {
    const cell = (className: string): HTMLElement => h('span', { class: className, role: 'gridcell' });
    const element = h(
      'div',
      { id: `row-${index}`, role: 'row', attrs: { 'aria-rowindex': index + 2 } },
      cell('cell-topic'),
      cell('cell-value'),
      cell('cell-count'),
      cell('cell-rate'),
      cell('cell-time'),
    );
    element.style.top = `${index * ROW_HEIGHT}px`;
    element.addEventListener('click', (event) => {
      const onTwisty = event.target instanceof Element && event.target.closest('.twisty') !== null;
      this.activate(index, onTwisty);
    });
    element.addEventListener('dblclick', () => this.toggle(this.rowAt(index)));
    this.insert(element, index);
    return element;
  }

  /** In the order of the topics: a screen reader goes by the document, not by where things stand on the screen. */
  private insert(element: HTMLElement, index: number): void {
    const { elements, spacer } = this;
    const above = elements.get(index - 1)?.element;
    const below = elements.get(index + 1)?.element;
    if (above) above.after(element);
    else if (below) below.before(element);
    else {
      const next = [...elements].filter(([other]) => other > index).sort(([a], [b]) => a - b)[0];
      spacer.insertBefore(element, next?.[1].element ?? null);
    }
  }

  private rowAt(index: number): TopicRow | undefined {
    return this.window.rows[index - this.window.start];
  }

  private activate(index: number, toggle: boolean): void {
    this.active = index;
    const row = this.rowAt(index);
    if (toggle) this.toggle(row);
    else if (row) this.choose(row.id);
    this.render();
  }

  private choose(row: number): void {
    if (row !== this.selected) this.onSelect(row);
    this.selected = row;
  }

  private toggle(row: TopicRow | undefined, expanded = !row?.expanded): void {
    if (!row?.expandable || row.expanded === expanded) return;
    void this.host.act({ type: 'expand', row: row.id, expanded });
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const row = this.rowAt(this.active);
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / ROW_HEIGHT) - 1);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.moveTo(this.active + 1),
      ArrowUp: () => this.moveTo(this.active - 1),
      PageDown: () => this.moveTo(this.active + page),
      PageUp: () => this.moveTo(this.active - page),
      Home: () => this.moveTo(0),
      End: () => this.moveTo(this.window.total - 1),
      ArrowRight: () => (row?.expandable && !row.expanded ? this.toggle(row, true) : this.moveTo(this.active + 1)),
      ArrowLeft: () => (row?.expandable && row.expanded ? this.toggle(row, false) : this.moveToParent(row)),
      Enter: () => row && this.choose(row.id),
      ' ': () => this.toggle(row),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  private moveToParent(row: TopicRow | undefined): void {
    if (!row) return;
    for (let index = this.active - 1; index >= this.window.start; index--) {
      const above = this.rowAt(index);
      if (!above || above.depth >= row.depth) continue;
      this.moveTo(index);
      return;
    }
  }

  private moveTo(index: number): void {
    this.active = Math.max(0, Math.min(index, this.window.total - 1));
    const top = this.active * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight) this.scroller.scrollTop = top + ROW_HEIGHT - clientHeight;
    const row = this.rowAt(this.active);
    if (row) this.choose(row.id);
    this.render();
  }
}
