// What the firmware template "rotation-ota" needs from a terminal: signing an update, renewing for the board's own key.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCertificateFolder } from '../support/certificateFolder';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';

const folder = temporaryFolder('update-cli');

const cli = (...words: string[]) => runCli(folder, words, { SECURE_IOT_CA_PASSPHRASE: 'correct horse battery' });

test('new makes the update key once, and update sign signs with it what the firmware then verifies', async (t) => {
  if (!requireTool(t, 'openssl')) return;
  await makeCertificateFolder(join(folder, 'certs'));
  const set = ['--set', 'host=broker.test', '--set', 'device=sensor-1'];
  for (const out of ['one', 'two']) assert.equal((await cli('new', 'rotation-ota', '--out', out, ...set)).code, 0);
  const keyOf = (project: string): string =>
    /R"PEM\((-----BEGIN PUBLIC KEY-----[^)]+)\)PEM"/.exec(
      readFileSync(join(folder, project, 'config.h'), 'utf8'),
    )?.[1] ?? '';
  assert.equal(keyOf('one'), keyOf('two'), 'one key for all boards');
  assert.doesNotMatch(readFileSync(join(folder, 'one/config.h'), 'utf8'), /PRIVATE KEY/);

  writeFileSync(
    join(folder, 'fw.bin'),
    Buffer.concat([Buffer.from([0xe9]), Buffer.from('[secure-iot] firmware version 5\0')]),
  );
  const { code, out, err } = await cli('update', 'sign', 'fw.bin');
  assert.equal(code, 0, err);
  assert.equal(out, 'fw.bin.signed\n');
  assert.match(err, /version 5/);
  const file = readFileSync(join(folder, 'fw.bin.signed'));
  const signature = file.subarray(45, 45 + (file[44] ?? 0));
  assert.ok(verify('sha256', file.subarray(0, 44), createPublicKey(keyOf('one')), signature));
  assert.match((await cli('update', 'sign', 'fw.bin')).err, /exists/, 'nothing is overwritten');
});

test('without an update key, and without a version, update sign says what to do', async () => {
  writeFileSync(join(folder, 'other.bin'), Buffer.from([0xe9, 1, 2]));
  const unversioned = await cli('update', 'sign', 'other.bin');
  assert.equal(unversioned.code, 1);
  assert.match(unversioned.err, /does not say which version/);
  const keyless = await cli('update', 'sign', 'fw.bin', '--certs', 'elsewhere');
  assert.match(keyless.err, /no key .*signing\.key that signs updates/);
  assert.ok(!existsSync(join(folder, 'other.bin.signed')));
});

test('certs renew --request makes a certificate for the key of the request, and keeps what was there', async (t) => {
  if (!requireTool(t, 'openssl')) return;
  const certs = join(folder, 'own');
  assert.equal((await cli('certs', 'ca', '--cn', 'Test CA', '--dir', certs)).code, 0);
  assert.equal((await cli('certs', 'device', '--cn', 'pump', '--dir', certs)).code, 0);
  const openssl = (...args: string[]): string =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' }).toString();
  openssl(
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'board.key',
    '-subj',
    '/CN=pump',
    '-out',
    'board.csr',
  );
  const { code, err } = await cli('certs', 'renew', 'pump', '--request', 'board.csr', '--dir', certs);
  assert.equal(code, 0, err);
  const publicKey = openssl('x509', '-in', join(certs, 'devices/pump.crt'), '-noout', '-pubkey');
  assert.equal(publicKey, openssl('pkey', '-in', 'board.key', '-pubout'));
  assert.ok(!existsSync(join(certs, 'devices/pump.key')), 'the key that fits is on the board');
  const today = new Date().toISOString().slice(0, 10);
  for (const kind of ['crt', 'key']) assert.ok(existsSync(join(certs, `devices/pump.${kind}.${today}`)), kind);

  openssl('req', '-new', '-key', 'board.key', '-subj', '/CN=other', '-out', 'other.csr');
  const wrong = await cli('certs', 'renew', 'pump', '--request', 'other.csr', '--dir', certs);
  assert.match(wrong.err, /asks for a certificate for "other", not for "pump"/);
});
