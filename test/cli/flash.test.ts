import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runCli, startCli } from '../support/cli';
import { firmwareImage, partitionTable } from '../support/firmwareFiles';
import { temporaryFolder } from '../support/temporaryFolder';
import { buildDemoBootloader, writeDemoBuild } from '../virtualBoard/demoImage';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

const secureIot = (...words: string[]) => runCli(process.cwd(), words);

describe('secure-iot with a board', { timeout: 60_000 }, () => {
  let folder = '';
  let board: VirtualBoard;
  before(async () => {
    folder = temporaryFolder('flash');
    board = await VirtualBoard.start({ port: 0, factory: false });
  });
  after(() => board.close());

  it('flashes offsets and files', async () => {
    const app = firmwareImage({ data: Buffer.alloc(30_000, 9) });
    await writeFile(join(folder, 'bootloader.bin'), buildDemoBootloader());
    await writeFile(join(folder, 'partitions.bin'), partitionTable());
    await writeFile(join(folder, 'app.bin'), app);
    const files = ['0x1000', 'bootloader.bin', '0x8000', 'partitions.bin', '0x10000', 'app.bin'].map((word) =>
      word.endsWith('.bin') ? join(folder, word) : word,
    );
    const { code, out, err } = await secureIot('flash', '--port', board.address, ...files);
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^ESP32-\S+ .*: [\d,]+ bytes written and verified in .* s at 921600 baud\. The board was reset\.\n$/,
    );
    assert.deepEqual(Buffer.from(board.flash.read(0x10000, app.length)), app);
  });

  it('flashes an ESP-IDF build, and tells it as JSON', async () => {
    const app = firmwareImage({ data: Buffer.alloc(20_000, 5) });
    const args = await writeDemoBuild(folder, app);
    const { code, out, err } = await secureIot('flash', '--port', board.address, '--json', args);
    assert.equal(code, 0, err);
    const result = JSON.parse(out);
    assert.equal(result.verified, true);
    assert.deepEqual(
      result.files.map((f: { offset: number }) => f.offset),
      [0x1000, 0x8000, 0x10000],
    );
    assert.deepEqual(Buffer.from(board.flash.read(0x10000, app.length)), app);
  });

  it('flashes several boards side by side, and tells the one that fails', async () => {
    const other = await VirtualBoard.start({ port: 0, factory: true, mac: '24:6f:28:00:00:02' });
    try {
      await writeFile(join(folder, 'app.bin'), firmwareImage({ data: Buffer.alloc(5_000, 3) }));
      const ports = [board.address, other.address, 'socket://127.0.0.1:1'].join(',');
      const app = ['0x10000', join(folder, 'app.bin')];
      const { code, out, err } = await secureIot('flash', '--port', ports, '--json', ...app);
      assert.equal(code, 1);
      assert.match(err, /^socket:\/\/127\.0\.0\.1:1: Nothing listens at 127\.0\.0\.1:1\./m);
      const told = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      assert.deepEqual(told.map(({ address }) => address).sort(), [board.address, other.address].sort());
      assert.ok(told.every(({ verified }) => verified));
      assert.deepEqual(other.flash.read(0x10000, 5_000), board.flash.read(0x10000, 5_000));
    } finally {
      await other.close();
    }
  });

  it('tells the chip', async () => {
    const { code, out, err } = await secureIot('chip', '--port', board.address);
    assert.equal(code, 0, err);
    assert.match(out, /^Chip: +ESP32-/m);
    assert.match(out, /^MAC: +([0-9a-f]{2}:){5}[0-9a-f]{2}$/m);
    assert.match(out, /^Flash: +4 MB$/m);
    assert.match(out, /^Secure boot: +off$/m);
    assert.match(out, /\n\nThe flash is readable: .*\nAny firmware starts .*\nOn the bench that does no harm/);
  });

  it('reads flash into a file, and erases a region', async () => {
    board.flash.preload(0x200000, Buffer.alloc(0x3000, 0x5a));
    const file = join(folder, 'read.bin');
    const read = await secureIot('read', '--port', board.address, '0x200000', '0x2010', file);
    assert.equal(read.code, 0, read.err);
    assert.deepEqual(await readFile(file), Buffer.alloc(0x2010, 0x5a));
    const erase = await secureIot('erase', '--port', board.address, '0x200000', '0x2000');
    assert.equal(erase.code, 0, erase.err);
    assert.deepEqual(Buffer.from(board.flash.read(0x201fff, 2)), Buffer.from([0xff, 0x5a]));
    const beyond = await secureIot('read', '--port', board.address, '0x3ff000', '0x2000', file, '--force');
    assert.equal(beyond.code, 1);
    assert.match(beyond.err, /not within the 4 MB of flash/);
    assert.deepEqual(await readFile(file), Buffer.alloc(0x2010, 0x5a), 'the file from before is untouched');
  });

  it('shows what the board prints after a reset, byte for byte in the log', async (t) => {
    const log = join(folder, 'log.txt');
    const monitor = startCli(t, folder, ['monitor', '--port', board.address, '--reset', '--log', log]);
    assert.match(await monitor.line(/^Connected/), /Connected to rfc2217:.* at 115200 baud/);
    await monitor.line(/rst:0x1 \(POWERON_RESET\)/);
    await monitor.kill('SIGINT');
    assert.equal(await monitor.ended, 0, monitor.output());
    assert.match(await readFile(log, 'latin1'), /rst:0x1 \(POWERON_RESET\).*\r\n/);
  });

  it('ends with 1 and says what to do when there is nothing at the address', async () => {
    const { code, err } = await secureIot('chip', '--port', 'rfc2217://127.0.0.1:1');
    assert.equal(code, 1);
    assert.match(err, /Nothing listens at 127\.0\.0\.1:1\. Start the board's server/);
  });

  it('ends with 2 and the usage when nothing is named', async () => {
    const { code, err } = await secureIot('flash', '--port', board.address);
    assert.equal(code, 2);
    assert.match(err, /Name what to flash\.\n\nUsage: secure-iot flash/);
  });
});
