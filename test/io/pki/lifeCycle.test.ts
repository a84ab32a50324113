import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import fs, { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findRecord } from '../../../src/core/pki/revocation';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { crlUrls } from '../../../src/core/x509/crlDistribution';
import { readPem } from '../../../src/core/x509/pem';
import { parseRevocationList } from '../../../src/core/x509/revocationList';
import { issueDevice } from '../../../src/io/pki/issueCertificates';
import { renewCertificate } from '../../../src/io/pki/renewCertificate';
import { revokeCertificate, writeRevocationList } from '../../../src/io/pki/revocationList';
import { startMosquitto } from '../../support/mosquitto';
import { fullTestPki, type TestPki, testPki } from '../../support/pki';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const recordOf = async ({ store }: TestPki, name: string) => findRecord(await store.list(), name);

test('a renewed broker keeps its names, gets more, a new key and a new serial; the old files stay', async () => {
  const pki = await fullTestPki();
  const { store, authority } = pki;
  const old = await store.readBroker();
  const now = new Date();
  await renewCertificate(store, authority, await recordOf(pki, 'localhost'), { addHosts: ['broker.local'], now });
  const renewed = await store.readBroker();
  const certificate = new X509Certificate(renewed.certificate);
  assert.ok(
    certificate.checkHost('broker.local') && certificate.checkHost('localhost') && certificate.checkIP('127.0.0.1'),
  );
  assert.ok(certificate.verify(authority.certificate.publicKey));
  assert.notEqual(renewed.key, old.key);
  const date = now.toISOString().slice(0, 10);
  assert.equal(await readFile(join(store.folder, `broker/localhost.crt.${date}`), 'utf8'), old.certificate);
  assert.equal(await readFile(join(store.folder, `broker/localhost.key.${date}`), 'utf8'), old.key);
  assert.equal((await stat(join(store.folder, `broker/localhost.key.${date}`))).mode & 0o777, 0o600);
  const records = (await store.list()).filter((r) => r.role === 'broker');
  assert.deepEqual(
    records.map((r) => [r.status, r.file]),
    [
      ['replaced', `broker/localhost.crt.${date}`],
      ['valid', 'broker/localhost.crt'],
    ],
  );
  await renewCertificate(store, authority, await recordOf(pki, 'localhost'), { now });
  assert.ok((await readdir(join(store.folder, 'broker'))).includes(`localhost.crt.${date}-2`));
});

test('a device can be renewed with its key', async () => {
  const pki = await fullTestPki();
  const old = await pki.store.readDevice('esp32-device-001');
  await renewCertificate(pki.store, pki.authority, await recordOf(pki, 'esp32-device-001'), { sameKey: true });
  const renewed = await pki.store.readDevice('esp32-device-001');
  assert.equal(renewed.key, old.key);
  assert.notEqual(renewed.certificate, old.certificate);
  assert.equal(new X509Certificate(renewed.certificate).subject, new X509Certificate(old.certificate).subject);
});

test('where the revocation list is stands in the certificate, and stays there when it is renewed', async () => {
  const { store, authority } = await testPki();
  const urlsIn = async () => {
    const pem = await store.readCertificate('device', 'd1');
    return crlUrls(parseCertificate(new X509Certificate(pem).raw).extensions);
  };
  const crlUrl = 'http://pki.example.com/ca.crl';
  const { record } = await issueDevice(store, authority, { commonName: 'd1', crlUrl });
  assert.deepEqual(await urlsIn(), [crlUrl]);
  await renewCertificate(store, authority, record);
  assert.deepEqual(await urlsIn(), [crlUrl]);
});

test('an authority is not renewed in place and not revoked', async () => {
  const pki = await fullTestPki();
  const record = await recordOf(pki, 'Test CA');
  await assert.rejects(renewCertificate(pki.store, pki.authority, record), userError('renew-authority'));
  const target = { target: 'Test CA', reason: 'unspecified' } as const;
  await assert.rejects(revokeCertificate(pki.store, pki.authority, target), userError('revoke-authority'));
});

test('openssl accepts the list and refuses what is on it', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const pki = await fullTestPki();
  const { store, authority } = pki;
  await issueDevice(store, authority, { commonName: 'good' });
  await writeRevocationList(store, authority, { now: new Date(Date.now() - 5000) });
  const { path, entries } = await revokeCertificate(store, authority, {
    target: 'esp32-device-001',
    reason: 'keyCompromise',
  });
  assert.equal(entries, 1);
  const ca = store.pathsOf('authority', 'ca').certificate;
  const text = execFileSync(openssl, ['crl', '-in', path, '-CAfile', ca, '-noout', '-text', '-verify'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  assert.match(text, /Version 2[\s\S]*Authority Key Identifier[\s\S]*CRL Number[\s\S]*Key Compromise/);
  const verify = (name: string) =>
    execFileSync(
      openssl,
      [
        'verify',
        '-x509_strict',
        '-crl_check',
        '-CRLfile',
        path,
        '-CAfile',
        ca,
        store.pathsOf('device', name).certificate,
      ],
      { stdio: 'pipe' },
    );
  verify('good');
  assert.throws(() => verify('esp32-device-001'), /revoked/);
  assert.equal((await recordOf(pki, 'esp32-device-001')).status, 'revoked');
  await assert.rejects(
    revokeCertificate(store, authority, { target: 'esp32-device-001', reason: 'unspecified' }),
    userError('already-revoked'),
  );
});

test('mosquitto with our crlfile refuses the revoked device and lets the other in', async (t) => {
  const pub = requireTool(t, 'mosquitto_pub');
  if (!pub || !requireTool(t, 'mosquitto')) return;
  const { store, authority } = await fullTestPki();
  await issueDevice(store, authority, { commonName: 'good' });
  const { path } = await revokeCertificate(store, authority, { target: 'esp32-device-001', reason: 'superseded' });
  const { certificate: ca } = await store.readCa();
  const server = await store.readBroker();
  const broker = await startMosquitto({
    ca,
    certificate: server.certificate,
    key: server.key,
    requireCertificate: true,
    extraLines: [`crlfile ${path}`],
  });
  t.after(() => broker.stop());
  const publish = (name: string) => {
    const paths = store.pathsOf('device', name);
    const files = [
      '--cafile',
      store.pathsOf('authority', 'ca').certificate,
      '--cert',
      paths.certificate,
      '--key',
      paths.key,
    ];
    return promisify(execFile)(pub, ['-h', 'localhost', '-p', `${broker.port}`, ...files, '-t', 't', '-m', 'x'], {
      timeout: 10_000,
    });
  };
  await publish('good');
  await assert.rejects(publish('esp32-device-001'));
  await broker.logShows(/certificate verify failed/);
});

test('certificates revoked at the same moment are all on the list', async (t) => {
  const { store, authority } = await testPki();
  const names = Array.from({ length: 3 }, (_, n) => `dev-${n}`);
  for (const commonName of names) await issueDevice(store, authority, { commonName });
  const revoke = (target: string) => revokeCertificate(store, authority, { target, reason: 'unspecified' });
  // the first list is slow to write: a later one must not be replaced by it
  const { rename } = fs;
  let wait = 400;
  t.mock.method(fs, 'rename', async (from: string, to: string) => {
    if (to.endsWith('ca.crl')) {
      const ms = wait;
      wait = 0;
      await delay(ms);
    }
    return rename(from, to);
  });
  await Promise.all(names.map(revoke));
  const list = await readFile(join(store.folder, 'ca/ca.crl'), 'utf8');
  const [block] = readPem(list);
  assert.equal(parseRevocationList(block?.der ?? new Uint8Array()).revoked.length, names.length);
});

test('a revocation list that is damaged is named, and neither dropped nor taken for none', async () => {
  const { store, authority } = await fullTestPki();
  const crl = join(store.folder, 'ca/ca.crl');
  const damaged = '-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n';
  await writeFile(crl, damaged);
  await assert.rejects(writeRevocationList(store, authority), userError('list-damaged', /ca\.crl.*move it away/));
  assert.equal(await readFile(crl, 'utf8'), damaged);
});
