// Reading, erasing, writing a partition table, provisioning and asking the chip, each with trouble at random moments:
// it ends, says the truth, leaves nothing half-done that is called done, and works the next time.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../../src/core/errors';
import { readNvsImage } from '../../../src/core/firmware/nvsReader';
import { buildPartitionTable } from '../../../src/core/firmware/partitionImage';
import { readEfuses } from '../../../src/io/flash/espEfuses';
import { withLoader } from '../../../src/io/flash/espSession';
import { eraseBoard } from '../../../src/io/flash/flashEraser';
import { readFlashToFile } from '../../../src/io/flash/flashReader';
import { writeBoardTable } from '../../../src/io/flash/partitionWriter';
import type { DeviceIdentity } from '../../../src/io/pki/identityFiles';
import { provisionBoard } from '../../../src/io/provisioning/provisionBoard';
import type { BoardPort } from '../../../src/io/serial/boardPort';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { eachSeed, outcomeOf, randomBytes, randomFaults, UNPLUGGED_MS } from '../../support/randomFaults';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';
import { demoPartitions } from '../../virtualBoard/partitions';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const RUNS = 20;
const AT_ONCE = 20;
const SIZE = 1024 * 1024;
const REGION = { offset: 0x21000, size: 0x4f000 };
const NVS = { offset: 0x9000, size: 0x6000 };

const equal = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b));

/** One thing that is done with a board. */
interface Work {
  readonly run: (port: BoardPort, folder: string) => Promise<unknown>;
  /** Throws unless what it says is what is. */
  readonly isDone: (board: VirtualBoard, folder: string) => void;
  /** After an error: throws where its message is not true. */
  readonly isTrue: (message: string, board: VirtualBoard, before: Uint8Array, folder: string) => void;
}

describe('boards in trouble', { timeout: 600_000 }, () => {
  const folder = temporaryFolder('faults');
  let identity: DeviceIdentity;
  before(async () => {
    const { ca, device } = await goodSet();
    identity = { ca: ca.pem, device: device.pem, deviceKey: device.keyPem, warnings: [] };
  });

  const table = demoPartitions.map((partition) => ({
    ...partition,
    size: partition.label === 'factory' ? 0x80000 : partition.size,
    encrypted: false,
    readOnly: false,
  }));
  const untouched = (board: VirtualBoard, was: Uint8Array, except = { offset: 0, size: 0 }) => {
    const now = board.flash.read(0, SIZE);
    const end = except.offset + except.size;
    assert.ok(equal(now.subarray(0, except.offset), was.subarray(0, except.offset)), 'what lies before is untouched');
    assert.ok(equal(now.subarray(end), was.subarray(end)), 'what lies behind is untouched');
  };
  const hasKey = (board: VirtualBoard) =>
    readNvsImage(board.flash.read(NVS.offset, NVS.size)).rows.some(
      (row) =>
        row.kind === 'entry' &&
        row.key === 'device_key' &&
        row.value.kind !== 'integer' &&
        new TextDecoder().decode(row.value.bytes).includes(identity.deviceKey.trim()),
    );

  const works: Readonly<Record<string, Work>> = {
    'reading flash into a file': {
      run: (port, at) => readFlashToFile(port, { offset: 0x10000, size: 0x30000 }, join(at, 'copy.bin')),
      isDone: (board, at) => assert.ok(equal(readFileSync(join(at, 'copy.bin')), board.flash.read(0x10000, 0x30000))),
      isTrue: (_message, board, was, at) => {
        assert.ok(!existsSync(join(at, 'copy.bin')) && !existsSync(join(at, 'copy.bin.part')), 'no half file');
        untouched(board, was);
      },
    },
    'erasing a region': {
      run: (port) => eraseBoard(port, REGION, {}),
      isDone: (board) => assert.ok(board.flash.read(REGION.offset, REGION.size).every((byte) => byte === 0xff)),
      isTrue: (message, board, was) =>
        untouched(board, was, /erased in part or in whole/.test(message) ? REGION : undefined),
    },
    'writing a partition table': {
      run: (port) => writeBoardTable(port, table, 0x8000, {}),
      isDone: (board) => {
        const bytes = buildPartitionTable(table, () => new Uint8Array(16));
        assert.ok(equal(board.flash.read(0x8000, 32 * table.length), bytes.subarray(0, 32 * table.length)));
      },
      isTrue: (message, board, was) => {
        const touched = /partly written|not verified|Everything was written/.test(message);
        untouched(board, was, touched ? { offset: 0x8000, size: 0x1000 } : undefined);
      },
    },
    provisioning: {
      run: (port, at) =>
        provisionBoard(port, { device: 'd', folder: at, identity, namespace: 'tls', target: 'nvs', reuse: true }),
      isDone: (board) => assert.ok(hasKey(board)),
      isTrue: (message, board, was) => {
        untouched(board, was, NVS);
        if (/The new identity is written/.test(message)) assert.ok(hasKey(board), message);
        else
          assert.ok(!hasKey(board) || !/has what it had before|has no identity yet|as it was/.test(message), message);
      },
    },
    'reading eFuses': {
      run: (port) => withLoader(port, {}, readEfuses).then((rows) => assert.ok(rows.length > 40)),
      isDone: () => {},
      isTrue: (_message, board, was) => untouched(board, was),
    },
  };

  for (const [name, work] of Object.entries(works))
    it(`${name}: ends with the truth, and works afterwards, for ${RUNS} random faults`, async (t) => {
      const preload = [{ name: 'full', offset: 0x10000, data: randomBytes(SIZE - 0x10000, 7) }];
      const start = (faults: ReturnType<typeof randomFaults>) =>
        VirtualBoard.start({ port: 0, factory: true, flashSize: SIZE, preload, faults });
      const attempt = async (board: VirtualBoard, at: string) => work.run(await openBoardPort(board.address), at);
      const calm = await start([]);
      await attempt(calm, await mkdtemp(join(folder, 'calm-')));
      const lineBytes = { ...calm.passedBytes };
      await calm.close();
      let told = 0;
      await eachSeed(RUNS, AT_ONCE, async (seed) => {
        const faults = randomFaults(seed, lineBytes);
        const say = `${name}, seed ${seed}: ${JSON.stringify(faults)}`;
        const board = await start(faults);
        try {
          const was = board.flash.read(0, SIZE);
          const at = await mkdtemp(join(folder, 'run-'));
          const outcome = await outcomeOf(attempt(board, at), say);
          try {
            if ('done' in outcome) work.isDone(board, at);
            else {
              told++;
              const { error } = outcome;
              assert.ok(error instanceof UserError, error instanceof Error ? error.stack : String(error));
              work.isTrue(error.message, board, was, at);
            }
          } catch (error) {
            assert.fail(`${say}\n${'error' in outcome ? outcome.error : ''}\n${(error as Error).message}`);
          }
          if ('done' in outcome) return;
          // a second fault may still wait on the line; the third attempt meets none
          for (let more = 2; more > 0; more--) {
            await delay(UNPLUGGED_MS + 200);
            const again = await outcomeOf(attempt(board, at), say);
            if ('done' in again) break;
            assert.ok(more > 1 && again.error instanceof UserError, `${say}\nthen: ${again.error}`);
          }
          work.isDone(board, at);
        } finally {
          await board.close();
        }
      });
      t.diagnostic(`${RUNS - told} done in spite of the trouble, ${told} reported`);
      assert.ok(told > 0, 'some trouble stops it');
    });
});
