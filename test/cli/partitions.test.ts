import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../support/cli';
import { firmwareImage } from '../support/firmwareFiles';
import { temporaryFolder } from '../support/temporaryFolder';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

const csv = 'nvs,data,nvs,,0x6000\nphy_init,data,phy,,0x1000\nfactory,app,factory,,1M\n';
const shown =
  '# ESP-IDF Partition Table\n# Name, Type, SubType, Offset, Size, Flags\nnvs,data,nvs,0x9000,24K,\nphy_init,data,phy,0xf000,4K,\nfactory,app,factory,0x10000,1M,\n';

test('builds a table that a board boots with, and reads it from the board and from files', async (t) => {
  const cwd = temporaryFolder('partitions');
  await writeFile(join(cwd, 'partitions.csv'), csv);
  assert.equal(
    (await runCli(cwd, 'partitions build partitions.csv table.bin')).err,
    'Wrote table.bin: 3 partitions.\n',
  );
  const told = JSON.parse((await runCli(cwd, 'partitions build partitions.csv table.bin --json')).out);
  assert.deepEqual([told.file, told.partitions.length], ['table.bin', 3]);
  for (const file of ['partitions.csv', 'table.bin'])
    assert.equal((await runCli(cwd, `partitions ${file}`)).out, shown);
  const board = await VirtualBoard.start({ port: 0, factory: true });
  t.after(() => board.close());
  assert.deepEqual(board.flash.read(0x8000, 0xc00), new Uint8Array(await readFile(join(cwd, 'table.bin'))));
  assert.equal((await runCli(cwd, `partitions --port ${board.address}`)).out, shown);
  await writeFile(join(cwd, 'flash.bin'), board.flash.bytes);
  assert.equal(JSON.parse((await runCli(cwd, 'partitions flash.bin --json')).out)[2].label, 'factory');
});

test('writes a table to a board, with its changes told, and none that loses the application', async (t) => {
  const cwd = temporaryFolder('partitions');
  const app = firmwareImage({ data: Buffer.alloc(30_000, 9) });
  const board = await VirtualBoard.start({
    port: 0,
    factory: true,
    preload: [{ name: 'app', offset: 0x10000, data: app }],
  });
  t.after(() => board.close());
  await writeFile(join(cwd, 'partitions.csv'), csv.replace('1M', '1536K'));
  await writeFile(join(cwd, 'lost.csv'), csv.replace('factory,,', 'factory,0x20000,'));
  await writeFile(join(cwd, 'large.csv'), csv.replace('1M', '8M'));
  const before = board.flash.read(0, board.flash.size);
  const lost = await runCli(cwd, `partitions write lost.csv --port ${board.address}`);
  assert.equal(lost.code, 1);
  assert.match(lost.err, /moves from 0x10000 to 0x20000.*\nThe application at 0x10000 is at the start of no app/);
  assert.match(lost.err, /Nothing was written\. .* or add --force/);
  const large = await runCli(cwd, `partitions write large.csv --port ${board.address}`);
  assert.match(large.err, /"factory" ends at 0x810000, beyond the 4 MB of flash on this board/);
  assert.deepEqual(board.flash.read(0, board.flash.size), before);
  const done = await runCli(cwd, `partitions write partitions.csv --port ${board.address} --json`);
  assert.deepEqual(JSON.parse(done.out), {
    changed: true,
    changes: ['"factory" grows from 1,024 KB to 1,536 KB.'],
    dangers: [],
  });
  assert.match((await runCli(cwd, `partitions --port ${board.address}`)).out, /factory,app,factory,0x10000,1536K/);
  assert.deepEqual(Buffer.from(board.flash.read(0x10000, app.length)), app);
  const again = await runCli(cwd, `partitions write partitions.csv --port ${board.address}`);
  assert.deepEqual([again.code, again.out], [0, 'The board has this partition table already.\n']);
  const forced = await runCli(cwd, `partitions write lost.csv --port ${board.address} --force`);
  assert.deepEqual([forced.code, forced.out], [0, 'The partition table is written and verified.\n']);
});

test('finds the table of a board that has it elsewhere, and writes it there', async (t) => {
  const cwd = temporaryFolder('partitions');
  const at = '--offset 0x10000';
  await writeFile(join(cwd, 'moved.csv'), csv);
  await writeFile(join(cwd, 'large.csv'), csv.replace('1M', '2M'));
  await runCli(cwd, `partitions build moved.csv table.bin ${at}`);
  const board = await VirtualBoard.start({ port: 0, factory: true });
  t.after(() => board.close());
  board.flash.preload(0x8000, new Uint8Array(0x1000).fill(0x5a)); // the end of a large bootloader
  board.flash.preload(0x10000, await readFile(join(cwd, 'table.bin')));
  const moved = shown.replace('0x9000', '0x11000').replace('0xf000', '0x17000').replace('0x10000', '0x20000');
  assert.equal((await runCli(cwd, `partitions --port ${board.address}`)).out, moved);
  const early = await runCli(cwd, `partitions write large.csv --port ${board.address}`);
  assert.match(early.err, /"nvs" starts at 0x9000, before the end of the table \(0x11000\)/);
  const written = await runCli(cwd, `partitions write large.csv --port ${board.address} ${at}`);
  assert.equal(written.code, 0, written.err);
  assert.equal((await runCli(cwd, `partitions --port ${board.address}`)).out, moved.replace('1M', '2M'));
  assert.equal(board.flash.read(0x8000, 1)[0], 0x5a);
});

test('says what is wrong with a table', async () => {
  const cwd = temporaryFolder('partitions');
  await writeFile(join(cwd, 'bad.csv'), 'a,app,factory,0x100000,2M\nb,app,ota_0,0x200000,1M\n');
  await writeFile(join(cwd, 'zero.bin'), new Uint8Array(100));
  assert.match((await runCli(cwd, 'partitions bad.csv')).err, /"b" at 0x200000 overlaps "a"/);
  assert.match((await runCli(cwd, 'partitions zero.bin')).err, /There is no partition table in zero\.bin/);
  assert.equal((await runCli(cwd, 'partitions a.csv b.csv')).code, 2);
});

test('an empty file is no partition table', async () => {
  const cwd = temporaryFolder('partitions');
  await writeFile(join(cwd, 'none.bin'), '');
  const { code, err } = await runCli(cwd, 'partitions none.bin');
  assert.deepEqual(
    [code, err],
    [1, 'secure-iot partitions: none.bin is empty. Choose a partition table or its CSV.\n'],
  );
});
