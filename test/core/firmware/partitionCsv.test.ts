import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatPartitionCsv, parsePartitionCsv } from '../../../src/core/firmware/partitionCsv';
import { buildPartitionTable } from '../../../src/core/firmware/partitionImage';
import { type Partition, readPartitionTable } from '../../../src/core/firmware/partitionTable';

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest();
const sums = (csv: string) => {
  const partitions = parsePartitionCsv(csv);
  return Buffer.from(buildPartitionTable(partitions, md5))
    .subarray(partitions.length * 32 + 16)
    .subarray(0, 16)
    .toString('hex');
};
const offsets = (csv: string) => parsePartitionCsv(csv).map(({ offset }) => offset);

describe('a partition table', () => {
  // The checksums below are those of ESP-IDF's own tests: components/partition_table, gen_esp32part_tests.py.
  it('is the one of gen_esp32part.py, by the checksum in ESP-IDF’s tests', () => {
    const csv = 'factory,0,0,64K,1M,\ndata,1,0x20,0x110000,512,\nsecond,0x10,0,0x150000,4K,\n';
    assert.equal(sums(csv), 'f9bd061b45686f86571a2cd52a1da65b');
    const odd: Partition = {
      label: 'first',
      type: 0x30,
      subtype: 0xee,
      offset: 0x100400,
      size: 0x300000,
      encrypted: false,
      readOnly: false,
    };
    const image = Buffer.from(buildPartitionTable([odd], md5));
    assert.equal(image.subarray(48, 64).toString('hex'), '43033f3340875751698 39b4061b12726'.replace(' ', ''));
    assert.equal(image.length, 0xc00);
  });

  it('fills in offsets: apps on 64 KB, the rest behind the one before', () => {
    const csv =
      '# Name, Type, Subtype, Offset, Size\nfirst, app, factory,, 1M\nsecond, data, 0x15,, 1M\nminidata, data, 0x40,, 32K\notherapp, app, ota_0,, 1M\n';
    assert.deepEqual(offsets(csv), [0x10000, 0x110000, 0x210000, 0x220000]);
    assert.deepEqual(
      offsets('nvs,data,nvs,,0x6000\nphy_init,data,phy,,0x1000\nfactory,app,factory,,1M\n'),
      [0x9000, 0xf000, 0x10000],
    );
  });

  it('takes a negative size as the place where the partition ends', () => {
    const [first, second] = parsePartitionCsv('first, app, factory, 0x10000, -2M\nsecond, data, 0x15, , 1M\n');
    assert.deepEqual([first?.size, second?.offset], [0x1f0000, 0x200000]);
  });

  it('knows names and flags', () => {
    const [a, b, c] = parsePartitionCsv(
      'a,app,ota_15,,1M,\nk,data,nvs_keys,,4K,encrypted:readonly\nfs,data,littlefs,,1M,readonly\n',
    );
    assert.deepEqual([a?.subtype, b?.subtype, c?.subtype], [0x1f, 4, 0x83]);
    assert.deepEqual([b?.encrypted, b?.readOnly, c?.encrypted, c?.readOnly], [true, true, false, true]);
  });

  it('says what is wrong and where', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['x,\n', /Line 1 of the partition table: the type is missing/],
      ['\n# c\nx,app,,,1M\n', /Line 3.*an app needs a subtype/],
      ['x,data,nvs,,\n', /the size is missing/],
      ['x,data,nvs,,one\n', /the size "one" is not a number/],
      ['x,data,nvs,,4K,hidden\n', /no flag "hidden"/],
      ['a_name_that_is_too_long,data,nvs,,4K\n', /longer than 16 bytes/],
      ['a,app,factory,0x100000,2M\nb,app,ota_0,0x200000,1M\n', /"b" at 0x200000 overlaps "a", which ends at 0x300000/],
      ['a,app,factory,,1M\na,app,ota_0,,1M\n', /Two partitions are called "a"/],
      ['a,app,factory,0x9000,1M\n', /not a multiple of 0x10000/],
      ['a,data,nvs,0x8000,4K\n', /before the end of the table/],
      ['o,data,ota,,4K\n', /otadata partition has 0x1000 bytes, not 0x2000/],
    ];
    for (const [csv, message] of refused) assert.throws(() => parsePartitionCsv(csv), message, csv);
  });

  it('is damaged, not shorter, where an entry cannot be read', () => {
    const image = buildPartitionTable(parsePartitionCsv('nvs,data,nvs,,24K\nfactory,app,factory,,1M\n'), md5);
    const changed = (at: number) => image.with(at, (image[at] ?? 0) ^ 1);
    assert.equal(readPartitionTable(image, md5)?.length, 2);
    assert.equal(readPartitionTable(changed(33), md5), undefined, 'the mark of the second entry');
    assert.equal(readPartitionTable(changed(40), md5), undefined, 'its offset, by the MD5');
    assert.equal(readPartitionTable(changed(64), md5), undefined, 'the mark of the MD5');
    assert.equal(readPartitionTable(image.subarray(0, 50), md5), undefined, 'cut off in an entry');
    assert.equal(readPartitionTable(image.subarray(0, 64), md5)?.length, 2, 'an old table without MD5');
    const old = image.slice().fill(0xff, 64);
    assert.equal(readPartitionTable(old, md5)?.length, 2, 'the same with what is erased behind it');
    assert.equal(readPartitionTable(new Uint8Array(0xc00).fill(0xff), md5), undefined);
  });

  it('comes back from its image and from its CSV', () => {
    const partition = fc.record({
      type: fc.constantFrom(0, 1, 1, 1, 0x40),
      subtype: fc.constantFrom(0x10, 0x11, 0x02, 0x82, 0x99),
      units: fc.integer({ min: 1, max: 40 }),
      gap: fc.integer({ min: 0, max: 3 }),
      encrypted: fc.boolean(),
      readOnly: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(partition, { minLength: 1, maxLength: 30 }), (parts) => {
        let end = 0x10000;
        const partitions = parts.map(({ units, gap, ...rest }, index): Partition => {
          const offset = Math.ceil((end + gap * 0x1000) / 0x10000) * 0x10000;
          const size = units * 0x1000;
          end = offset + size;
          return { label: `p${index}`, offset, size, ...rest };
        });
        assert.deepEqual(readPartitionTable(buildPartitionTable(partitions, md5), md5), partitions);
        assert.deepEqual(parsePartitionCsv(formatPartitionCsv(partitions)), partitions);
      }),
    );
  });
});
