import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepOutOfGit } from '../../../src/io/files/keepOutOfGit';
import { rewriteFile } from '../../../src/io/files/rewriteFile';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

const posix = { skip: process.platform === 'win32' && 'has no such rights and links' };

test('a file that is changed keeps its rights, and a link to it stays one', posix, async () => {
  const folder = temporaryFolder('rewrite');
  const file = join(folder, 'main.cpp');
  await writeFile(file, 'old');
  await chmod(file, 0o640);
  await symlink(file, join(folder, 'link.cpp'));
  await rewriteFile(join(folder, 'link.cpp'), 'new');
  assert.equal(await readFile(file, 'utf8'), 'new');
  assert.equal((await stat(file)).mode & 0o777, 0o640);
  assert.ok((await lstat(join(folder, 'link.cpp'))).isSymbolicLink());
  await rewriteFile(file, 'secret', { mode: 0o600 });
  assert.equal((await stat(file)).mode & 0o777, 0o600);
});

test('a new file is made, and nothing is left beside it', async () => {
  const folder = temporaryFolder('rewrite');
  await rewriteFile(join(folder, 'secrets.h'), 'x', { mode: 0o600 });
  assert.deepEqual(await readdir(folder), ['secrets.h']);
});

test('a name goes into .gitignore once, whatever its lines end with', async () => {
  const folder = temporaryFolder('rewrite');
  const ignore = join(folder, '.gitignore');
  await keepOutOfGit(folder, 'secrets.h');
  assert.equal(await readFile(ignore, 'utf8'), 'secrets.h\n');
  await writeFile(ignore, 'build/\r\n/secrets.h\r\n');
  await keepOutOfGit(folder, 'src/secrets.h');
  assert.equal(await readFile(ignore, 'utf8'), 'build/\r\n/secrets.h\r\n');
  await writeFile(ignore, 'build/');
  await keepOutOfGit(folder, 'secrets.h');
  assert.equal(await readFile(ignore, 'utf8'), 'build/\nsecrets.h\n');
});

test('a .gitignore that cannot be read is a clear error', async () => {
  const folder = temporaryFolder('rewrite');
  await mkdir(join(folder, '.gitignore'));
  await assert.rejects(keepOutOfGit(folder, 'secrets.h'), userError('file-write', /\.gitignore/));
});
