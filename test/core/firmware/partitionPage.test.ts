import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { notErasable, parseRegion } from '../../../src/core/firmware/flashRegion';
import { partitionPage } from '../../../src/core/firmware/partitionPage';
import type { Partition } from '../../../src/core/firmware/partitionTable';

const MB = 1024 * 1024;
const partition = (label: string, offset: number, size: number, type = 1, subtype = 2): Partition => ({
  label,
  type,
  subtype,
  offset,
  size,
  encrypted: false,
  readOnly: false,
});
const good = [partition('nvs', 0x9000, 0x5000), partition('factory', 0x10000, MB, 0, 0)];

describe('partitionPage', () => {
  it('draws the table in the order of the flash, with its place and what is free', () => {
    const page = partitionPage('T', [...good].reverse(), 4 * MB);
    const rows = page.split('\n').filter((line) => line.startsWith('| **'));
    assert.deepEqual(
      rows.map((row) =>
        row
          .split('|')
          .slice(1, 7)
          .map((cell) => cell.trim()),
      ),
      [
        ['**nvs**', 'data', 'nvs', '`0x9000`', '`0xdfff`', '20 KB'],
        ['**factory**', 'app', 'factory', '`0x10000`', '`0x10ffff`', '1,024 KB'],
      ],
    );
    assert.match(rows[1] ?? '', /`█{9}·{23}`/);
    assert.match(page, /In no partition: 8 KB at `0xe000`, 3,008 KB at `0x110000`\./);
    assert.match(page, /nvs,data,nvs,0x9000,20K,/);
    assert.doesNotMatch(page, /Problems/);
  });

  it('names every problem, not only the first', () => {
    const page = partitionPage(
      'T',
      [...good, partition('nvs', 0x8000, 0x2000), partition('ota', 0x3f1000, MB, 0, 0x10)],
      4 * MB,
    );
    for (const says of [
      /Two partitions are called "nvs"/,
      /"nvs" starts at 0x8000, before the end of the table \\\(0x9000\\\)/,
      /"ota" starts at 0x3f1000, which is not a multiple of 0x10000/,
      /"ota" ends at 0x4f1000, beyond the 4 MB of flash/,
      /"nvs" at 0x9000 overlaps "nvs"/,
    ])
      assert.match(page, says);
  });

  it('shows labels from a board as text, whatever they hold', () => {
    const page = partitionPage('T', [partition('[x](command:y)|<b>', 0x9000, 0x1000)], undefined);
    assert.match(page, /\*\*\\\[x\\\]\\\(command:y\\\)\\\|\\<b\\>\*\*/);
    assert.match(page, /size of the flash is not known/);
  });
});

describe('parseRegion', () => {
  it('reads offset and size, and first to last byte', () => {
    for (const text of ['0x9000 0x5000', '0x9000, 20K', ' 36864,20480 ', '0x9000-0xdfff', '0x9000 - 0xdfff'])
      assert.deepEqual(parseRegion(text), { offset: 0x9000, size: 0x5000 }, text);
  });

  for (const text of ['', 'nvs', '0x9000', '0x9000 0', '0x9000-0x8000', '0xffffffff 2', '-1 5'])
    it(`refuses "${text}"`, () => assert.throws(() => parseRegion(text), { code: 'region-invalid' }));

  it('knows what can be erased', () => {
    assert.equal(notErasable({ offset: 0x9000, size: 0x1000 }), undefined);
    for (const region of [
      { offset: 0x9001, size: 0x1000 },
      { offset: 0x9000, size: 10 },
      { offset: 0, size: 0 },
    ])
      assert.match(notErasable(region) ?? '', /multiples of 0x1000/);
  });
});
