// Generated cases that differ from run to run, with the seed told, so that a failure can be run again.
import type { TestContext } from 'node:test';
import fc from 'fast-check';

/** SECURE_IOT_SEED sets the seed; without it the clock does. A failing test's output shows it. */
export function seededSample<T>(t: TestContext, arbitrary: fc.Arbitrary<T>, numRuns: number): T[] {
  const seed = Number(process.env['SECURE_IOT_SEED'] ?? Date.now() & 0x7fffffff);
  t.diagnostic(`${numRuns} generated cases, SECURE_IOT_SEED=${seed}`);
  return fc.sample(arbitrary, { numRuns, seed });
}
