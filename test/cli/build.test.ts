import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { run } from '../../src/cli/build';
import { UserError } from '../../src/core/errors';
import { projectFramework } from '../../src/core/firmware/buildCommand';
import { planBuild } from '../../src/io/sketch/buildPlan';
import { temporaryFolder } from '../support/temporaryFolder';

test('a folder says by its files which tool builds it', () => {
  assert.equal(projectFramework(['x.ino', 'config.h']), 'arduino');
  assert.equal(projectFramework(['platformio.ini', 'src', 'x.ino']), 'platformio');
  assert.equal(projectFramework(['CMakeLists.txt', 'main']), 'esp-idf');
  assert.equal(projectFramework(['CMakeLists.txt', 'src']), undefined, 'any C++ project');
  assert.equal(projectFramework([]), undefined);
});

test('a tool that is not there is named, with the way to get it', async () => {
  const folder = temporaryFolder('build');
  await writeFile(join(folder, 'x.ino'), '');
  const missing = (error: unknown): boolean =>
    error instanceof UserError && error.code === 'build-tool-missing' && /arduino-cli.*Install/.test(error.message);
  await assert.rejects(planBuild(folder, { PATH: '' }), missing);
  await rm(join(folder, 'x.ino'));
  await assert.rejects(planBuild(folder, { PATH: '' }), (e) => e instanceof UserError && e.code === 'no-project');
});

test('build runs the tool in the project and ends with its exit code', async (t) => {
  const folder = temporaryFolder('build');
  const [bin, project] = [join(folder, 'bin'), join(folder, 'my project')];
  for (const path of [bin, project]) await mkdir(path);
  await writeFile(join(project, 'platformio.ini'), '');
  await writeFile(join(bin, 'pio'), '#!/bin/sh\necho "$@" > called\nexit 7\n');
  await chmod(join(bin, 'pio'), 0o755);
  const path = process.env['PATH'];
  process.env['PATH'] = `${bin}${delimiter}${path}`;
  t.after(() => {
    process.env['PATH'] = path;
  });
  assert.equal(await run([project]), 7);
  assert.equal(await readFile(join(project, 'called'), 'utf8'), 'run\n');
});
