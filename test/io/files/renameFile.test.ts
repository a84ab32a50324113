import assert from 'node:assert/strict';
import fs, { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { replaceFile } from '../../../src/io/files/newFile';
import { renameFile } from '../../../src/io/files/renameFile';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

/** Another program holds the target for the first `times` tries. */
function heldFor(t: TestContext, times: number, code: string) {
  const { rename } = fs;
  const mock = t.mock.method(fs, 'rename', async (from: string, to: string) => {
    if (mock.mock.callCount() < times) throw Object.assign(new Error(`${code}: held`), { code });
    await rename(from, to);
  });
  return mock.mock;
}

function onWindows(t: TestContext) {
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'win32' });
  t.after(() => Object.defineProperty(process, 'platform', { value: platform }));
}

for (const code of ['EPERM', 'EACCES', 'EBUSY'])
  test(`on Windows a file that another program holds for a moment is replaced after it (${code})`, async (t) => {
    onWindows(t);
    const tries = heldFor(t, 4, code);
    const folder = temporaryFolder('rename');
    await writeFile(join(folder, 'x'), 'old');
    await replaceFile(join(folder, 'x'), 'new');
    assert.equal(await readFile(join(folder, 'x'), 'utf8'), 'new');
    assert.equal(tries.callCount(), 5);
    assert.deepEqual(await readdir(folder), ['x']);
  });

test('one that stays held is an error within the deadline, and nothing is changed or left behind', async (t) => {
  onWindows(t);
  const tries = heldFor(t, Number.POSITIVE_INFINITY, 'EBUSY');
  const folder = temporaryFolder('rename');
  await writeFile(join(folder, 'x'), 'old');
  await writeFile(join(folder, 'y'), 'new');
  const begin = performance.now();
  await assert.rejects(renameFile(join(folder, 'y'), join(folder, 'x'), 100), { code: 'EBUSY' });
  assert.ok(performance.now() - begin < 2000);
  assert.ok(tries.callCount() > 2, `${tries.callCount()} tries`);
  assert.equal(await readFile(join(folder, 'x'), 'utf8'), 'old');
});

test('what does not pass by itself fails at once: elsewhere EPERM is about rights, everywhere ENOENT is a mistake', async (t) => {
  if (process.platform !== 'win32') {
    const tries = heldFor(t, 1, 'EPERM');
    await assert.rejects(
      replaceFile(join(temporaryFolder('rename'), 'x'), ''),
      userError('file-write', /does not permit/),
    );
    assert.equal(tries.callCount(), 1);
    t.mock.reset();
  }
  const begin = performance.now();
  await assert.rejects(renameFile(join(temporaryFolder('rename'), 'none'), 'x'), { code: 'ENOENT' });
  assert.ok(performance.now() - begin < 1000);
});
