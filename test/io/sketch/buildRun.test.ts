import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { runBuild } from '../../../src/io/sketch/buildRun';
import { temporaryFolder } from '../../support/temporaryFolder';

const plan = (script: string) => ({
  title: 'a tool',
  program: process.execPath,
  args: ['-e', script],
  folder: temporaryFolder('build-run'),
});

test('stopping a build ends it and what it started, and once more does no harm', {
  skip: process.platform === 'win32',
}, async () => {
  const file = join(temporaryFolder('build-run'), 'compiled');
  const compiler = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(file)}, 'x'), 10)`;
  const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(compiler)}]);
    setTimeout(() => {}, 60000);`;
  const build = runBuild(plan(script), () => undefined);
  while (!existsSync(file)) await delay(20);
  build.stop();
  assert.equal(await build.ended, 1);
  build.stop();
  const { size } = statSync(file);
  await delay(150);
  assert.equal(statSync(file).size, size);
});

test('a build that was stopped and is gone can be stopped again', { skip: process.platform === 'win32' }, async () => {
  const build = runBuild(plan('setTimeout(() => {}, 60000)'), () => undefined);
  build.stop();
  await build.ended;
  assert.doesNotThrow(() => build.stop());
});

test("the exit code is the tool's, and a tool that cannot be started is named", async () => {
  assert.equal(await runBuild(plan('process.exit(7)'), () => undefined).ended, 7);
  const lines: string[] = [];
  const missing = { ...plan(''), program: '/nowhere/pio' };
  assert.equal(await runBuild(missing, (line) => lines.push(line)).ended, 1);
  assert.match(lines.join(), /\/nowhere\/pio could not be started/);
});
