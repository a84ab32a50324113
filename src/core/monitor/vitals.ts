// Free heap and signal strength from the lines that carry them: the last values, their range, and a curve.

/** Samples kept of each; older ones make room. */
const KEEP = 240;
/** A line longer than this is no status line. */
const MAX_LINE = 400;

const WORTH_A_LOOK = /heap|rssi|dBm/i;
/**
 * `free heap: 182340`, `heap=178k`, `ESP.getFreeHeap() 40.2 KB`, `Heap free 52,104 bytes`. Not `heap_init: At 3FFB…`,
 * where what follows is an address, nor the largest block or the smallest value ever.
 */
const HEAP =
  /(?<![a-z])(?:free[ _.-]?heap|heap[ _.-]?free|getFreeHeap|heap)(?:[ _]?size)?(?:\(\))?\s*(?:[:=]|\bis\b)?\s*(\d[\d,]*(?:\.\d+)?)\s*(kib|kb|k|mib|mb|m|bytes|b)?(?![\w.])/i;
const OTHER_HEAP = /(?:min|low|larg|max)[a-z]*[ _.-]*(?:ever[ _.-]*)?(?:free[ _.-]*)?heap/i;
const RSSI =
  /\b(?:rssi|signal(?: strength)?)\b(?:\(\))?\s*(?:\(dBm\))?\s*(?:[:=]|\bis\b)?\s*(-\d{1,3})(?!\d)|(?<![\w.])(-\d{2,3})\s?dBm\b/i;
/** Smaller numbers beside the word "heap" are something else. */
const LEAST_HEAP = 1024;
const BARS = '▁▂▃▄▅▆▇█';

export interface Vital {
  readonly last: number;
  readonly min: number;
  readonly max: number;
  /** Oldest first. */
  readonly samples: readonly number[];
}

export class Vitals {
  readonly #heap: number[] = [];
  readonly #rssi: number[] = [];

  /** True where the line carried a value. */
  next(line: string): boolean {
    if (line.length > MAX_LINE || !WORTH_A_LOOK.test(line)) return false;
    const heap = heapIn(line);
    const rssi = rssiIn(line);
    if (heap !== undefined) keep(this.#heap, heap);
    if (rssi !== undefined) keep(this.#rssi, rssi);
    return heap !== undefined || rssi !== undefined;
  }

  /** Bytes. */
  get heap(): Vital | undefined {
    return vital(this.#heap);
  }

  /** dBm. */
  get rssi(): Vital | undefined {
    return vital(this.#rssi);
  }
}

/** `heap 178 KB ▇▆▅▃ · RSSI -61 dBm ▅▅▆`; empty while nothing was heard. */
export function vitalsText({ heap, rssi }: Pick<Vitals, 'heap' | 'rssi'>, width = 12): string {
  const parts: string[] = [];
  if (heap) parts.push(`heap ${kilobytes(heap.last)} ${sparkline(heap.samples, width)}`);
  if (rssi) parts.push(`RSSI ${rssi.last} dBm ${sparkline(rssi.samples, width)}`);
  return parts.join(' · ');
}

/** Lines with last, lowest and highest value, for a tooltip or the end of a session. */
export function vitalsDetail({ heap, rssi }: Pick<Vitals, 'heap' | 'rssi'>): string[] {
  const lines: string[] = [];
  if (heap)
    lines.push(
      `Free heap ${kilobytes(heap.last)} (lowest ${kilobytes(heap.min)}, highest ${kilobytes(heap.max)}, ${heap.samples.length} values)`,
    );
  if (rssi)
    lines.push(`RSSI ${rssi.last} dBm (weakest ${rssi.min}, strongest ${rssi.max}, ${rssi.samples.length} values)`);
  return lines;
}

/** The newest samples as bars, each the mean of its share, between the lowest and the highest of them. */
export function sparkline(samples: readonly number[], width = 12): string {
  const count = Math.min(width, samples.length);
  const means = Array.from({ length: count }, (_, i) => {
    const share = samples.slice(
      Math.floor((i * samples.length) / count),
      Math.floor(((i + 1) * samples.length) / count),
    );
    return share.reduce((sum, value) => sum + value, 0) / share.length;
  });
  const [low, high] = [Math.min(...means), Math.max(...means)];
  const bar = (mean: number) =>
    BARS[high === low ? 3 : Math.round(((mean - low) / (high - low)) * (BARS.length - 1))] ?? '';
  return means.map(bar).join('');
}

function heapIn(line: string): number | undefined {
  const match = OTHER_HEAP.test(line) ? undefined : HEAP.exec(line);
  if (!match) return undefined;
  const unit = { k: 1024, m: 1024 * 1024 }[(match[2] ?? '').slice(0, 1).toLowerCase()] ?? 1;
  const bytes = Math.round(Number((match[1] ?? '').replaceAll(',', '')) * unit);
  return bytes >= LEAST_HEAP ? bytes : undefined;
}

function rssiIn(line: string): number | undefined {
  const match = RSSI.exec(line);
  const value = Number(match?.[1] ?? match?.[2] ?? Number.NaN);
  return value <= -1 && value >= -127 ? value : undefined;
}

function keep(samples: number[], value: number): void {
  samples.push(value);
  if (samples.length > KEEP) samples.shift();
}

function vital(samples: readonly number[]): Vital | undefined {
  const last = samples.at(-1);
  if (last === undefined) return undefined;
  return { last, min: Math.min(...samples), max: Math.max(...samples), samples };
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1024).toLocaleString('en')} KB`;
}
