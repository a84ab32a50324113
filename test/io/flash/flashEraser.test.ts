// Erasing a part of a board's flash: what is left alone, and what is said when it stops midway.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { UserError } from '../../../src/core/errors';
import { FlashCancelled } from '../../../src/core/errors';
import type { FlashProgress } from '../../../src/core/firmware/flashProgress';
import { eraseBoard } from '../../../src/io/flash/flashEraser';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const SIZE = 2 * 1024 * 1024;
const REGION = { offset: 0x31000, size: 0x9f000 };

async function withFullBoard(work: (board: VirtualBoard) => Promise<void>): Promise<void> {
  const preload = [{ name: 'full', offset: 0, data: new Uint8Array(SIZE).fill(0x5a) }];
  const board = await VirtualBoard.start({ port: 0, flashSize: SIZE, preload });
  try {
    await work(board);
  } finally {
    await board.close();
  }
}

describe('eraseBoard', { timeout: 60_000 }, () => {
  it('erases exactly the region, in pieces that show how far it is', () =>
    withFullBoard(async (board) => {
      const told: FlashProgress[] = [];
      const onProgress = (progress: FlashProgress) => told.push(progress);
      await eraseBoard(await openBoardPort(board.address), REGION, { onProgress });
      const flash = board.flash.read(0, SIZE);
      const end = REGION.offset + REGION.size;
      const wrong = flash.findIndex((byte, at) => byte !== (at >= REGION.offset && at < end ? 0xff : 0x5a));
      assert.equal(wrong, -1);
      assert.deepEqual(
        told.filter(({ phase }) => phase === 'erasing').map(({ done }) => done),
        [0, 0xf000, 0x4f000, 0x8f000],
      );
    }));

  it('says that the region is erased in part when it is stopped midway, and leaves the port free', () =>
    withFullBoard(async (board) => {
      const stop = new AbortController();
      const erasing = eraseBoard(await openBoardPort(board.address), REGION, {
        signal: stop.signal,
        onProgress: ({ done }) => done > 0 && stop.abort(),
      });
      await assert.rejects(erasing, (error: FlashCancelled) => {
        assert.ok(error instanceof FlashCancelled);
        assert.match(error.boardState, /^0x9f000 bytes from 0x31000 on are erased in part or in whole: erase again/);
        return true;
      });
      assert.equal(board.flash.read(REGION.offset + REGION.size - 1, 1)[0], 0x5a, 'the rest was left alone');
      await eraseBoard(await openBoardPort(board.address), REGION, {});
    }));

  it('says that nothing was erased when it is stopped before', () =>
    withFullBoard(async (board) => {
      const erasing = eraseBoard(await openBoardPort(board.address), REGION, { signal: AbortSignal.abort() });
      await assert.rejects(erasing, (error: FlashCancelled) => /^Nothing was erased/.test(error.boardState));
    }));

  it('says what state the board is in when the cable comes out midway', () =>
    withFullBoard(async (board) => {
      const erasing = eraseBoard(await openBoardPort(board.address), REGION, {
        onProgress: ({ done }) => {
          if (done > 0) void board.unplug();
        },
      });
      await assert.rejects(erasing, (error: UserError) => {
        assert.equal(error.code, 'port-lost');
        assert.match(error.message, /erased in part or in whole: erase again or flash the board\.$/);
        return true;
      });
    }));

  it('refuses what does not lie within the flash, and erases nothing of it', () =>
    withFullBoard(async (board) => {
      const beyond = { offset: SIZE - 0x1000, size: 0x2000 };
      await assert.rejects(eraseBoard(await openBoardPort(board.address), beyond, {}), {
        code: 'range-invalid',
        message: '0x201000 is beyond the 2 MB of flash on this board.',
      });
      assert.equal(board.flash.read(SIZE - 1, 1)[0], 0x5a);
    }));
});
