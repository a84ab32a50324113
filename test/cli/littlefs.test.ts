import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLittlefsImage } from '../../src/core/firmware/littlefsReader';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';

test('a folder becomes an image that holds its files, and the call can be told as JSON', async () => {
  const cwd = temporaryFolder('littlefs');
  await mkdir(join(cwd, 'data/web'), { recursive: true });
  await writeFile(join(cwd, 'data/ca.pem'), 'certificate');
  await writeFile(join(cwd, 'data/web/index.html'), '<p>');
  const built = await runCli(cwd, 'littlefs build data fs.bin 0x20000 --json');
  assert.deepEqual([built.code, built.err], [0, '']);
  assert.deepEqual(JSON.parse(built.out), { file: 'fs.bin', bytes: 0x20000, files: 2, contentBytes: 14 });
  const read = readLittlefsImage(new Uint8Array(await readFile(join(cwd, 'fs.bin'))));
  assert.deepEqual(read.files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]).sort(), [
    ['ca.pem', 'certificate'],
    ['web/index.html', '<p>'],
  ]);
});

test('says what does not fit', async () => {
  const cwd = temporaryFolder('littlefs');
  await mkdir(join(cwd, 'data'));
  await writeFile(join(cwd, 'data/big'), new Uint8Array(100_000));
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ['littlefs build data fs.bin', 2, /littlefs takes: build FOLDER OUT\.bin SIZE/],
    ['littlefs build data fs.bin 0x8000', 1, /The files need \d+ bytes of LittleFS; the partition has 32768/],
    ['littlefs build none fs.bin 0x8000', 1, /Cannot read none: there is no such file or folder/],
    ['littlefs build data fs.bin 100001', 1, /multiple of 4096/],
  ];
  for (const [line, code, message] of cases) {
    const result = await runCli(cwd, line);
    assert.equal(result.code, code, line);
    assert.match(result.err, message);
  }
});
