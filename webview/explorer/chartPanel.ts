// Numbers in the selected topic's payloads over time: one small chart for each, drawn as SVG.
import type { NumberSeries } from '../../src/protocol/explorerModel';
import { fill, h } from '../dom';
import { formatTime, plural, visibleNodes } from './format';
import type { Host } from './host';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 600;
const HEIGHT = 72;
const REFRESH_MS = 1_000;
const SELECT = 'Select a topic whose payload is a number, or JSON with numbers in it.';

export class ChartPanel {
  readonly element = h('div', { class: 'chart-panel' });
  private row: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastMs = 0;

  constructor(private readonly host: Host) {
    this.element.hidden = true;
    this.say(SELECT);
  }

  /** The topic to draw; null: none. */
  select(row: number | null): void {
    this.row = row;
    this.refresh();
  }

  /** Call when its messages changed or the tab is shown: draws at most once a second, and only what is seen. */
  refresh(): void {
    if (this.element.hidden || this.timer !== undefined) return;
    const wait = Math.max(0, this.lastMs + REFRESH_MS - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.lastMs = performance.now();
      void this.draw();
    }, wait);
  }

  private async draw(): Promise<void> {
    const { row } = this;
    if (row === null) return this.say(SELECT);
    const all = await this.host.ask({ type: 'series', row }).catch(() => []);
    if (row !== this.row) return;
    if (all.length === 0) this.say('No numbers in the payloads of this topic.');
    else fill(this.element, ...all.map(chart));
  }

  private say(text: string): void {
    fill(this.element, h('div', { class: 'empty' }, h('p', {}, text)));
  }
}

const short = (value: number): string => String(Number(value.toPrecision(6)));

function chart({ path, points }: NumberSeries): HTMLElement {
  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const from = points[0]?.[0] ?? 0;
  const to = points.at(-1)?.[0] ?? 0;
  const x = (timeMs: number): number => (to === from ? WIDTH / 2 : ((timeMs - from) / (to - from)) * WIDTH);
  const y = (value: number): number =>
    high === low ? HEIGHT / 2 : 4 + (1 - (value - low) / (high - low)) * (HEIGHT - 8);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('role', 'img');
  svg.setAttribute(
    'aria-label',
    `${path || 'value'}: ${short(low)} to ${short(high)}, now ${short(values.at(-1) ?? 0)}`,
  );
  const line = document.createElementNS(SVG, 'polyline');
  line.setAttribute(
    'points',
    points.map(([timeMs, value]) => `${x(timeMs).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
  );
  line.setAttribute('vector-effect', 'non-scaling-stroke');
  svg.append(line);
  return h(
    'figure',
    {},
    h(
      'figcaption',
      {},
      h('span', { class: 'code' }, ...visibleNodes(path || 'value')),
      h('strong', {}, short(values.at(-1) ?? 0)),
      h('span', { class: 'dim' }, `${short(low)} to ${short(high)} · ${plural(points.length, 'value')}`),
      h('span', { class: 'dim chart-time' }, `${formatTime(from)} – ${formatTime(to)}`),
    ),
    svg,
  );
}
