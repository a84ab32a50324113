// Messages a second of the topics on the screen, from counters read now and then: topics off the screen cost nothing.

/** Between two readings of one topic; a gap longer than MAX means that it was off the screen. */
const MIN_MS = 2_000;
const MAX_MS = 10_000;

export class RowRates<N extends object> {
  private readonly readings = new WeakMap<N, { atMs: number; count: number; perSecond: number }>();

  /** `count`: messages of `node` so far. 0 until it has been on the screen for two seconds. Rounded to tenths. */
  read(node: N, count: number, nowMs: number): number {
    const before = this.readings.get(node);
    const elapsed = before ? nowMs - before.atMs : Number.POSITIVE_INFINITY;
    if (before && elapsed < MIN_MS) return before.perSecond;
    const perSecond = before && elapsed <= MAX_MS ? ((count - before.count) * 1_000) / elapsed : 0;
    const rounded = Math.round(perSecond * 10) / 10;
    this.readings.set(node, { atMs: nowMs, count, perSecond: rounded });
    return rounded;
  }
}
