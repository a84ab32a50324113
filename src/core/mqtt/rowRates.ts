// Messages a second of the topics on the screen, from counters read now and then: topics off the screen cost nothing.

/** Between two readings of one topic; a gap longer than MAX means that it was off the screen. */
const MIN_MS = 2_000;
const MAX_MS = 10_000;
/** Readings of topics that left the screen are forgotten when there are more than this. */
const MAX_READINGS = 2_000;

export class RowRates {
  private readonly readings = new Map<number, { atMs: number; count: number; perSecond: number }>();

  /** `count`: messages of `row` so far. 0 until it has been on the screen for two seconds. Rounded to tenths. */
  read(row: number, count: number, nowMs: number): number {
    const before = this.readings.get(row);
    const elapsed = before ? nowMs - before.atMs : Number.POSITIVE_INFINITY;
    if (before && elapsed < MIN_MS) return before.perSecond;
    const perSecond = before && elapsed <= MAX_MS ? ((count - before.count) * 1_000) / elapsed : 0;
    const rounded = Math.round(perSecond * 10) / 10;
    this.readings.set(row, { atMs: nowMs, count, perSecond: rounded });
    if (this.readings.size > MAX_READINGS) this.forget(nowMs);
    return rounded;
  }

  private forget(nowMs: number): void {
    for (const [row, { atMs }] of this.readings) if (nowMs - atMs > MAX_MS) this.readings.delete(row);
  }
}
