// The virtual board is true only as far as Python's esptool, written for real chips, cannot tell it from one.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { planFlash } from '../../src/core/firmware/flashPlan';
import { flash } from '../../src/io/flash/espFlasher';
import { readFlashToFile } from '../../src/io/flash/flashReader';
import { openBoardPort } from '../../src/io/serial/openPort';
import { runTool } from '../support/runTool';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { buildDemoBootloader, buildDemoFlashFiles, buildDemoImage } from './demoImage';
import { VirtualBoard, type VirtualBoardOptions } from './virtualBoard';

const app = buildDemoImage(
  {
    host: '127.0.0.1',
    port: 8883,
    deviceId: 'd',
    ca: null,
    cert: null,
    key: null,
    insecure: false,
    platform: 'esp-idf',
  },
  { codeBytes: 40 * 1024 },
);

describe("Python's esptool and the virtual board", { concurrency: true }, () => {
  let folder = '';
  before(async () => {
    folder = temporaryFolder('virtual-board-test');
    for (const file of buildDemoFlashFiles(app))
      await writeFile(join(folder, file.name.replace(/^.*\//, '')), file.data);
  });

  async function withBoard(t: TestContext, options: Partial<VirtualBoardOptions>): Promise<VirtualBoard> {
    const board = await VirtualBoard.start({ port: 0, ...options });
    t.after(() => board.close());
    return board;
  }

  /** Runs esptool; fails the test with its output unless it succeeded. Undefined where esptool is missing. */
  async function esptool(t: TestContext, ...args: string[]): Promise<string | undefined> {
    const program = requireTool(t, 'esptool');
    if (!program) return undefined;
    const { code, output } = await runTool(program, args, { cwd: folder });
    assert.equal(code, 0, output);
    return output;
  }

  /** Commands over a raw socket to a board in download mode: esptool's RFC 2217 client takes 0.2 s for each packet. */
  const socketBoard = { protocol: 'socket', bootButton: true } as const;
  const onSocket = (board: VirtualBoard) => ['--chip', 'auto', '--port', board.address, '--after', 'no-reset'];

  const flashSet = ['0x1000', 'bootloader.bin', '0x8000', 'partition-table.bin', '0x10000', 'secure-iot-demo.bin'];
  const appOnly = flashSet.slice(4);

  it('accepts the demo image, its checksum and its hash', async (t) => {
    const output = await esptool(t, 'image-info', 'secure-iot-demo.bin');
    if (output === undefined) return;
    assert.match(output, /Checksum: 0x[0-9a-f]+ \(valid\)/);
    assert.match(output, /Validation hash: [0-9a-f]{64} \(valid\)/);
    assert.match(output, /Project name: secure-iot-demo/);
    assert.match((await esptool(t, 'image-info', 'bootloader.bin')) ?? '', /hash: [0-9a-f]{64} \(valid\)/);
  });

  it('resets the board into the loader over RFC 2217, and flashes at 921600 baud', async (t) => {
    const board = await withBoard(t, {});
    const output = await esptool(t, '--port', board.address, '--baud', '921600', 'write-flash', ...appOnly);
    if (output === undefined) return;
    assert.match(output, /Chip type: +ESP32-D0WDQ6 \(revision v1\.0\)/);
    assert.match(output, /MAC: +24:6f:28:c0:1d:db/);
    assert.match(output, /Hash of data verified/);
    assert.deepEqual(board.flash.read(0x10000, app.length), app);
  });

  it('connects in Espressif’s server mode, without answers to the modem lines', async (t) => {
    const board = await withBoard(t, {});
    const output = await esptool(t, '--port', `${board.address}?ign_set_control`, '--no-stub', 'chip-id');
    if (output !== undefined) assert.match(output, /Crystal frequency: +40MHz/);
  });

  it('reads the flash chip with and without the stub', async (t) => {
    const board = await withBoard(t, socketBoard);
    for (const stub of [[], ['--no-stub']]) {
      const output = await esptool(t, ...onSocket(board), ...stub, 'flash-id');
      if (output === undefined) return;
      assert.match(output, /Manufacturer: c8\nDevice: 4016\nDetected flash size: 4MB/);
    }
  });

  for (const stub of [true, false]) {
    for (const compress of [true, false]) {
      const name = `${stub ? 'with the stub' : 'with the ROM alone'}, ${compress ? 'compressed' : 'plain'}`;
      it(`writes and verifies ${name}`, async (t) => {
        const board = await withBoard(t, socketBoard);
        board.flash.preload(0x10000, new Uint8Array(0x20000).fill(0x55));
        const common = [...onSocket(board), ...(stub ? [] : ['--no-stub'])];
        const written = await esptool(t, ...common, 'write-flash', compress ? '-z' : '-u', ...flashSet);
        if (written === undefined) return;
        assert.equal(written.match(/Hash of data verified/g)?.length, 3);
        assert.match((await esptool(t, ...common, 'verify-flash', ...flashSet)) ?? '', /digest matched/);
        assert.deepEqual(board.flash.read(0x1000, buildDemoBootloader().length), buildDemoBootloader());
        const behind = 0x10000 + Math.ceil(app.length / 0x1000) * 0x1000;
        assert.deepEqual([...board.flash.read(behind, 2)], [0x55, 0x55], 'only the sectors it needs are erased');
      });
    }
  }

  it('reads flash back with and without the stub', async (t) => {
    const board = await withBoard(t, socketBoard);
    board.flash.preload(0x10000, app);
    for (const [stub, length] of [
      [[], app.length],
      [['--no-stub'], 0x400],
    ] as const) {
      const output = await esptool(t, ...onSocket(board), ...stub, 'read-flash', '0x10000', String(length), 'read.bin');
      if (output === undefined) return;
      assert.deepEqual(new Uint8Array(await readFile(join(folder, 'read.bin'))), app.slice(0, length));
    }
  });

  it('erases a region and the whole chip', async (t) => {
    const board = await withBoard(t, socketBoard);
    board.flash.preload(0, new Uint8Array(0x40000));
    if ((await esptool(t, ...onSocket(board), 'erase-region', '0x10000', '0x2000')) === undefined) return;
    assert.deepEqual([...board.flash.read(0xffff, 2)], [0, 0xff]);
    assert.deepEqual([...board.flash.read(0x11fff, 2)], [0xff, 0]);
    await esptool(t, ...onSocket(board), 'erase-flash');
    assert.ok(board.flash.bytes.every((byte) => byte === 0xff));
  });

  it('verifies and reads what our flasher wrote, and our reader reads what it wrote', async (t) => {
    const board = await withBoard(t, socketBoard);
    const files = buildDemoFlashFiles(app).map(({ offset, name, data }) => ({ offset, name, bytes: data }));
    await flash(await openBoardPort(board.address), planFlash(files));
    board.reset(true); // no modem lines on a raw socket: someone presses the buttons
    const verified = await esptool(t, ...onSocket(board), 'verify-flash', ...flashSet);
    if (verified === undefined) return;
    assert.equal(verified.match(/digest matched/g)?.length, 3);
    board.reset(true);
    await esptool(t, ...onSocket(board), 'read-flash', '0x10000', String(app.length), 'ours.bin');
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'ours.bin'))), app);
    board.flash.erase(0, board.flash.size);
    board.reset(true);
    await esptool(t, ...onSocket(board), 'write-flash', ...flashSet);
    board.reset(true);
    const range = { offset: 0x10000, size: app.length };
    await readFlashToFile(await openBoardPort(board.address), range, join(folder, 'theirs.bin'));
    assert.deepEqual(new Uint8Array(await readFile(join(folder, 'theirs.bin'))), app);
  });
});
