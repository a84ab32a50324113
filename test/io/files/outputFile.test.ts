import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkOutput, writeOutput } from '../../../src/io/files/outputFile';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

async function folderWith(content: string) {
  const folder = temporaryFolder('output');
  const path = join(folder, 'out');
  await writeFile(path, content);
  return { folder, path };
}

test('what could be lost stays, and the refusal names the file and --force', async () => {
  const { folder, path } = await folderWith('old');
  const canBeRemade = () => false;
  for (const rule of [{}, { canBeRemade }, { force: false }])
    await assert.rejects(writeOutput(path, 'new', rule), userError('file-exists', /out exists already.*--force/));
  await assert.rejects(checkOutput(path, {}), userError('file-exists'));
  assert.equal(await readFile(path, 'utf8'), 'old');
  assert.deepEqual(await readdir(folder), ['out']);
});

test('what is empty, the same, made again or given up is replaced, with the mode that was asked for', async () => {
  for (const [content, rule] of [
    ['', {}],
    ['new', {}],
    ['old', { canBeRemade: (bytes: Uint8Array) => Buffer.from(bytes).toString() === 'old' }],
    ['old', { force: true }],
  ] as const) {
    const { folder, path } = await folderWith(content);
    await writeOutput(path, 'new', { ...rule, mode: 0o600 });
    assert.equal(await readFile(path, 'utf8'), 'new');
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ['out']);
  }
});

test('an input is never its own output, by whatever name', async () => {
  const { folder, path } = await folderWith('old');
  await symlink(path, join(folder, 'other'));
  const rule = { force: true, inputs: [path], canBeRemade: () => true };
  for (const name of [path, join(folder, 'other')])
    await assert.rejects(writeOutput(name, 'new', rule), userError('output-is-input', /Choose another name/));
  assert.equal(await readFile(path, 'utf8'), 'old');
  await writeOutput(join(folder, 'fresh'), 'new', { inputs: [path, join(folder, 'none')] });
});

test('behind a link the file is replaced, and the link stays', async () => {
  const { folder, path } = await folderWith('old');
  await symlink('out', join(folder, 'link'));
  await writeOutput(join(folder, 'link'), 'new', { force: true });
  assert.equal(await readFile(path, 'utf8'), 'new');
});

test('folders and devices are never replaced', { skip: process.platform === 'win32' }, async () => {
  const folder = temporaryFolder('output');
  await mkdir(join(folder, 'd'));
  await assert.rejects(
    writeOutput(join(folder, 'd'), 'x', { force: true }),
    userError('file-write', /a folder stands/),
  );
  await assert.rejects(writeOutput('/dev/null', 'x', { force: true }), userError('file-write', /a device or a pipe/));
  assert.ok((await stat('/dev/null')).isCharacterDevice());
  await assert.rejects(checkOutput(join(folder, 'd'), {}), userError('file-write'));
  assert.equal(await checkOutput(join(folder, 'free'), {}), undefined);
});
