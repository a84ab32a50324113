// The list of which board is what: written by several processes, and read after a kill.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { findTwin, readBoards, readProvisioned, recordProvisioned } from '../../../src/io/provisioning/provisionLedger';
import { readStarted, recordStarted } from '../../../src/io/provisioning/provisionStarted';
import { TYPESCRIPT } from '../../support/cli';
import { temporaryFolder } from '../../support/temporaryFolder';
import { userError } from '../../support/userError';

const at = { time: '2026-01-02T03:04:05.000Z', chip: 'ESP32-D0WD-V3 (revision v3.1)' };
const entry = (mac: string, device: string) => ({ ...at, mac, device });

test('every entry of several processes is there, whole, and no lock stays', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder('ledger');
  const module = JSON.stringify(resolve('src/io/provisioning/provisionLedger'));
  const program = `const { recordProvisioned } = require(${module});
    (async () => { for (let i = 0; i < 15; i++) await recordProvisioned(${JSON.stringify(folder)},
      { time: 't', mac: process.argv[1] + '-' + i, device: 'a, "quoted" name', chip: 'ESP32' }); })();`;
  const codes = await Promise.all(
    ['p', 'q', 'r'].map(async (name) => {
      const child = spawn(process.execPath, [...TYPESCRIPT, '-e', program, name], { stdio: 'inherit' });
      return (await once(child, 'exit'))[0];
    }),
  );
  assert.deepEqual(codes, [0, 0, 0]);
  const entries = await readProvisioned(folder);
  assert.equal(entries.length, 45);
  for (const name of ['p', 'q', 'r'])
    assert.deepEqual(
      entries.flatMap(({ mac }) => (mac.startsWith(name) ? [mac] : [])),
      Array.from({ length: 15 }, (_, i) => `${name}-${i}`),
    );
  assert.ok(entries.every(({ device, chip }) => device === 'a, "quoted" name' && chip === 'ESP32'));
  assert.deepEqual(await readdir(folder), ['provisioned.csv']);
});

test('a line that a kill cut off is no entry, wherever it was cut, and is gone with the next one', async () => {
  for (const torn of ['2026', '2026-01-01,24:6f', '2026-01-01,24:6f:28:00:00:02,sens', '2026,24:6f,"sen, s']) {
    const folder = temporaryFolder('ledger');
    await recordProvisioned(folder, entry('m1', 'sensor-1'));
    const whole = await readFile(join(folder, 'provisioned.csv'), 'utf8');
    await appendFile(join(folder, 'provisioned.csv'), torn);
    assert.deepEqual(await readProvisioned(folder), [entry('m1', 'sensor-1')], torn);
    await recordProvisioned(folder, entry('m2', 'sensor-2'));
    assert.equal(
      await readFile(join(folder, 'provisioned.csv'), 'utf8'),
      `${whole}${at.time},m2,sensor-2,${at.chip}\n`,
    );
  }
});

test('a last line without its end, as an editor may leave it, counts and stays', async () => {
  const folder = temporaryFolder('ledger');
  await writeFile(join(folder, 'provisioned.csv'), `time,mac,device,chip\n${at.time},m1,sensor-1,${at.chip}`);
  await recordProvisioned(folder, entry('m2', 'sensor-2'));
  assert.deepEqual(await readProvisioned(folder), [entry('m1', 'sensor-1'), entry('m2', 'sensor-2')]);
});

test('a board is what it became last, and only then another one is its twin', async () => {
  const folder = temporaryFolder('ledger');
  assert.deepEqual(await readProvisioned(folder), []);
  await recordProvisioned(folder, entry('m1', 'sensor-1'));
  assert.equal(await findTwin(folder, { mac: 'm1', device: 'sensor-1' }), undefined);
  assert.equal((await findTwin(folder, { mac: 'm2', device: 'sensor-1' }))?.mac, 'm1');
  await recordProvisioned(folder, entry('m1', 'sensor-2'));
  assert.equal(await findTwin(folder, { mac: 'm2', device: 'sensor-1' }), undefined);
  assert.deepEqual([...(await readBoards(folder)).values()], [entry('m1', 'sensor-2')]);
});

test('a device that another run gave away meanwhile is given to no second board', async () => {
  const folder = temporaryFolder('ledger');
  await recordStarted(folder, 'm1', 'sensor-1');
  await recordStarted(folder, 'm1', 'sensor-1');
  await assert.rejects(recordStarted(folder, 'm2', 'sensor-1'), userError('device-taken', /"sensor-1".*MAC m1/));
  await recordProvisioned(folder, entry('m1', 'sensor-1'));
  await assert.rejects(recordStarted(folder, 'm2', 'sensor-1'), userError('device-taken'));
  await recordStarted(folder, 'm2', 'sensor-2');
  assert.deepEqual([...(await readStarted(folder))], [['m2', 'sensor-2']]);
  await recordProvisioned(folder, entry('m1', 'other'));
  await recordStarted(folder, 'm3', 'sensor-1');
});
