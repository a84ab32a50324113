import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPartitionFile } from '../../../src/io/flash/partitionFiles';
import { partitionTable } from '../../support/firmwareFiles';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

const folder = temporaryFolder('partition-files');

async function file(name: string, content: Uint8Array | string) {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** A table somewhere in a flash that is blank else. */
function flashWith(table: Uint8Array, offset: number): Uint8Array {
  const flash = new Uint8Array(0x20000).fill(0xff);
  flash.set(table, offset);
  return flash;
}

const labels = async (path: string, offset?: number) =>
  (await readPartitionFile(path, offset)).map(({ label }) => label);

test('a table is found by itself, in a flash at its offset, and as CSV', async () => {
  const table = partitionTable();
  const names = await labels(await file('table.bin', table));
  assert.ok(names.length > 1);
  assert.deepEqual(await labels(await file('flash.bin', flashWith(table, 0x8000))), names);
  assert.deepEqual(await labels(await file('moved.bin', flashWith(table, 0x10000)), 0x10000), names);
  assert.deepEqual(await labels(await file('p.csv', 'a,data,nvs,,0x6000\nb,app,factory,,1M\n')), ['a', 'b']);
});

test('a CSV leaves room for the table at the offset that is asked for', async () => {
  const csv = await file('moved.csv', 'a,data,nvs,,0x6000\n');
  assert.equal((await readPartitionFile(csv))[0]?.offset, 0x9000);
  assert.equal((await readPartitionFile(csv, 0x10000))[0]?.offset, 0x11000);
});

test('where there is none, the places that were looked at are named', async () => {
  const path = await file('moved.bin', flashWith(partitionTable(), 0x10000));
  await assert.rejects(labels(path), userError('no-partition-table', /neither at its start nor at 0x8000/));
  await assert.rejects(labels(path, 0x9000), userError('no-partition-table', /neither at its start nor at 0x9000/));
  const half = flashWith(partitionTable(), 0x8000);
  half[0x8001] = 0;
  await assert.rejects(labels(await file('half.bin', half)), userError('no-partition-table'));
  for (const bytes of [new Uint8Array(16).fill(0xff), Uint8Array.of(1, 2, 3), Buffer.from('a,data,nvs,,0x6000\n\0')])
    await assert.rejects(labels(await file('noise', bytes)), userError('no-partition-table', /no partition table in/));
  assert.deepEqual(
    await labels(await file('latin1.csv', Buffer.from('# gr\xf6\xdfer\na,data,nvs,,0x6000\n', 'latin1'))),
    ['a'],
  );
  await assert.rejects(labels(await file('empty', '')), userError('no-partition-table', /is empty/));
  await assert.rejects(labels(join(folder, 'none')), userError('file-read', /no such file/));
});

test('a damaged table is not shown in part', async () => {
  const table = partitionTable();
  table[40] = (table[40] ?? 0) ^ 1;
  await assert.rejects(
    labels(await file('bad.bin', table)),
    userError('partition-table-damaged', /bad\.bin is damaged/),
  );
  await assert.rejects(
    labels(await file('bad-flash.bin', flashWith(table, 0x8000))),
    userError('partition-table-damaged', /is damaged/),
  );
});
