// Numbers and times as the pane writes them.
import { visibleParts } from '../../src/core/mqtt/visibleText';
import { h } from '../dom';

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of day; with milliseconds where order matters. */
export function formatTime(timeMs: number, milliseconds = false): string {
  const date = new Date(timeMs);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return milliseconds ? `${time}.${String(date.getMilliseconds()).padStart(3, '0')}` : time;
}

export function formatDate(timeMs: number): string {
  const date = new Date(timeMs);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Text from outside as nodes: what hides or reorders is shown as a mark. */
export function visibleNodes(text: string, lines = false): Node[] {
  return visibleParts(text, { lines }).map((part) =>
    part.mark ? h('span', { class: 'hidden-character', title: 'Hidden character' }, part.text) : new Text(part.text),
  );
}
