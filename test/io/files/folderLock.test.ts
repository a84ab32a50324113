import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { withFolderLock } from '../../../src/io/files/folderLock';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

test('two holders never overlap', async () => {
  const folder = temporaryFolder('folder-lock');
  let inside = 0;
  const work = async () => {
    inside++;
    assert.equal(inside, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
  };
  await Promise.all([1, 2, 3].map(() => withFolderLock(folder, work)));
});

test('the lock of a process that died is taken over', async () => {
  const folder = temporaryFolder('folder-lock');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await writeFile(join(folder, '.lock'), JSON.stringify({ pid: dead, host: hostname() }));
  assert.equal(await withFolderLock(folder, async () => 7, 200), 7);
});

test('a live holder is named when patience ends', async () => {
  const folder = temporaryFolder('folder-lock');
  await writeFile(join(folder, '.lock'), JSON.stringify({ pid: 4711, host: 'another-computer' }));
  await assert.rejects(
    withFolderLock(folder, async () => 1, 100),
    userError('folder-busy', /process 4711 on another-computer/),
  );
});

test('the lock is gone after work that failed', async () => {
  const folder = temporaryFolder('folder-lock');
  await assert.rejects(withFolderLock(folder, () => Promise.reject(new Error('x'))));
  await assert.rejects(access(join(folder, '.lock')));
});
