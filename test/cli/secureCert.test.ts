import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../support/cli';
import { fullTestPki } from '../support/pki';
import { temporaryFolder } from '../support/temporaryFolder';

test("builds a device's image, lists it without the key, and takes it apart", async () => {
  const { store } = await fullTestPki();
  const cwd = dirname(store.folder);
  const built = await runCli(cwd, 'secure-cert build --device esp32-device-001 out.bin');
  assert.equal(built.code, 0, built.err);
  assert.match(built.err, /^Wrote out\.bin: \d+ bytes for the esp_secure_cert partition\./);
  assert.equal((await stat(join(cwd, 'out.bin'))).mode & 0o777, 0o600);
  const dumped = await runCli(cwd, 'secure-cert dump out.bin --extract parts');
  assert.equal(dumped.code, 0, dumped.err);
  assert.match(dumped.out, /^0x0000 {2}ESP_SECURE_CERT_CA_CERT_TLV {2}subtype 0 {2}\d+ bytes {2}.*Test CA/);
  assert.match(dumped.out, /ESP_SECURE_CERT_PRIV_KEY_TLV .* in clear \(hidden\)/);
  assert.doesNotMatch(dumped.out, /BEGIN/);
  assert.match(await readFile(join(cwd, 'parts/device_key_0.pem'), 'utf8'), /BEGIN EC PRIVATE KEY/);
  const again = await runCli(cwd, 'secure-cert build parts/esp_secure_cert.csv again.bin');
  assert.equal(again.code, 0, again.err);
  assert.deepEqual(await readFile(join(cwd, 'again.bin')), await readFile(join(cwd, 'out.bin')));
  const json = JSON.parse((await runCli(cwd, 'secure-cert dump out.bin --json')).out);
  assert.deepEqual(json.problems, []);
  assert.equal(json.entries.length, 4);
});

test('says what is wrong with a call, a size and a file', async () => {
  const { store } = await fullTestPki();
  const cwd = dirname(store.folder);
  const small = await runCli(cwd, 'secure-cert build --device esp32-device-001 small.bin 0x400');
  assert.equal(small.code, 1);
  assert.match(small.err, /need \d+ bytes, the esp_secure_cert partition has 1024: \d+ too many/);
  await assert.rejects(stat(join(cwd, 'small.bin')));
  const other = temporaryFolder('secure-cert');
  await writeFile(join(other, 'zero.bin'), new Uint8Array(100));
  assert.match((await runCli(other, 'secure-cert dump zero.bin')).err, /not an esp_secure_cert image/);
  assert.equal((await runCli(other, 'secure-cert')).code, 2);
  assert.equal((await runCli(other, 'secure-cert build in.csv')).code, 2);
  assert.match((await runCli(cwd, 'secure-cert build --device nobody x.bin')).err, /nobody\.crt does not exist/);
});
