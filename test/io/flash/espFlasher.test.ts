import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { FlashCancelled, UserError } from '../../../src/core/errors';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import type { FlashProgress } from '../../../src/core/firmware/flashProgress';
import { flash } from '../../../src/io/flash/espFlasher';
import { withLoader } from '../../../src/io/flash/espSession';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { DeafPort } from '../../support/deafPort';
import { firmwareImage, partitionTable } from '../../support/firmwareFiles';
import type { Fault } from '../../virtualBoard/faults';
import { VirtualBoard, type VirtualBoardOptions } from '../../virtualBoard/virtualBoard';

/** Bytes that do not compress. */
function random(length: number, seed = 1): Uint8Array {
  let x = seed;
  return Uint8Array.from({ length }, () => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return x >>> 24;
  });
}

const app = firmwareImage({ data: random(120_000) });
const plan = planFlash([
  { offset: 0x1000, bytes: firmwareImage({ data: random(20_000, 2) }), name: 'bootloader.bin' },
  { offset: 0x8000, bytes: partitionTable(), name: 'partitions.bin' },
  { offset: 0x10000, bytes: app, name: 'app.bin' },
]);

async function withBoard(options: Partial<VirtualBoardOptions>, test: (board: VirtualBoard) => Promise<void>) {
  const board = await VirtualBoard.start({ port: 0, factory: true, ...options });
  try {
    await test(board);
  } finally {
    await board.close();
  }
}

const inFlash = (board: VirtualBoard, offset: number, bytes: Uint8Array) =>
  Buffer.from(board.flash.read(offset, bytes.length)).equals(Buffer.from(bytes));

describe('flash', { timeout: 120_000 }, () => {
  it('writes every file, verifies it, reports bytes and leaves the port free', async () => {
    await withBoard({}, async (board) => {
      const port = await openBoardPort(board.address);
      const seen: FlashProgress[] = [];
      const result = await flash(port, plan, { onProgress: (progress) => seen.push(progress) });
      for (const { offset, bytes } of plan.files) assert.ok(inFlash(board, offset, bytes), `flash at ${offset}`);
      assert.equal(result.info.chip.name, 'ESP32');
      assert.equal(result.baudRate, 921_600);
      assert.match(result.info.mac ?? '', /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
      const total = plan.files.reduce((n, f) => n + Math.ceil(f.bytes.length / 4) * 4, 0);
      assert.equal(seen[0]?.phase, 'connecting');
      assert.deepEqual([seen.at(-1)?.phase, seen.at(-1)?.done, seen.at(-1)?.total], ['verifying', total, total]);
      const done = seen.map((p) => p.done);
      assert.deepEqual(
        done,
        done.toSorted((a, b) => a - b),
        'progress never goes back',
      );
      await port.open(115_200); // free again
      await port.close();
    });
  });

  it('reads back what it wrote', async () => {
    await withBoard({}, async (board) => {
      await flash(await openBoardPort(board.address), plan);
      const read = await withLoader(await openBoardPort(board.address), {}, ({ loader }) =>
        loader.readFlash(0x10000, app.length),
      );
      assert.deepEqual(Buffer.from(read), app);
    });
  });

  it('writes only what changed, on request', async () => {
    await withBoard({}, async (board) => {
      const big = firmwareImage({ data: random(300_000) });
      const before = planFlash([{ offset: 0x10000, bytes: big, name: 'app.bin' }]);
      await flash(await openBoardPort(board.address), before);
      const again = await flash(await openBoardPort(board.address), before, { onlyChanged: true });
      assert.equal(again.bytes, 0);
      const data = random(300_000);
      data[150_000]! ^= 1;
      const next = planFlash([{ offset: 0x10000, bytes: firmwareImage({ data }), name: 'app.bin' }]);
      const third = await flash(await openBoardPort(board.address), next, { onlyChanged: true });
      // the changed sector, and the last one with checksum and hash
      assert.ok(third.bytes >= 0x1000 && third.bytes <= 0x2000, `${third.bytes} bytes written`);
      assert.ok(inFlash(board, 0x10000, firmwareImage({ data })));
    });
  });

  it('steps down to the highest baud rate that the line carries', async () => {
    await withBoard({}, async (board) => {
      const tried: string[] = [];
      const port = new DeafPort(await openBoardPort(board.address), 250_000);
      const result = await flash(port, plan, { log: (line) => tried.push(line) });
      assert.equal(result.baudRate, 230_400);
      assert.equal(tried.filter((line) => /does not answer at (921600|460800) baud/.test(line)).length, 2);
      assert.ok(inFlash(board, 0x10000, app));
    });
  });

  it('flashes several boards side by side', async () => {
    await withBoard({}, (one) =>
      withBoard({ mac: '24:6f:28:00:00:02' }, async (two) => {
        const flashed = await Promise.all([one, two].map(async (b) => flash(await openBoardPort(b.address), plan)));
        assert.equal(new Set(flashed.map(({ info }) => info.mac)).size, 2);
        for (const b of [one, two]) assert.ok(inFlash(b, 0x10000, app));
      }),
    );
  });

  it('cancels midway, says how the board is left, and flashes again after', async () => {
    await withBoard({}, async (board) => {
      const port = await openBoardPort(board.address);
      const stop = new AbortController();
      const cancelled = flash(port, plan, {
        signal: stop.signal,
        onProgress: ({ phase, what, done }) => {
          if (phase === 'writing' && what.startsWith('app.bin') && done > 60_000) stop.abort();
        },
      });
      await assert.rejects(cancelled, (error: unknown) => {
        assert.ok(error instanceof FlashCancelled);
        assert.match(error.boardState, /app\.bin at 0x10000 is only partly written/);
        return true;
      });
      await flash(port, plan);
      assert.ok(inFlash(board, 0x10000, app));
    });
  });

  it('cancels while it connects: nothing was written', async () => {
    await withBoard({}, async (board) => {
      const stop = new AbortController();
      const started = Date.now();
      setTimeout(() => stop.abort(), 150);
      await assert.rejects(
        flash(await openBoardPort(board.address), plan, { signal: stop.signal }),
        (error: unknown) => {
          assert.ok(error instanceof FlashCancelled);
          assert.match(error.boardState, /Nothing was written/);
          return true;
        },
      );
      assert.ok(Date.now() - started < 3_000, 'cancelling is prompt');
    });
  });

  it('writes nothing when the image is for another chip', async () => {
    await withBoard({}, async (board) => {
      const before = board.flash.read(0x10000, 64);
      const wrong = planFlash([{ offset: 0x10000, bytes: firmwareImage({ chipId: 9 }), name: 's3.bin' }]);
      await assert.rejects(flash(await openBoardPort(board.address), wrong), { code: 'wrong-chip' });
      assert.deepEqual(board.flash.read(0x10000, 64), before);
    });
  });

  it('writes nothing that is larger than its partition on the board', async () => {
    await withBoard({}, async (board) => {
      await flash(await openBoardPort(board.address), plan);
      const before = board.flash.read(0x10000, 64);
      const large = firmwareImage({ data: Buffer.alloc(0x140000, 1) });
      const tooLarge = planFlash([{ offset: 0x10000, bytes: large, name: 'large.bin' }]);
      await assert.rejects(flash(await openBoardPort(board.address), tooLarge), { code: 'image-too-large' });
      assert.deepEqual(board.flash.read(0x10000, 64), before);
    });
  });

  it('says what to press when the board does not go into download mode', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('ESP-ROM:esp32c3-api1-20210207\r\n');
      const timer = setInterval(() => socket.write('I (1234) app: counting sheep, no end in sight\r\n'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      await assert.rejects(flash(await openBoardPort(`socket://127.0.0.1:${port}`), plan), (error: UserError) => {
        assert.equal(error.code, 'no-download-mode');
        assert.match(error.message, /runs its application.*cannot reset it.*Hold the BOOT button/);
        assert.match(error.message, /connect GPIO9 to GND.*GPIO8 must be high/, 'the boot log names the chip');
        return true;
      });
    } finally {
      server.close();
    }
  });

  it('says that a board is silent', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    try {
      await assert.rejects(flash(await openBoardPort(`socket://127.0.0.1:${port}`), plan), {
        code: 'no-download-mode',
        message: /does not answer\. Hold the BOOT button/,
      });
    } finally {
      server.close();
    }
  });

  for (const fault of [
    { kind: 'unplug', direction: 'toBoard', afterBytes: 90_000 },
    { kind: 'unplug', direction: 'toHost', afterBytes: 400 },
    { kind: 'reset', direction: 'toBoard', afterBytes: 90_000 },
    { kind: 'stall', direction: 'toHost', afterBytes: 2_000, milliseconds: 1_000 },
    { kind: 'flip', direction: 'toBoard', afterBytes: 90_000 },
    { kind: 'drop', direction: 'toBoard', afterBytes: 90_000 },
    { kind: 'noise', direction: 'toHost', afterBytes: 2_000 },
  ] satisfies Fault[])
    it(`ends after a ${fault.kind} ${fault.direction} at byte ${fault.afterBytes}: done, or a true sentence`, async () => {
      await withBoard({ faults: [fault] }, async (board) => {
        const port = await openBoardPort(board.address);
        const outcome = await flash(port, plan).then(
          () => 'done' as const,
          (error: unknown) => error,
        );
        if (outcome === 'done') assert.ok(inFlash(board, 0x10000, app));
        else {
          assert.ok(outcome instanceof UserError, String(outcome));
          if (fault.afterBytes > 50_000) assert.match(outcome.message, /only partly written: the board may not start/);
        }
        if (fault.kind !== 'unplug') {
          await flash(port, plan); // the port is not left locked, and the board can be saved
          assert.ok(inFlash(board, 0x10000, app));
        }
      });
    });
});
