// Back Up Flash…, Erase Flash…, Show Partition Table… and Show Chip Information…, with the whole extension activated
// in a fake VS Code, against the virtual board.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { URI } from 'vscode-uri';
import { activate } from '../../../src/extension';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const SIZE = 1024 * 1024;
const NVS = { offset: 0x9000, size: 0x6000 };

describe('parts of the flash, from VS Code', { timeout: 120_000 }, () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let board: VirtualBoard;
  const run = (id: string, options?: object) => fake.commands.get(`secureIot.${id}`)?.(options) as Promise<any>;
  /** What the page that was shown last says. */
  const page = async () => {
    const [uri] = fake.ran.filter(({ id }) => id === 'markdown.showPreview').at(-1)?.args ?? [];
    return (await fake.documents.get(uri as any, () => uri as any)).getText();
  };

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('flash-parts');
    const preload = [{ name: 'nvs', offset: NVS.offset, data: new Uint8Array(NVS.size).fill(0x5a) }];
    board = await VirtualBoard.start({ port: 0, factory: true, flashSize: SIZE, preload });
    person = fake.open(folder, { 'secureIot.boards.addresses': [board.address] });
    fake.state.clear();
  });
  afterEach(() => board.close());

  it('shows the partition table as a page', async () => {
    const partitions = await run('showPartitionTable');
    assert.ok(partitions.some(({ label }: { label: string }) => label === 'nvs'));
    const text = await page();
    assert.match(text, /^# Partition table of the ESP32 on rfc2217/);
    assert.match(text, /\| \*\*nvs\*\* \| data \| nvs \| `0x9000` \|/);
    assert.match(text, /beyond the 1 MB of flash on this board/, 'the demo table is made for 4 MB');
  });

  it('says that a table is missing or damaged, and what to do', async () => {
    const table = board.flash.read(0x8000, 0xc00);
    const oneBit = table.with(0x29, (table[0x29] ?? 0) ^ 1);
    for (const damaged of [oneBit, Uint8Array.of(0xaa, 0x50, 1, 3)]) {
      person = fake.open(folder, { 'secureIot.boards.addresses': [board.address] });
      board.flash.preload(0x8000, damaged);
      assert.equal(await run('showPartitionTable'), undefined);
      await person.sees(/partition table at 0x8000 on this board is damaged.*Flash its firmware again/);
    }
    board.flash.preload(0x8000, new Uint8Array(0xc00).fill(0xff));
    await run('showPartitionTable');
    await person.sees(/no partition table at 0x8000.*Flash its firmware first/);
  });

  it('edits the partition table: read into a file, changed, checked, and written back', async () => {
    const file = join(folder, 'partitions.csv');
    person.chooses(file);
    const uri = await run('editPartitionTable');
    assert.equal(
      readFileSync(file, 'utf8'),
      '# ESP-IDF Partition Table\n# Name, Type, SubType, Offset, Size, Flags\nnvs,data,nvs,0x9000,24K,\nphy_init,data,phy,0xf000,4K,\nfactory,app,factory,0x10000,1M,\n',
    );
    await run('writePartitionTable', { uri });
    await person.sees(/beyond the 1 MB of flash on this board\. Correct the partition table/);
    const small = join(folder, 'small-partitions.csv');
    writeFileSync(small, readFileSync(file, 'utf8').replace('1M', '512K'));
    await run('showPartitionTable', { uri: URI.file(small) });
    assert.match(await page(), /^# Partition table small-partitions\.csv[\s\S]*In 1 MB of flash/);
    person.press(/^Write this partition table to/, 'Write');
    assert.equal(await run('writePartitionTable', { uri: URI.file(small) }), true);
    const { detail } = await person.sees(/^Write this partition table to/);
    assert.equal(detail, '"factory" shrinks from 1,024 KB to 512 KB.');
    await person.sees(/^Partition table of .* written and verified .* The board was reset/);
    assert.equal((await run('showPartitionTable')).at(-1).size, 512 * 1024);
    assert.equal(await run('writePartitionTable', { uri: URI.file(small) }), false);
    await person.sees(/has this partition table already/);
    person.wasAskedEverything();
  });

  it('writes no partition table when the question is not answered', async () => {
    const file = join(folder, 'partitions.csv');
    writeFileSync(file, 'nvs,data,nvs,,24K\n');
    const before = board.flash.read(0, SIZE);
    await run('writePartitionTable', { uri: URI.file(file) });
    const { detail } = await person.sees(/^Write this partition table to/);
    assert.match(detail ?? '', /"factory" at 0x10000 is gone\./);
    assert.deepEqual(board.flash.read(0, SIZE), before);
  });

  it('shows what the chip is as a page', async () => {
    assert.equal((await run('showChipInfo')).chip.name, 'ESP32');
    assert.match(
      await page(),
      /^# ESP32 on rfc2217.*\n[\s\S]*\| Flash \| 1 MB \|[\s\S]*## What that means\n\nThe flash is readable/,
    );
  });

  it('backs a partition up, byte for byte, and keeps the file out of git', async () => {
    const file = join(folder, 'nvs.bin');
    person
      .answers(/Which part/, 'A Partition')
      .answers(/Partition/, 'nvs')
      .chooses(file);
    const { bytes } = await run('backUpFlash');
    const [written, there] = [readFileSync(file), board.flash.read(NVS.offset, bytes)];
    assert.deepEqual(new Uint8Array(written), new Uint8Array(there));
    assert.match(readFileSync(join(folder, '.gitignore'), 'utf8'), /^nvs\.bin$/m);
    const { message, buttons } = await person.sees(/read into nvs\.bin and checked/);
    assert.match(message, /keys and passwords, so its name was added to \.gitignore/);
    assert.deepEqual(buttons, []);
    assert.ok(person.progress.some((text) => /^Backing up rfc2217/.test(text)));
    person.wasAskedEverything();
  });

  it('backs everything up, over the file that the dialog asked about, and offers to flash it back', async () => {
    const file = join(folder, 'all.bin');
    writeFileSync(file, 'an older copy');
    person
      .answers(/Which part/, 'Whole Flash')
      .chooses(file)
      .press(/read into all\.bin/, 'Flash It Back…');
    assert.equal((await run('backUpFlash')).bytes, SIZE);
    assert.deepEqual(new Uint8Array(readFileSync(file)), new Uint8Array(board.flash.read(0, SIZE)));
    const [flash] = fake.ran.filter(({ id }) => id === 'secureIot.flashBoard');
    assert.deepEqual(flash?.args, [{ address: board.address, files: ['0x0', file] }]);
  });

  it('writes nothing when the region is not within the flash', async () => {
    const file = join(folder, 'x.bin');
    person
      .answers(/Which part/, 'Offset and Size')
      .answers(/Offset and size/, '0xff000 0x2000')
      .chooses(file);
    await run('backUpFlash');
    await person.sees(/not within the 1 MB of flash/);
    assert.ok(!existsSync(file));
  });

  it('erases a partition after one clear question, and nothing beside it', async () => {
    const before = board.flash.read(0, SIZE);
    person
      .answers(/Which part/, 'A Partition')
      .answers(/Partition/, 'nvs')
      .press(/^Erase the partition "nvs" of/, 'Erase');
    const { offset, size } = await run('eraseFlash');
    const { detail } = await person.sees(/^Erase the partition "nvs"/);
    assert.match(detail ?? '', /24 KB from 0x9000 on will be lost\. Back Up Flash/);
    await person.sees(/KB erased from 0x9000 on\. The board was reset/);
    const flash = board.flash.read(0, SIZE);
    assert.ok(flash.subarray(offset, offset + size).every((byte) => byte === 0xff));
    assert.deepEqual(flash.subarray(0, offset), before.subarray(0, offset));
    assert.deepEqual(flash.subarray(offset + size), before.subarray(offset + size));
  });

  it('erases nothing when the question is not answered with Erase', async () => {
    person.answers(/Which part/, 'Everything');
    await run('eraseFlash');
    assert.equal(board.flash.read(NVS.offset, 1)[0], 0x5a);
    assert.match((await person.sees(/^Erase the whole flash of/)).detail ?? '', /certificates and keys will be lost/);
  });

  it('erases everything', async () => {
    person.answers(/Which part/, 'Everything').press(/^Erase the whole flash/, 'Erase');
    assert.deepEqual(await run('eraseFlash'), { offset: 0, size: SIZE });
    assert.ok(board.flash.read(0, SIZE).every((byte) => byte === 0xff));
  });

  it('refuses a region that is not whole sectors while it is typed', async () => {
    person
      .answers(/Which part/, 'Offset and Size')
      .answers(/Offset and size/, '0x9000 100')
      .answers(/Offset and size/, '0xA000 4K')
      .press(/^Erase 0x1000 bytes at 0xa000/, 'Erase');
    await run('eraseFlash');
    await person.sees(/multiples of 0x1000/);
    assert.deepEqual(
      [0x9fff, 0xa000, 0xafff, 0xb000].map((at) => board.flash.read(at, 1)[0]),
      [0x5a, 0xff, 0xff, 0x5a],
    );
  });
});
