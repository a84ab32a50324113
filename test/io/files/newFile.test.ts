import assert from 'node:assert/strict';
import fs, { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFolder, replaceFile, writeNewFile } from '../../../src/io/files/newFile';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

test('a new file appears whole, with its mode, in a folder made for it', async () => {
  const path = join(temporaryFolder('new-file'), 'a/b.key');
  await writeNewFile(path, 'secret', { mode: 0o600 });
  assert.equal(await readFile(path, 'utf8'), 'secret');
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(path, '..')), ['b.key']);
});

test('an existing file stays as it is', async () => {
  const folder = temporaryFolder('new-file');
  await writeFile(join(folder, 'x'), 'old');
  await assert.rejects(writeNewFile(join(folder, 'x'), 'new'), userError('file-exists', /never overwritten/));
  assert.equal(await readFile(join(folder, 'x'), 'utf8'), 'old');
  assert.deepEqual(await readdir(folder), ['x']);
});

test('of many writers of one name exactly one wins', async () => {
  const folder = temporaryFolder('new-file');
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => writeNewFile(join(folder, 'x'), `${i}`)),
  );
  const winners = results.flatMap((r, i) => (r.status === 'fulfilled' ? [`${i}`] : []));
  assert.deepEqual(winners, [await readFile(join(folder, 'x'), 'utf8')]);
});

test('a file where the folder should be is named', async () => {
  const folder = temporaryFolder('new-file');
  await writeFile(join(folder, 'certs'), '');
  await assert.rejects(writeNewFile(join(folder, 'certs/x'), ''), userError('file-write', /ENOTDIR/));
  await assert.rejects(writeNewFile(join(folder, 'certs/ca/x'), ''), userError('file-write', /ENOTDIR/));
});

test('a folder that nothing can be written to is named, also for root', {
  skip: process.platform !== 'linux',
}, async () => {
  await assert.rejects(writeNewFile('/proc/secure-iot/x', ''), userError('file-write', /Nothing was changed/));
});

test('replacing swaps the content and leaves nothing behind', async () => {
  const folder = temporaryFolder('new-file');
  await replaceFile(join(folder, 'x'), 'one');
  await replaceFile(join(folder, 'x'), 'two');
  assert.equal(await readFile(join(folder, 'x'), 'utf8'), 'two');
  assert.deepEqual(await readdir(folder), ['x']);
  await mkdir(join(folder, 'd'));
  await assert.rejects(replaceFile(join(folder, 'd'), 'x'), userError('file-write'));
});

test('what exists already is named, not the temporary file beside it', async () => {
  const path = join(temporaryFolder('new-file'), 'keys.bin');
  await writeFile(path, 'old');
  await assert.rejects(writeNewFile(path, 'new'), (error: Error) => error.message.startsWith(`${path} exists already`));
});

test('where the disk knows no hard links, a file is new all the same, and a failure leaves no empty one', async (t) => {
  const path = join(temporaryFolder('new-file'), 'x');
  t.mock.method(fs, 'link', async () => {
    throw Object.assign(new Error('no links here'), { code: 'EPERM' });
  });
  await writeNewFile(path, 'text');
  assert.equal(await readFile(path, 'utf8'), 'text');
  await assert.rejects(writeNewFile(path, 'other'), userError('file-exists'));
  t.mock.method(fs, 'rename', async () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  });
  const other = join(path, '..', 'y');
  await assert.rejects(writeNewFile(other, 'text'), userError('file-write', /disk is full/));
  assert.deepEqual(await readdir(join(path, '..')), ['x']);
});

test('every folder that is missing above a file is made, and those that are there stay', async () => {
  const root = temporaryFolder('new-file');
  await mkdir(join(root, 'a'));
  await writeFile(join(root, 'a', 'kept'), '');
  await writeNewFile(join(root, 'a/b/c/d/file'), 'text');
  assert.equal(await readFile(join(root, 'a/b/c/d/file'), 'utf8'), 'text');
  assert.deepEqual((await readdir(join(root, 'a'))).sort(), ['b', 'kept']);
  await makeFolder(join(root, 'a/b/c'));
  await assert.rejects(makeFolder(join(root, 'a/kept')), { code: 'ENOTDIR' });
});

test('what is written is on the disk before it has its name', async (t) => {
  const order: string[] = [];
  const { open, link } = fs;
  t.mock.method(fs, 'open', async (...args: Parameters<typeof open>) => {
    const handle = await open(...args);
    const sync = handle.sync.bind(handle);
    const close = handle.close.bind(handle);
    handle.sync = async () => {
      order.push('sync');
      await sync();
    };
    handle.close = async () => {
      order.push('close');
      await close();
    };
    return handle;
  });
  t.mock.method(fs, 'link', async (from: string, to: string) => {
    order.push('name');
    await link(from, to);
  });
  await writeNewFile(join(temporaryFolder('new-file'), 'x'), 'text');
  assert.deepEqual(order, ['sync', 'close', 'name']);
});
