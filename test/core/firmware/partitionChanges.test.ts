import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partitionChanges } from '../../../src/core/firmware/partitionChanges';
import { parsePartitionCsv } from '../../../src/core/firmware/partitionCsv';

const usual = parsePartitionCsv(
  'nvs,data,nvs,,24K\nphy_init,data,phy,,4K\nfactory,app,factory,,1M\nfs,data,littlefs,,512K\n',
);

test('the same table changes nothing', () => {
  assert.deepEqual(partitionChanges(usual, usual, [0x10000]), { changes: [], dangers: [] });
});

test('says what is new, gone, moved, resized and of another kind', () => {
  const after = parsePartitionCsv(
    'nvs,data,nvs,,16K,encrypted\notadata,data,ota,,8K\nfactory,app,factory,0x10000,1536K\nfs,data,littlefs,0x200000,1M\n',
  );
  assert.deepEqual(partitionChanges(usual, after, [0x10000]), {
    changes: [
      '"nvs" becomes data nvs encrypted, it was data nvs.',
      '"nvs" shrinks from 24 KB to 16 KB.',
      '"otadata" is new: data ota, 8 KB at 0xd000.',
      '"factory" grows from 1,024 KB to 1,536 KB.',
      '"fs" moves from 0x110000 to 0x200000; what is in it stays behind.',
      '"fs" grows from 512 KB to 1,024 KB; its file system must be made again.',
      '"phy_init" at 0xf000 is gone.',
    ],
    dangers: [],
  });
});

test('warns where the application of the board is in no app partition any more', () => {
  const after = parsePartitionCsv('nvs,data,nvs,,24K\nota_0,app,ota_0,0x20000,1M\n');
  assert.deepEqual(partitionChanges(usual, after, [0x10000]).dangers, [
    'The application at 0x10000 is at the start of no app partition of the new table: the board cannot start it.',
  ]);
  assert.deepEqual(partitionChanges(usual, after, []).dangers, []);
});
