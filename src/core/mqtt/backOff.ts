// How long to wait before connecting again, so that a broker that is down or refuses is not stormed.

export interface BackOff {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A connection that lived this long was a good one: after it the pauses begin anew. */
  readonly settledMs?: number;
}

export const DEFAULT_BACK_OFF: Required<BackOff> = { firstMs: 1_000, maxMs: 30_000, settledMs: 10_000 };

/**
 * Milliseconds before attempt number `attempt` (1 is the first repetition): doubles up to `maxMs`, and a fifth more or
 * less by `random` (0 to 1), so that many clients do not come back in the same moment.
 */
export function backOffDelay(attempt: number, random: number, { firstMs, maxMs }: BackOff = DEFAULT_BACK_OFF): number {
  const plain = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(plain * (0.8 + 0.4 * random));
}
