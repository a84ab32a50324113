import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { writeSketch } from '../../../src/io/sketch/sketchWriter';
import { temporaryFolder } from '../../support/temporaryFolder';

const files = [
  { path: '.gitignore', text: 'secrets.h\n', secret: false },
  { path: 'src/main.cpp', text: 'int x;\n', secret: false },
  { path: 'secrets.h', text: 'key\n', secret: true },
];
const scratch = (): string => temporaryFolder('secure-iot-writer');
const isUserError = (code: string) => (error: unknown) => error instanceof UserError && error.code === code;

test('a project is written whole, into a new folder or an empty one', async () => {
  const folder = scratch();
  await mkdir(join(folder, 'empty'));
  for (const name of ['new', 'deep/er', 'empty']) {
    const out = join(folder, name);
    await writeSketch(out, files);
    assert.equal(await readFile(join(out, 'src/main.cpp'), 'utf8'), 'int x;\n');
    assert.equal((await stat(join(out, 'secrets.h'))).mode & 0o777, 0o600);
    assert.equal((await stat(out)).mode & 0o777, 0o755);
  }
  assert.deepEqual((await readdir(folder)).sort(), ['deep', 'empty', 'new'], 'no drafts are left');
});

test('a file in the place of the folder is refused', async () => {
  const folder = scratch();
  await writeFile(join(folder, 'x'), '');
  await assert.rejects(writeSketch(join(folder, 'x'), files), isUserError('folder-is-file'));
});

test('a failure half-way leaves nothing behind', async () => {
  const folder = scratch();
  const clash = [...files, { path: 'secrets.h/impossible', text: '', secret: false }];
  await assert.rejects(writeSketch(join(folder, 'x'), clash));
  assert.deepEqual(await readdir(folder), []);
});

test('a read-only place is said to be one', async () => {
  const folder = scratch();
  await chmod(folder, 0o555);
  const root = process.getuid?.() === 0; // root may write everywhere, so it steps down for the call
  if (root) process.seteuid?.(65534);
  try {
    await assert.rejects(writeSketch(join(folder, 'x'), files), isUserError('folder-not-writable'));
  } finally {
    if (root) process.seteuid?.(0);
  }
});

test('a folder that cannot be made is refused at once', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async () => {
  await assert.rejects(writeSketch('/proc/secure-iot/deep/er', files), isUserError('file-write'));
  const folder = scratch();
  await writeFile(join(folder, 'x'), '');
  await assert.rejects(writeSketch(join(folder, 'x', 'y', 'z'), files), UserError);
});
