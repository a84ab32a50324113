// Every kind of file that people have certificates in, made by OpenSSL and by us.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeRequest } from '../../../src/io/pki/certificateRequests';
import { exportIdentity } from '../../../src/io/pki/exportCertificate';
import { inspectFile } from '../../../src/io/pki/inspectFile';
import { revokeCertificate } from '../../../src/io/pki/revocationList';
import { verifyInStore } from '../../../src/io/pki/verifyInStore';
import { fullTestPki, testPki } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const PASSPHRASE = 'open sesame';

test('certificates, PEM or DER, alone or a chain, and the key that lies with them', async () => {
  const { store } = await fullTestPki();
  const device = await store.readDevice('esp32-device-001');
  const { certificate: ca } = await store.readCa();
  const file = join(temporaryFolder('inspect-file'), 'x');
  const inspect = async (content: string | Uint8Array) => {
    await writeFile(file, content);
    return (await inspectFile(file)).map(({ kind, name, place }) => [kind, name, place]);
  };
  const lineOf = (text: string) => `line ${text.split('\n').length}`;
  assert.deepEqual(await inspect(device.key + device.certificate + ca), [
    ['Private key', 'Private key', 'line 1'],
    ['Certificate', 'esp32-device-001', lineOf(device.key)],
    ['Certificate', 'Test CA', lineOf(device.key + device.certificate)],
  ]);
  assert.deepEqual(await inspect(new X509Certificate(ca).raw), [['Certificate', 'Test CA', undefined]]);
  await assert.rejects(inspect('hello'), userError('pem-missing'));
  await assert.rejects(inspect(new X509Certificate(ca).raw.subarray(0, 90)), userError('der-damaged'));
});

test('a key says its kind and whose it is, and nothing of itself', async () => {
  const { store } = await fullTestPki();
  const { key } = store.pathsOf('device', 'esp32-device-001');
  const [item] = await inspectFile(key);
  assert.deepEqual(item?.facts, [
    ['Key', 'EC P-256'],
    ['Encrypted', 'no'],
    ['Belongs to', 'esp32-device-001'],
  ]);
  await writeFile(key, (await (await fullTestPki()).store.readDevice('esp32-device-001')).key);
  assert.match((await inspectFile(key))[0]?.remarks.join() ?? '', /not the key of the certificate/);
  const [encrypted] = await inspectFile(store.pathsOf('authority', 'ca').key);
  assert.deepEqual(encrypted?.facts, [['Encrypted', 'yes']]);
});

test('a signing request: its wishes, and whether it is genuine', async () => {
  const { store } = await testPki();
  const { request } = await makeRequest(store, { commonName: 'board-7', hosts: ['a.example', '10.0.0.1'] });
  const [item] = await inspectFile(request);
  assert.deepEqual([item?.kind, item?.name, item?.remarks], ['Signing request', 'board-7', []]);
  assert.deepEqual(Object.fromEntries(item?.facts ?? [])['Names'], 'dns:a.example, ip:10.0.0.1');
  const der = Buffer.from((await readFile(request, 'utf8')).replace(/-----.*-----|\s/g, ''), 'base64');
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  await writeFile(request, der);
  assert.match((await inspectFile(request))[0]?.remarks.join() ?? '', /signature is wrong/);
});

test('a revocation list: who is on it and why, and when it is out of date', async () => {
  const { store, authority } = await fullTestPki();
  const { path, record } = await revokeCertificate(store, authority, {
    target: 'esp32-device-001',
    reason: 'keyCompromise',
  });
  const [item] = await inspectFile(path);
  const facts = Object.fromEntries(item?.facts ?? []);
  assert.deepEqual([item?.name, facts['Revoked'], item?.remarks], ['Test CA', '1', []]);
  assert.match(facts[record.serial] ?? '', /^\d{4}-\d\d-\d\d, keyCompromise$/);
  const in350Days = new Date(Date.now() + 350 * 86_400_000);
  assert.match((await inspectFile(path, { now: in350Days }))[0]?.remarks.join() ?? '', /In 1\d days it is out of date/);
  const later = new Date(Date.now() + 400 * 86_400_000);
  assert.match((await inspectFile(path, { now: later }))[0]?.remarks.join() ?? '', /refuses every client/);
});

test("PKCS#12 of ours and of openssl's is looked into with its passphrase, and verified", async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store } = await fullTestPki();
  const [record] = (await store.list()).filter(({ role }) => role === 'device');
  assert.ok(record);
  const { files } = await exportIdentity(store, record, 'p12', { passphrase: PASSPHRASE });
  const theirs = join(temporaryFolder('inspect-file'), 'theirs.pfx');
  const { certificate, key } = store.pathsOf('device', 'esp32-device-001');
  execFileSync(openssl, [
    'pkcs12',
    '-export',
    '-in',
    certificate,
    '-inkey',
    key,
    '-out',
    theirs,
    '-passout',
    `pass:${PASSPHRASE}`,
  ]);
  for (const file of [files[0] ?? '', theirs]) {
    await assert.rejects(inspectFile(file), userError('pkcs12-passphrase', /its passphrase is needed/));
    await assert.rejects(inspectFile(file, { passphrase: 'wrong' }), userError('passphrase'));
    const items = await inspectFile(file, { passphrase: PASSPHRASE });
    assert.deepEqual([items[0]?.name, items.at(-1)?.kind], ['esp32-device-001', 'Private key']);
    assert.deepEqual(items.at(-1)?.facts.at(-1), ['Belongs to', 'esp32-device-001']);
    const { good, facts } = await verifyInStore(store, file, { passphrase: PASSPHRASE });
    assert.ok(good && facts.includes('The key in the file is its key.'), facts.join());
  }
});

test('the certificates of a sketch, each under its name; a damaged one by its line', async () => {
  const { store } = await fullTestPki();
  const { certificate, key } = await store.readDevice('esp32-device-001');
  const { certificate: ca } = await store.readCa();
  const sketch = join(temporaryFolder('inspect-file'), 'lamp.ino');
  const lines = certificate
    .trim()
    .split('\n')
    .map((line) => `  "${line}\\n"`);
  const source = [
    `static const char ROOT_CA[] PROGMEM = R"PEM(\n${ca})PEM";`,
    `const char *CERT =\n${lines.join('\n')};`,
    `static const char KEY[] = R"PEM(\n${key})PEM";`,
  ].join('\n');
  await writeFile(sketch, source);
  assert.deepEqual(
    (await inspectFile(sketch)).map(({ place, name }) => [place, name]),
    [
      ['ROOT_CA', 'Test CA'],
      ['CERT', 'esp32-device-001'],
      ['KEY', 'Private key'],
    ],
  );
  assert.ok((await verifyInStore(store, sketch)).good);
  await writeFile(sketch, source.replace(lines[3] ?? '', ''));
  await assert.rejects(
    inspectFile(sketch),
    userError('pem-damaged', /lamp\.ino: CERT \(line \d+\).*lines are missing/),
  );
  await writeFile(sketch, lines.join('\n')); // a file that is included where the constant should stand
  assert.deepEqual(
    (await inspectFile(sketch)).map(({ name }) => name),
    ['esp32-device-001'],
  );
  await writeFile(sketch, 'void setup() {}');
  await assert.rejects(inspectFile(sketch), userError('pem-missing', /No string constant/));
});
