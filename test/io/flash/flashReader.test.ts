import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { readFlashToFile } from '../../../src/io/flash/flashReader';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

const DATA = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);

async function board(t: TestContext) {
  const preload = [{ offset: 0x9000, name: 'data', data: DATA }];
  const made = await VirtualBoard.start({ port: 0, factory: true, preload });
  t.after(() => made.close());
  return made;
}

describe('reading flash into a file', { concurrency: 2 }, () => {
  it('keeps it from other users of this machine: it may hold keys and passwords', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const { address } = await board(t);
    const file = join(temporaryFolder('read'), 'nvs.bin');
    const copy = await readFlashToFile(await openBoardPort(address), { offset: 0x9000, size: DATA.length }, file);
    assert.equal(copy.bytes, DATA.length);
    assert.deepEqual(new Uint8Array(await readFile(file)), DATA);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it('says of a name that is a folder that it is one, and leaves nothing beside it', async (t) => {
    const { address } = await board(t);
    const folder = temporaryFolder('read');
    await mkdir(join(folder, 'copy'));
    const read = readFlashToFile(await openBoardPort(address), { offset: 0, size: 4096 }, join(folder, 'copy'));
    await assert.rejects(read, userError('file-write', /copy: a folder stands where a file should be/));
    assert.deepEqual(await readdir(folder), ['copy']);
  });

  it('refuses what is beyond the flash before it reads a byte', async (t) => {
    const { address } = await board(t);
    const file = join(temporaryFolder('read'), 'x');
    for (const range of [
      { offset: 0, size: 0x4000_0000 },
      { offset: 0x4000_0000, size: undefined },
    ])
      await assert.rejects(
        readFlashToFile(await openBoardPort(address), range, file),
        userError('range-invalid', /is not within/),
      );
  });
});
