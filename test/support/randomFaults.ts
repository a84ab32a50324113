// Troubles on a board's line at random moments, the same for the same seed; and running many of them at once.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Direction, Fault } from '../virtualBoard/faults';

/** No single failure may take longer: a hang is worse than any error. */
const DEADLINE_MS = 45_000;
/** The time a cable is out. */
export const UNPLUGGED_MS = 400;

export function seededRandom(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function randomBytes(length: number, seed: number): Uint8Array {
  const next = seededRandom(seed);
  return Uint8Array.from({ length }, () => next(256));
}

/** One or two, within as many bytes as cross the line when nothing goes wrong. */
export function randomFaults(seed: number, lineBytes: Readonly<Record<Direction, number>>): Fault[] {
  const next = seededRandom(seed + 1);
  return Array.from({ length: 1 + next(2) }, (): Fault => {
    const kind = (['drop', 'flip', 'noise', 'stall', 'unplug', 'reset'] as const)[next(6)] ?? 'drop';
    const direction = next(2) === 0 ? 'toBoard' : 'toHost';
    const afterBytes = next(lineBytes[direction]);
    if (kind === 'stall') return { kind, direction, afterBytes, milliseconds: 100 + next(2500) };
    if (kind === 'unplug') return { kind, direction, afterBytes, milliseconds: UNPLUGGED_MS };
    return { kind, direction, afterBytes };
  });
}

/** What became of it, the error that it rejected with, or a failed assertion when it does not end. */
export async function outcomeOf<T>(work: Promise<T>, say: string): Promise<{ done: T } | { error: unknown }> {
  const outcome = await Promise.race([
    work.then(
      (done) => ({ done }),
      (error: unknown) => ({ error }),
    ),
    delay(DEADLINE_MS, 'hang' as const, { ref: false }),
  ]);
  if (outcome === 'hang') assert.fail(`it hangs. ${say}`);
  return outcome;
}

/** `work` with each number below `runs`, `atOnce` of them at a time. */
export async function eachSeed(runs: number, atOnce: number, work: (seed: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let seed = next++; seed < runs; seed = next++) await work(seed);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
