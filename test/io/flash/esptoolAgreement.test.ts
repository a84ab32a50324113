import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import { flash } from '../../../src/io/flash/espFlasher';
import { readFlashToFile } from '../../../src/io/flash/flashReader';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { firmwareImage } from '../../support/firmwareFiles';
import { runTool } from '../../support/runTool';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const app = firmwareImage({ data: Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * 7919) & 0xff)) });

/** A raw socket to a board in download mode: esptool's RFC 2217 client takes 0.2 s for each packet. */
async function setUp(t: TestContext) {
  const esptool = requireTool(t, 'esptool');
  if (!esptool) return undefined;
  const folder = temporaryFolder('agreement');
  const board = await VirtualBoard.start({ port: 0, protocol: 'socket', bootButton: true });
  t.after(() => board.close());
  const python = async (...args: string[]) => {
    const { code, output } = await runTool(esptool, ['--port', board.address, '--after', 'no-reset', ...args]);
    assert.equal(code, 0, output);
    return output;
  };
  return { board, folder, python };
}

it("what we flash, Python's esptool reads back and verifies", { timeout: 60_000 }, async (t) => {
  const set = await setUp(t);
  if (!set) return;
  const { board, folder, python } = set;
  await flash(await openBoardPort(board.address), planFlash([{ offset: 0x10000, bytes: app, name: 'app.bin' }]));
  const [file, read] = [join(folder, 'app.bin'), join(folder, 'read.bin')];
  await writeFile(file, app);
  assert.match(await python('verify-flash', '0x10000', file), /digest matched|successful/i);
  await python('read-flash', '0x10000', String(app.length), read);
  assert.deepEqual(await readFile(read), app);
});

it("what Python's esptool flashes, we read back", { timeout: 60_000 }, async (t) => {
  const set = await setUp(t);
  if (!set) return;
  const { board, folder, python } = set;
  const [file, read] = [join(folder, 'app.bin'), join(folder, 'read.bin')];
  await writeFile(file, app);
  await python('write-flash', '0x10000', file);
  await readFlashToFile(await openBoardPort(board.address), { offset: 0x10000, size: app.length }, read);
  assert.deepEqual(await readFile(read), app);
});
