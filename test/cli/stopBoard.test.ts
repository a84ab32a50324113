// Ctrl+C in the middle of work on a board: it ends at once, says how the board is left, and leaves nothing half-done.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { runCli, startCli } from '../support/cli';
import { firmwareImage } from '../support/firmwareFiles';
import { randomBytes } from '../support/randomFaults';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/until';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

const PROMPT_MS = 5_000;

type Begun = (passed: VirtualBoard['passedBytes']) => boolean;

describe('Ctrl+C while secure-iot works on a board', { concurrency: 2, timeout: 120_000 }, () => {
  /** At 460,800 baud, 400 KB take nine seconds. */
  async function start(t: TestContext): Promise<VirtualBoard> {
    const board = await VirtualBoard.start({ port: 0, factory: true, pacing: 460_800 });
    t.after(() => board.close());
    return board;
  }

  async function stopAfter(t: TestContext, board: VirtualBoard, args: readonly string[], hasBegun: Begun) {
    const folder = temporaryFolder('stop');
    await writeFile(join(folder, 'app.bin'), firmwareImage({ data: randomBytes(400_000, 3) }));
    const [command = '', ...rest] = args;
    const program = startCli(t, folder, [command, '--port', board.address, ...rest]);
    await until(() => hasBegun(board.passedBytes), `${command} does not begin`, 60_000);
    const stopped = Date.now();
    await program.kill('SIGINT');
    const code = await program.ended;
    assert.ok(Date.now() - stopped < PROMPT_MS, `${command}: ${Date.now() - stopped} ms`);
    assert.equal(code, 130, program.output());
    return { output: program.output(), folder };
  }

  it('flash: the image is partly written, and can be flashed again', async (t) => {
    const board = await start(t);
    const { output, folder } = await stopAfter(
      t,
      board,
      ['flash', '0x10000', 'app.bin'],
      ({ toBoard }) => toBoard > 150_000,
    );
    assert.match(output, /Stopped\. app\.bin at 0x10000 is only partly written: the board may not start until/);
    await writeFile(join(folder, 'small.bin'), firmwareImage());
    const again = await runCli(folder, ['flash', '--port', board.address, '0x10000', 'small.bin']);
    assert.equal(again.code, 0, again.err);
  });

  it('flash: nothing was written while it connects', async (t) => {
    const board = await start(t);
    const before = board.flash.read(0, board.flash.size);
    const { output } = await stopAfter(t, board, ['flash', '0x10000', 'app.bin'], ({ toBoard }) => toBoard > 200);
    assert.match(output, /Stopped\. Nothing was written: the board is as it was\./);
    assert.deepEqual(board.flash.read(0, board.flash.size), before);
  });

  it('read: no file, and no part of one', async (t) => {
    const board = await start(t);
    const { folder } = await stopAfter(t, board, ['read', '--all', 'copy.bin'], ({ toHost }) => toHost > 150_000);
    assert.deepEqual(readdirSync(folder), ['app.bin']);
  });

  it('monitor: it ends as asked', async (t) => {
    const board = await start(t);
    const folder = temporaryFolder('stop');
    const monitor = startCli(t, folder, ['monitor', '--port', board.address, '--log', 'board.log']);
    await monitor.line(/^Connected/);
    await monitor.kill('SIGINT');
    assert.equal(await monitor.ended, 0, monitor.output());
    assert.ok(existsSync(join(folder, 'board.log')));
  });
});
