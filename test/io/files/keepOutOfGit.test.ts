import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { keepOutOfGit } from '../../../src/io/files/keepOutOfGit';
import { temporaryFolder } from '../../support/temporaryFolder';

test('git ignores the file and nothing else, whatever its name', async () => {
  const folder = temporaryFolder('ignore');
  const names = ['nvs.bin', '#1.bin', '!important.bin', 'a*b.bin', 'copy[1].bin', 'what?.bin', 'back\\slash', 'end  '];
  const others = ['nvs_bin', '1.bin', 'important.bin', 'axb.bin', 'copy1.bin', 'whats.bin', 'nvs.bin.txt'];
  for (const name of names) await keepOutOfGit(folder, name);
  await keepOutOfGit(folder, 'sub/serial.log', '.*');
  for (const name of [...names, ...others, 'serial.log', 'serial.log.1']) await writeFile(join(folder, name), '');
  execFileSync('git', ['init', '-q', folder]);
  const seen = execFileSync('git', ['-C', folder, 'ls-files', '-zo', '--exclude-standard'], { encoding: 'utf8' });
  assert.deepEqual(seen.split('\0').filter(Boolean).sort(), ['.gitignore', 'serial.log', ...others].sort());
});

test('lines that are there stay, and none is added twice', async () => {
  const folder = temporaryFolder('ignore');
  await writeFile(join(folder, '.gitignore'), 'build\n/secrets.h');
  for (const name of ['secrets.h', 'build', 'a.key', 'a.key']) await keepOutOfGit(folder, name);
  assert.equal(await readFile(join(folder, '.gitignore'), 'utf8'), 'build\n/secrets.h\na.key\n');
});
