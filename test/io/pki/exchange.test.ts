import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { findRecord } from '../../../src/core/pki/revocation';
import { makeRequest, signRequest } from '../../../src/io/pki/certificateRequests';
import { type ExportFormat, exportIdentity, exportManifest } from '../../../src/io/pki/exportCertificate';
import { fullTestPki, type TestPki, testPki } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

test('a request of ours is one that openssl verifies, and our own authority signs', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store, authority } = await testPki();
  const { request, key } = await makeRequest(store, {
    commonName: 'mqtt.example.com',
    hosts: ['mqtt.example.com', '10.0.0.1'],
  });
  assert.equal((await stat(key)).mode & 0o777, 0o600);
  const text = execFileSync(openssl, ['req', '-in', request, '-verify', '-noout', '-text'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
  assert.match(text, /CN = mqtt\.example\.com[\s\S]*DNS:mqtt\.example\.com, IP Address:10\.0\.0\.1/);
  const { paths } = await signRequest(store, authority, request, { role: 'broker' });
  const certificate = new X509Certificate(await readFile(paths.certificate));
  assert.ok(certificate.checkPrivateKey(createPrivateKey(await readFile(key))));
  assert.ok(certificate.checkIP('10.0.0.1') && certificate.checkHost('mqtt.example.com'));
});

test("openssl's requests are signed, PEM or DER, and cannot make themselves an authority", async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store, authority } = await testPki();
  const folder = temporaryFolder('exchange');
  for (const form of ['PEM', 'DER']) {
    const file = join(folder, form);
    const extension = ['-addext', 'basicConstraints=critical,CA:TRUE', '-outform', form, '-out', file];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${file}.key`];
    execFileSync(openssl, ['req', '-new', ...key, '-subj', `/O=Elsewhere/CN=chip-${form}`, ...extension], {
      stdio: 'pipe',
    });
    const { record, paths } = await signRequest(store, authority, file, { role: 'device' });
    assert.equal(record.name, `chip-${form}`);
    const certificate = new X509Certificate(await readFile(paths.certificate));
    assert.equal(certificate.ca, false);
    assert.equal(certificate.subject, `CN=chip-${form}`);
    await assert.rejects(exportIdentity(store, record, 'pem'), userError('no-key', /made elsewhere/));
  }
});

test('a request that was changed, or is none, is refused', async () => {
  const { store, authority } = await testPki();
  const { request } = await makeRequest(store, { commonName: 'honest-device' });
  const der = Buffer.from((await readFile(request, 'utf8')).replace(/-----.*-----/g, ''), 'base64');
  der[der.indexOf('honest-device')] = 'H'.charCodeAt(0);
  const file = join(temporaryFolder('exchange'), 'x.csr');
  const sign = async (content: string | Buffer) => {
    await writeFile(file, content);
    return signRequest(store, authority, file, { role: 'device' });
  };
  await assert.rejects(sign(der), userError('request-signature'));
  await assert.rejects(sign(der.subarray(0, 50)), userError('request-damaged'));
  await assert.rejects(sign((await store.readCa()).certificate), userError('request-missing'));
  await assert.rejects(sign('hello'), userError('pem-missing', /x\.csr/));
});

const exportDevice = async ({ store }: TestPki, format: ExportFormat, passphrase?: string) =>
  exportIdentity(store, findRecord(await store.list(), 'esp32-device-001'), format, passphrase ? { passphrase } : {});

test('PKCS#12 opens with its passphrase in openssl and in Node, and with no other', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const pki = await fullTestPki();
  const passphrase = 'schlüssel für p12';
  const { files } = await exportDevice(pki, 'p12', passphrase);
  const [file = ''] = files;
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const open = (secret: string) =>
    execFileSync(openssl, ['pkcs12', '-in', file, '-nodes', '-passin', 'env:P', '-info'], {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, P: secret },
    });
  const text = open(passphrase);
  const device = await pki.store.readDevice('esp32-device-001');
  const key = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/.exec(text)?.[0] ?? '';
  assert.ok(createPrivateKey(key).equals(createPrivateKey(device.key)));
  assert.equal(text.match(/BEGIN CERTIFICATE/g)?.length, 2);
  assert.match(text, /friendlyName: esp32-device-001/);
  assert.throws(() => open('another'), /password/);
  createSecureContext({ pfx: await readFile(file), passphrase });
  await assert.rejects(exportDevice(pki, 'p12', 'short'), userError('passphrase'));
});

test('every other format holds the same identity, and git never sees it', async (t) => {
  const openssl = requireTool(t, 'openssl');
  const git = requireTool(t, 'git');
  if (!openssl || !git) return;
  const pki = await fullTestPki();
  const device = await pki.store.readDevice('esp32-device-001');
  const der = await exportDevice(pki, 'der');
  const leaf = der.files.find((f) => f.endsWith('001.der')) ?? '';
  assert.ok(
    new X509Certificate(await readFile(leaf)).fingerprint256 === new X509Certificate(device.certificate).fingerprint256,
  );
  const header = (await exportDevice(pki, 'progmem')).files[0] ?? '';
  assert.ok((await readFile(header, 'utf8')).includes(device.key.trim()));
  const idf = await exportDevice(pki, 'esp-idf');
  assert.deepEqual(
    idf.files.map((f) => f.slice(f.lastIndexOf('/') + 1)),
    ['ca.pem', 'client.crt', 'client.key'],
  );
  assert.match(idf.notes.join(), /EMBED_TXTFILES certs\/ca\.pem/);
  assert.deepEqual((await exportDevice(pki, 'progmem')).files, [header], 'the same again changes nothing');
  await writeFile(header, '// edited by hand');
  await assert.rejects(exportDevice(pki, 'progmem'), userError('file-exists'));
  assert.equal(await readFile(header, 'utf8'), '// edited by hand');
  execFileSync(git, ['init', '-q', pki.store.folder]);
  const seen = execFileSync(git, ['-C', pki.store.folder, 'ls-files', '-o', '--exclude-standard'], {
    encoding: 'utf8',
  });
  assert.doesNotMatch(seen, /export|key/);
});

test("the authority's key is never exported; the manifest has no secrets", async () => {
  const pki = await fullTestPki();
  const ca = findRecord(await pki.store.list(), 'Test CA');
  await assert.rejects(exportIdentity(pki.store, ca, 'pem'), userError('export-authority'));
  const manifest = JSON.parse(await exportManifest(pki.store, 'json')) as { name: string }[];
  assert.deepEqual(
    manifest.map((r) => r.name),
    ['localhost', 'esp32-device-001'],
  );
  assert.match(await exportManifest(pki.store, 'csv'), /^name,role.*\r\nlocalhost,broker,/);
});
