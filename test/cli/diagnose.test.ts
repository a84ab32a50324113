import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../support/cli';
import { freePort } from '../support/mosquitto';
import { sketchFiles, writeFiles } from '../support/sketchProject';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet } from '../support/testAuthority';

test('diagnose prints one JSON object with the cause, exit code 1, and no key', async () => {
  const { ca, device } = await goodSet();
  const values = { host: '127.0.0.1', port: await freePort(), ca: ca.pem, cert: device.pem, key: device.keyPem };
  const folder = await writeFiles(sketchFiles(values));
  const { code, out, err } = await runCli(folder, 'diagnose --json');
  const report = JSON.parse(out);
  assert.equal(code, 1, err);
  assert.equal(report.cause, 'broker-down');
  assert.equal(report.certainty, 'proven');
  assert.equal(report.address, `127.0.0.1:${values.port}`);
  assert.doesNotMatch(out + err, /PRIVATE KEY|MIG/);
});

test('a folder without a broker, a missing folder and wrong options each say what to do', async () => {
  const folder = temporaryFolder('empty');
  const empty = await runCli(folder, 'diagnose');
  assert.equal(empty.code, 1);
  assert.match(empty.err, /No broker host was found .* Say it with --host/);
  assert.match((await runCli(folder, 'diagnose nowhere')).err, /does not exist/);
  assert.equal((await runCli(folder, 'diagnose --stack openssl')).code, 2);
  assert.equal((await runCli(folder, 'diagnose --host x --cert a.crt')).code, 2);
  assert.match((await runCli(folder, 'diagnose --host x --ca missing.crt')).err, /missing\.crt cannot be read/);
});

test('lint prints file, line and rule, and fails when there is a problem', async () => {
  const folder = await writeFiles({ 'a.ino': '\nvoid setup() {\n  net.setInsecure();\n}\n' });
  const found = await runCli(folder, 'lint');
  assert.equal(found.code, 1);
  assert.match(found.out, /^a\.ino:3: warning: .* \[insecure\]\n$/);
  const clean = await writeFiles({ 'a.ino': 'void setup() {}\n' });
  assert.equal((await runCli(clean, 'lint --json')).out, '[]\n');
});
