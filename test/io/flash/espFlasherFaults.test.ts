import assert from 'node:assert/strict';
import { it } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import { flash } from '../../../src/io/flash/espFlasher';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { firmwareImage, partitionTable } from '../../support/firmwareFiles';
import type { Fault } from '../../virtualBoard/faults';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const FAULTS = 100;
const AT_ONCE = 16;
const LIMIT_MS = 60_000;
const SEED = 20_261_121;

const KINDS = ['drop', 'flip', 'noise', 'stall', 'unplug', 'reset'] as const;
/** The file named in it was not verified, or nothing was touched. */
const STATE = /is only partly written: the board may not start|was written but not verified/;

function generator(seed: number): (below: number) => number {
  let x = seed;
  return (below) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * below);
  };
}

const random = generator(SEED);
const bytes = (length: number) => Uint8Array.from({ length }, () => random(256));
const app = firmwareImage({ data: bytes(50_000) });
const plan = planFlash([
  { offset: 0x1000, bytes: firmwareImage({ data: bytes(8_000) }), name: 'bootloader.bin' },
  { offset: 0x8000, bytes: partitionTable(), name: 'partitions.bin' },
  { offset: 0x10000, bytes: app, name: 'app.bin' },
]);

function makeFault(): Fault {
  const kind = KINDS[random(KINDS.length)] ?? 'drop';
  const direction = random(2) === 0 ? 'toBoard' : 'toHost';
  const afterBytes = random(direction === 'toBoard' ? 75_000 : 2_000);
  if (kind === 'stall') return { kind, direction, afterBytes, milliseconds: random(5_000) };
  return kind === 'unplug' ? { kind, direction, afterBytes, milliseconds: 200 } : { kind, direction, afterBytes };
}

async function endure(fault: Fault): Promise<'done' | 'told'> {
  const board = await VirtualBoard.start({ port: 0, factory: true, faults: [fault] });
  const untouched = (offset: number, length: number) => Buffer.from(board.flash.read(offset, length));
  const bootloaderBefore = untouched(0x1000, 8_000);
  const what = JSON.stringify(fault);
  const started = Date.now();
  try {
    const outcome = await flash(await openBoardPort(board.address), plan).then(
      () => 'done' as const,
      (error: unknown) => error,
    );
    assert.ok(Date.now() - started < LIMIT_MS, `${what}: took ${Date.now() - started} ms`);
    const inFlash = untouched(0x10000, app.length).equals(app);
    if (outcome === 'done') {
      assert.ok(inFlash, `${what}: said done, and it is not`);
      return 'done';
    }
    assert.ok(outcome instanceof UserError, `${what}: ${String(outcome)}`);
    const claimsUntouched = !STATE.test(outcome.message);
    if (claimsUntouched) assert.deepEqual(untouched(0x1000, 8_000), bootloaderBefore, `${what}: ${outcome.message}`);
    return 'told';
  } finally {
    await board.close();
  }
}

it(`ends well or tells the truth after each of ${FAULTS} random faults`, { timeout: 300_000 }, async (t) => {
  const faults = Array.from({ length: FAULTS }, makeFault);
  const tally = { done: 0, told: 0 };
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let fault = faults.pop(); fault; fault = faults.pop()) tally[await endure(fault)]++;
    }),
  );
  t.diagnostic(`${tally.done} flashed all the same, ${tally.told} told what is wrong`);
  assert.equal(tally.done + tally.told, FAULTS);
});
