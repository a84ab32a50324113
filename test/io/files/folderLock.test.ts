import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs, { access, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
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

test('of many that find the lock of a dead process one takes it over at a time', async (t) => {
  const folder = temporaryFolder('folder-lock');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await writeFile(join(folder, '.lock'), JSON.stringify({ pid: dead, host: hostname() }));
  // each is slower than the one before, so that it would remove what that one has just put there
  const { rm } = fs;
  let slower = 0;
  t.mock.method(fs, 'rm', async (...args: Parameters<typeof rm>) => {
    await delay(20 * slower++);
    return rm(...args);
  });
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await delay(50);
    inside--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withFolderLock(folder, work)));
  assert.equal(most, 1);
});

test('what a take-over that was killed left is no lock without end', async () => {
  const folder = temporaryFolder('folder-lock');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await writeFile(join(folder, '.lock'), JSON.stringify({ pid: dead, host: hostname() }));
  const left = join(folder, '.secure-iot-taking-lock');
  await writeFile(left, '');
  const old = new Date(Date.now() - 60_000);
  await utimes(left, old, old);
  assert.equal(await withFolderLock(folder, async () => 7, 500), 7);
});

test('a lock that is not written yet is waited for, and one that never will be is taken over after a second', async () => {
  const folder = temporaryFolder('folder-lock');
  const lock = join(folder, '.lock');
  await writeFile(lock, '');
  await assert.rejects(
    withFolderLock(folder, async () => 1, 300),
    userError('folder-busy', /process unknown/),
  );
  await writeFile(lock, '{"pid": 1}');
  const started = Date.now();
  assert.equal(await withFolderLock(folder, async () => 7), 7);
  assert.ok(Date.now() - started > 900);
});

test("another computer's process is not taken for dead, whatever runs here under its number", async () => {
  const folder = temporaryFolder('folder-lock');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  await writeFile(join(folder, '.lock'), JSON.stringify({ pid: dead, host: 'another-computer' }));
  await assert.rejects(
    withFolderLock(folder, async () => 1, 200),
    userError('folder-busy', /on another-computer/),
  );
});

test('a folder that cannot be locked is a clear error at once', async () => {
  const started = Date.now();
  const missing = join(temporaryFolder('folder-lock'), 'gone');
  await assert.rejects(
    withFolderLock(missing, async () => 1),
    userError('file-write', /no such file or folder/),
  );
  assert.ok(Date.now() - started < 1_000);
});
