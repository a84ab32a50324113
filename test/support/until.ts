// Waits for what comes about without an event.
import { setTimeout as wait } from 'node:timers/promises';

/** Polls `condition` for up to `ms`, then throws `otherwise`. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  otherwise: string | (() => string),
  ms = 10_000,
): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); await wait(10))
    if (Date.now() > end) throw new Error(typeof otherwise === 'string' ? otherwise : otherwise());
}
