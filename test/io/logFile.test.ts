import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { LogFile } from '../../src/io/logFile';

async function place(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'board.log');
}
const fails = (error: Error) => assert.fail(error.message);

it('writes every byte in order, and appends to what was there', async (t) => {
  const path = await place(t);
  for (const part of [1, 2]) {
    const log = await LogFile.open(path, fails);
    for (let i = 0; i < 200; i++) log.write(Uint8Array.of(part, i));
    await log.close();
  }
  const bytes = await readFile(path);
  assert.equal(bytes.length, 800);
  assert.deepEqual([...bytes.subarray(398, 404)], [1, 199, 2, 0, 2, 1]);
});

it('rotates by size and loses nothing of what it keeps', async (t) => {
  const path = await place(t);
  const log = await LogFile.open(path, fails, { maxBytes: 1000, keep: 2 });
  for (let i = 0; i < 35; i++) log.write(new Uint8Array(100).fill(i));
  await log.close();
  const files = await Promise.all([`${path}.2`, `${path}.1`, path].map((file) => readFile(file)));
  assert.deepEqual(
    files.map((f) => f.length),
    [1000, 1000, 500],
  );
  assert.deepEqual(
    [...Buffer.concat(files)].filter((_, i) => i % 100 === 0),
    Array.from({ length: 25 }, (_, i) => i + 10),
  );
});

it('says that a place cannot be written', async (t) => {
  const path = `${await place(t)}/none/x.log`;
  await assert.rejects(LogFile.open(path, fails), { code: 'file-unwritable' });
});
