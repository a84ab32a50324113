import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { watchPorts } from '../../../src/io/serial/portWatch';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/until';

const linux = { skip: process.platform !== 'linux' && 'Linux only' };

async function devices(t: TestContext) {
  const folder = temporaryFolder('dev');
  let told = 0;
  const watch = watchPorts(() => {
    told += 1;
  }, folder);
  t.after(() => watch.stop());
  return { folder, told: () => told, watch };
}

it('tells within half a second that a board was plugged in, and that it is gone', linux, async (t) => {
  const { folder, told } = await devices(t);
  for (const change of [() => writeFile(join(folder, 'ttyUSB0'), ''), () => rm(join(folder, 'ttyUSB0'))]) {
    const before = told();
    await change();
    await until(() => told() > before, 'nothing was told', 500);
    await wait(1_700); // what it tells later, when udev knows more, belongs to this change
  }
});

it('looks again until the system knows the serial number, and then is quiet', linux, async (t) => {
  const { folder, told } = await devices(t);
  await writeFile(join(folder, 'ttyACM3'), '');
  await wait(1_800);
  assert.equal(told(), 3);
});

it('cares for serial devices only, and no longer once stopped', linux, async (t) => {
  const { folder, told, watch } = await devices(t);
  await writeFile(join(folder, 'sda1'), '');
  await writeFile(join(folder, 'ttyS0'), '');
  await wait(400);
  assert.equal(told(), 0);
  await writeFile(join(folder, 'ttyUSB1'), '');
  watch.stop();
  await wait(400);
  assert.equal(told(), 0);
});

it('goes on by looking where the folder cannot be watched', async (t) => {
  let told = 0;
  const watch = watchPorts(() => {
    told += 1;
  }, '/nowhere/dev');
  t.after(() => watch.stop());
  await until(() => told > 0, 'it did not look', 4_000);
});
