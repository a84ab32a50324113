// Messages a second from two counters and given times: a sliding window without a list of timestamps.

/** Length of the window in milliseconds. */
const RATE_WINDOW_MS = 5_000;

export interface SlidingRate {
  /** Start of the current window. */
  startMs: number;
  current: number;
  previous: number;
}

export function newRate(): SlidingRate {
  return { startMs: 0, current: 0, previous: 0 };
}

export function countInto(rate: SlidingRate, timeMs: number): void {
  const elapsed = timeMs - rate.startMs;
  if (elapsed >= RATE_WINDOW_MS) {
    rate.previous = elapsed < 2 * RATE_WINDOW_MS ? rate.current : 0;
    rate.startMs = timeMs - (elapsed < 2 * RATE_WINDOW_MS ? elapsed - RATE_WINDOW_MS : 0);
    rate.current = 0;
  }
  rate.current++;
}

/** Per second over the last window; what came before it fades out evenly. */
export function ratePerSecond(rate: SlidingRate, nowMs: number): number {
  const elapsed = nowMs - rate.startMs;
  if (elapsed >= 2 * RATE_WINDOW_MS) return 0;
  if (elapsed >= RATE_WINDOW_MS) {
    const share = 1 - (elapsed - RATE_WINDOW_MS) / RATE_WINDOW_MS;
    return (rate.current * share * 1_000) / RATE_WINDOW_MS;
  }
  const share = 1 - Math.max(0, elapsed) / RATE_WINDOW_MS;
  return ((rate.previous * share + rate.current) * 1_000) / RATE_WINDOW_MS;
}
