import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { issueDevice } from '../../src/io/pki/issueCertificates';
import { runCli } from '../support/cli';
import { testPki } from '../support/pki';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

test('a board becomes a device of the certificates folder, as "nvs dump" of its flash shows', async (t) => {
  const { store, authority } = await testPki();
  await issueDevice(store, authority, { commonName: 'board-7' });
  const board = await VirtualBoard.start({ port: 0, factory: true });
  t.after(() => board.close());
  const cwd = dirname(store.folder);
  const done = await runCli(cwd, `provision --port ${board.address} --device board-7`);
  assert.equal(done.code, 0, done.err);
  assert.match(done.out, /^ESP32.*MAC 24:6f:28:c0:1d:db, is now "board-7": .*"nvs", verified\.\n$/);
  assert.match(done.err, /private key lies readable/);
  assert.match(
    await readFile(join(store.folder, 'provisioned.csv'), 'utf8'),
    /^time,mac,device,chip\n\d{4}-[^,]+,24:6f:28:c0:1d:db,board-7,ESP32/,
  );
  const second = await VirtualBoard.start({ port: 0, factory: true, mac: '24:6f:28:00:00:02' });
  t.after(() => second.close());
  const flash = second.flash.read(0, second.flash.size);
  const twin = await runCli(cwd, `provision --port ${second.address} --device board-7`);
  assert.equal(twin.code, 1);
  assert.match(twin.err, /24:6f:28:c0:1d:db has the identity "board-7" already, .* give this board another device/);
  assert.deepEqual(second.flash.read(0, second.flash.size), flash);
  assert.equal((await runCli(cwd, `provision --port ${second.address} --device board-7 --reuse`)).code, 0);
  const dumped = await runCli(cwd, `nvs dump --port ${board.address} --back-up nvs.bin`);
  assert.equal(dumped.code, 0, dumped.err);
  assert.match(dumped.err, /The private key lies readable in the flash of this board.*CONFIG_SECURE_FLASH_ENC_ENABLED/);
  const { out } = await runCli(cwd, 'nvs dump nvs.bin');
  assert.equal(dumped.out, out);
  assert.doesNotMatch(out + dumped.err, /PRIVATE KEY/);
  assert.match(out, /^tls,namespace,,\nroot_ca,data,string,"-----BEGIN CERTIFICATE-----/m);
  assert.match(out, /^device_key,data,string,\(hidden\)$/m);
});

test('says which device has no certificate', async () => {
  const { store } = await testPki();
  const result = await runCli(dirname(store.folder), 'provision --port socket://127.0.0.1:1 --device nobody');
  assert.equal(result.code, 1);
  assert.match(result.err, /nobody\.crt does not exist\. Make a certificate for the device "nobody" first/);
});

test('a queue gives the boards that are there the devices of a list, and says what is left', async (t) => {
  const { store, authority } = await testPki();
  for (const commonName of ['a-1', 'a-2']) await issueDevice(store, authority, { commonName });
  const board = await VirtualBoard.start({ port: 0, factory: true });
  t.after(() => board.close());
  const cwd = dirname(store.folder);
  await writeFile(join(cwd, 'devices.csv'), 'cn,room\n# ground floor\na-2,kitchen\n');
  const done = await runCli(cwd, `provision --queue --devices devices.csv --port ${board.address} --json`);
  assert.equal(done.code, 0, done.err);
  assert.equal(JSON.parse(done.out).device, 'a-2');
  assert.match(done.err, /1 board provisioned, 0 devices left/);
  assert.equal(
    (await runCli(cwd, 'labels labels.html')).err,
    'Wrote labels.html with 1 label. Open it in a browser and print it.\n',
  );
  assert.match(await readFile(join(cwd, 'labels.html'), 'utf8'), /<b>a-2<\/b>/);
  assert.equal((await runCli(cwd, 'labels labels.html')).code, 0, 'the same page is no loss');
  await writeFile(join(cwd, 'labels.html'), 'mine');
  assert.match((await runCli(cwd, 'labels labels.html')).err, /labels\.html.*exists/);
  assert.equal(await readFile(join(cwd, 'labels.html'), 'utf8'), 'mine');
  const again = await runCli(cwd, `provision --queue --devices devices.csv --port ${board.address}`);
  assert.deepEqual([again.code, again.out], [0, '']);
  const empty = await runCli(cwd, `provision --queue --devices none.csv --port ${board.address}`);
  assert.equal(empty.code, 1);
  assert.match(empty.err, /none\.csv/);
});
