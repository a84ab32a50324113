// Flashing with trouble at a random moment, again and again: it ends, says the truth, and the port and the board are
// usable after. A failing seed is in the message.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../../src/core/errors';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import { flash } from '../../../src/io/flash/espFlasher';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { firmwareImage, partitionTable } from '../../support/firmwareFiles';
import type { Fault } from '../../virtualBoard/faults';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const RUNS = 100;
const AT_ONCE = 25;
/** No single failure may take longer: a hang is worse than any error. */
const DEADLINE_MS = 45_000;
/** The time a cable is out. */
const UNPLUGGED_MS = 400;

function generator(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const bytes = (length: number, seed: number) => {
  const next = generator(seed);
  return Uint8Array.from({ length }, () => next(256));
};
const plan = planFlash([
  { offset: 0x1000, bytes: firmwareImage({ data: bytes(12_000, 2) }), name: 'bootloader.bin' },
  { offset: 0x8000, bytes: partitionTable(), name: 'partitions.bin' },
  { offset: 0x10000, bytes: firmwareImage({ data: bytes(50_000, 3) }), name: 'app.bin' },
]);
/** What crosses the line when nothing goes wrong, about. */
const LINE_BYTES = { toBoard: 80_000, toHost: 4_000 };

function randomFaults(seed: number): Fault[] {
  const next = generator(seed + 1);
  return Array.from({ length: 1 + next(2) }, (): Fault => {
    const kind = (['drop', 'flip', 'noise', 'stall', 'unplug', 'reset'] as const)[next(6)] ?? 'drop';
    const direction = next(2) === 0 ? 'toBoard' : 'toHost';
    const afterBytes = next(LINE_BYTES[direction]);
    if (kind === 'stall') return { kind, direction, afterBytes, milliseconds: 100 + next(2500) };
    if (kind === 'unplug') return { kind, direction, afterBytes, milliseconds: UNPLUGGED_MS };
    return { kind, direction, afterBytes };
  });
}

function holdsPlan(board: VirtualBoard): boolean {
  return plan.files.every((file) =>
    Buffer.from(board.flash.read(file.offset, file.bytes.length)).equals(Buffer.from(file.bytes)),
  );
}

async function oneRun(seed: number): Promise<'written' | 'failed'> {
  const faults = randomFaults(seed);
  const say = `seed ${seed}: ${JSON.stringify(faults)}`;
  const board = await VirtualBoard.start({ port: 0, factory: true, faults });
  const attempt = async () => flash(await openBoardPort(board.address), plan);
  try {
    const before = board.flash.read(0, board.flash.size);
    const outcome = await Promise.race([
      attempt().then(
        () => 'written' as const,
        (error: unknown) => error,
      ),
      delay(DEADLINE_MS, 'hang' as const, { ref: false }),
    ]);
    assert.notEqual(outcome, 'hang', say);
    if (outcome === 'written') assert.ok(holdsPlan(board), `says written and verified, but is not. ${say}`);
    else {
      assert.ok(outcome instanceof UserError, `${say}\n${outcome instanceof Error ? outcome.stack : outcome}`);
      const touched = !Buffer.from(before).equals(Buffer.from(board.flash.read(0, board.flash.size)));
      // A block may be on its way when the line breaks, so "partly written" may be said too early, never too late.
      if (touched) assert.match(outcome.message, /only partly written|Everything was written/, say);
      if (/Everything was written/.test(outcome.message)) assert.ok(holdsPlan(board), say);
    }
    // A second fault may still wait on the line; the third attempt meets none.
    for (let more = 2; more > 0; more--) {
      await delay(UNPLUGGED_MS + 200); // the cable is in again
      const error = await attempt().then(
        () => undefined,
        (reason: Error) => reason,
      );
      if (!error) break;
      assert.ok(more > 1 && error instanceof UserError, `${say}\nthen: ${error.stack}`);
    }
    assert.ok(holdsPlan(board), `flashes after the trouble. ${say}`);
    return outcome === 'written' ? 'written' : 'failed';
  } finally {
    await board.close();
  }
}

describe('flashing in trouble', { timeout: 300_000 }, () => {
  it(`ends with the truth and a usable board, for ${RUNS} random faults`, async (t) => {
    const outcomes: string[] = [];
    let next = 0;
    const worker = async () => {
      for (let seed = next++; seed < RUNS; seed = next++) outcomes.push(await oneRun(seed));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const failed = outcomes.filter((outcome) => outcome === 'failed').length;
    t.diagnostic(`${RUNS - failed} written in spite of the trouble, ${failed} reported`);
    assert.equal(outcomes.length, RUNS);
    assert.ok(failed > 0, 'some trouble stops it');
  });
});
