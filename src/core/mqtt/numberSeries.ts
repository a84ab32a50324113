// Numbers in a topic's payloads over time: the payload itself, or every number in its JSON by its path.
import { payloadText } from './payloadKind';

export interface NumberSeries {
  /** For example `heap.free` or `tags[0]`; empty: the payload itself. */
  readonly path: string;
  /** Oldest first. */
  readonly points: readonly (readonly [timeMs: number, value: number])[];
}

/** Payloads beyond this are passed over, and so is what is deeper or more than these. */
const MAX_BYTES = 16_384;
const MAX_DEPTH = 4;
const MAX_SERIES = 16;

/** Series with at least one point, in the order in which their paths were first met. */
export function numberSeries(
  messages: Iterable<{ readonly timeMs: number; readonly payload: Uint8Array }>,
): readonly NumberSeries[] {
  const series = new Map<string, [number, number][]>();
  for (const { timeMs, payload } of messages) {
    for (const [path, value] of numbersIn(payload)) {
      const points = series.get(path);
      if (points) points.push([timeMs, value]);
      else if (series.size < MAX_SERIES) series.set(path, [[timeMs, value]]);
    }
  }
  return [...series].map(([path, points]) => ({ path, points }));
}

function numbersIn(payload: Uint8Array): readonly (readonly [path: string, value: number])[] {
  const text = payload.length > MAX_BYTES ? undefined : payloadText(payload);
  if (text === undefined) return [];
  const found: [string, number][] = [];
  try {
    collect(JSON.parse(text), '', 0, found);
  } catch {
    const number = /^\s*[+-]?\d+(?:\.\d+)?/.exec(text); // "21.5 °C"
    if (number) found.push(['', Number(number[0])]);
  }
  return found;
}

function collect(value: unknown, path: string, depth: number, found: [string, number][]): void {
  if (typeof value === 'number' && Number.isFinite(value)) found.push([path, value]);
  if (typeof value === 'boolean') found.push([path, value ? 1 : 0]);
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH || found.length > MAX_SERIES) return;
  const list = Array.isArray(value);
  for (const [key, entry] of Object.entries(value).slice(0, 64))
    collect(entry, list ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`, depth + 1, found);
}
