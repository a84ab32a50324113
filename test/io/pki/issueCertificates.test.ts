import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { appendFile, chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { findRecord } from '../../../src/core/pki/revocation';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { writeNewFile } from '../../../src/io/files/newFile';
import { openCertificateStore } from '../../../src/io/pki/certificateStore';
import { listDevices } from '../../../src/io/pki/identityFiles';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { generatePrivateKey, privateKeyPem } from '../../../src/io/pki/keyPair';
import { renewCertificate } from '../../../src/io/pki/renewCertificate';
import { fullTestPki, PASSPHRASE, testPki } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { issue } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

test('openssl verifies every certificate strictly, for its own purpose and no other', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store } = await fullTestPki();
  const ca = store.pathsOf('authority', 'ca').certificate;
  const verify = (purpose: string, file: string, ...more: string[]) =>
    execFileSync(openssl, ['verify', '-x509_strict', '-CAfile', ca, '-purpose', purpose, ...more, file], {
      stdio: 'pipe',
    });
  const broker = store.pathsOf('broker', 'localhost').certificate;
  const device = store.pathsOf('device', 'esp32-device-001').certificate;
  verify('sslserver', broker, '-verify_hostname', 'localhost');
  verify('sslserver', broker, '-verify_ip', '127.0.0.1');
  verify('sslclient', device);
  verify('any', ca);
  assert.throws(() => verify('sslclient', broker));
  assert.throws(() => verify('sslserver', device));
});

for (const [ca, leaf] of [
  ['ecdsa-p384', 'ecdsa-p256'],
  ['rsa-2048', 'rsa-2048'],
  ['ecdsa-p256', 'ecdsa-p384'],
] as const)
  test(`a ${leaf} device under a ${ca} authority passes openssl too`, async (t) => {
    const openssl = requireTool(t, 'openssl');
    if (!openssl) return;
    const store = openCertificateStore(join(temporaryFolder('issue-certificates'), 'certs'));
    await createAuthority(store, { commonName: 'CA', passphrase: PASSPHRASE, keyKind: ca });
    const authority = await unlockAuthority(store, PASSPHRASE);
    const { paths } = await issueDevice(store, authority, { commonName: 'd1', keyKind: leaf });
    const anchor = store.pathsOf('authority', 'ca').certificate;
    execFileSync(openssl, ['verify', '-x509_strict', '-CAfile', anchor, '-purpose', 'sslclient', paths.certificate]);
  });

test('what the boards cannot verify is refused before anything is written: the leaf, and the authority above it', async () => {
  const { store, authority } = await testPki();
  const options = { commonName: 'd1', stack: 'bearssl-basic' } as const;
  await assert.rejects(issueDevice(store, authority, options), userError('stack-algorithm', /for "d1"/));
  await assert.rejects(
    issueDevice(store, authority, { ...options, keyKind: 'rsa-2048' }),
    userError('stack-algorithm', /"Test CA" signs: its key is ECDSA P-256/),
  );
  await assert.rejects(
    issueBroker(store, authority, { hosts: ['localhost'], stack: 'bearssl-basic' }),
    userError('stack-algorithm'),
  );
  assert.deepEqual(
    (await store.list()).map(({ role }) => role),
    ['authority'],
  );
  assert.ok(!(await store.hasKey('device', 'd1')));
});

test('extensions are exactly those of the profile', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const { store } = await fullTestPki();
  const text = (role: 'authority' | 'broker' | 'device', name: string) =>
    execFileSync(openssl, ['x509', '-noout', '-text', '-in', store.pathsOf(role, name).certificate], {
      encoding: 'utf8',
    })
      .split('X509v3 extensions:')[1]!
      .replace(/(?:[0-9A-F]{2}:){19}[0-9A-F]{2}/g, 'KEYID')
      .split('Signature Algorithm')[0]!
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  assert.deepEqual(text('authority', 'ca'), [
    'X509v3 Subject Key Identifier:',
    'KEYID',
    'X509v3 Key Usage: critical',
    'Certificate Sign, CRL Sign',
    'X509v3 Basic Constraints: critical',
    'CA:TRUE',
  ]);
  assert.deepEqual(text('broker', 'localhost'), [
    'X509v3 Authority Key Identifier:',
    'KEYID',
    'X509v3 Subject Key Identifier:',
    'KEYID',
    'X509v3 Key Usage: critical',
    'Digital Signature',
    'X509v3 Subject Alternative Name:',
    'DNS:localhost, DNS:127.0.0.1, IP Address:127.0.0.1',
    'X509v3 Basic Constraints: critical',
    'CA:FALSE',
    'X509v3 Extended Key Usage:',
    'TLS Web Server Authentication',
  ]);
  assert.ok(text('device', 'esp32-device-001').includes('TLS Web Client Authentication'));
});

test('keys are 0600, the CA key is encrypted, and git ignores keys', {
  skip: process.platform === 'win32',
}, async (t) => {
  const { store } = await fullTestPki();
  for (const [role, name] of [
    ['authority', 'ca'],
    ['broker', 'localhost'],
    ['device', 'esp32-device-001'],
  ] as const)
    assert.equal((await stat(store.pathsOf(role, name).key)).mode & 0o777, 0o600);
  assert.match(await store.readCaKey(), /BEGIN ENCRYPTED PRIVATE KEY/);
  const git = requireTool(t, 'git');
  if (!git) return;
  execFileSync(git, ['init', '-q', store.folder]);
  const untracked = execFileSync(git, ['-C', store.folder, 'ls-files', '-o', '--exclude-standard'], {
    encoding: 'utf8',
  });
  assert.deepEqual(untracked.trim().split('\n').sort(), [
    '.gitignore',
    'broker/localhost.crt',
    'ca/ca.crt',
    'devices/esp32-device-001.crt',
    'inventory.json',
  ]);
});

test('a .gitignore that is there already keeps its lines and gets ours', async () => {
  const { store } = await testPki();
  const path = join(store.folder, '.gitignore');
  await writeFile(path, 'mine');
  await store.prepare();
  await store.prepare();
  assert.deepEqual((await readFile(path, 'utf8')).split('\n').slice(0, 2), ['mine', '/export/']);
  assert.equal((await readFile(path, 'utf8')).match(/^\*\.key$/gm)?.length, 1);
});

test('the .gitignore is written before the first key', async () => {
  const folder = join(temporaryFolder('issue-certificates'), 'certs');
  await mkdir(folder);
  await mkdir(join(folder, '.gitignore')); // cannot become a file
  const store = openCertificateStore(folder);
  await assert.rejects(createAuthority(store, { commonName: 'CA', passphrase: PASSPHRASE }), userError('file-write'));
  assert.deepEqual(await readdir(folder), ['.gitignore']);
});

test('nothing is overwritten: not the authority, not a broker, not a device', async () => {
  const { store, authority } = await fullTestPki();
  const before = await readFile(store.pathsOf('device', 'esp32-device-001').key, 'utf8');
  await assert.rejects(
    createAuthority(store, { commonName: 'New', passphrase: PASSPHRASE }),
    userError('file-exists', /ca\.crt/),
  );
  await assert.rejects(issueBroker(store, authority, { hosts: ['localhost'] }), userError('file-exists'));
  await assert.rejects(issueDevice(store, authority, { commonName: 'esp32-device-001' }), userError('file-exists'));
  assert.equal(await readFile(store.pathsOf('device', 'esp32-device-001').key, 'utf8'), before);
  assert.equal((await store.list()).length, 3);
});

test('an address in the place of a broker name is told from a name', async () => {
  const { store, authority } = await testPki();
  for (const [commonName, says] of [
    ['mqtts://mqtt.example.com:8883', /give the name alone, "mqtt\.example\.com"/],
    ['mqtt.example.com:8883', /without the port/],
  ] as const)
    await assert.rejects(
      async () => issueBroker(store, authority, { commonName, hosts: [] }),
      userError('dns-name', says),
    );
});

test('an authority key without a certificate is not overwritten either', async () => {
  const { store } = await testPki();
  const { certificate, key } = store.pathsOf('authority', 'ca');
  const { rm } = await import('node:fs/promises');
  await rm(certificate);
  await assert.rejects(
    createAuthority(store, { commonName: 'New', passphrase: PASSPHRASE }),
    userError('file-exists', /ca\.key/),
  );
  assert.match(await readFile(key, 'utf8'), /ENCRYPTED/);
});

test('a device key that a killed run left is used, not lost', async () => {
  const { store, authority } = await testPki();
  const { key } = store.pathsOf('device', 'd1');
  const pem = privateKeyPem(await generatePrivateKey('ecdsa-p256'));
  await mkdir(join(key, '..'));
  await writeFile(key, pem);
  await issueDevice(store, authority, { commonName: 'd1' });
  const identity = await store.readDevice('d1');
  assert.equal(identity.key, pem);
  assert.ok(new X509Certificate(identity.certificate).checkIssued(authority.certificate));
});

test('a wrong passphrase is a clear error', async () => {
  const { store } = await testPki();
  await assert.rejects(
    unlockAuthority(store, 'not the passphrase'),
    userError('passphrase', /does not open .*ca\.key/),
  );
});

test('a leaf in the place of the authority is refused', async () => {
  const { store, authority } = await testPki();
  await issueDevice(store, authority, { commonName: 'd1' });
  const ca = store.pathsOf('authority', 'ca');
  await writeFile(ca.certificate, (await store.readDevice('d1')).certificate);
  await assert.rejects(unlockAuthority(store, PASSPHRASE), userError('not-an-authority'));
});

test("another authority's certificate in its place is noticed", async () => {
  const { store } = await testPki();
  const other = await testPki('Other');
  await writeFile(store.pathsOf('authority', 'ca').certificate, (await other.store.readCa()).certificate);
  await assert.rejects(unlockAuthority(store, PASSPHRASE), userError('key-mismatch'));
});

test('no authority yet: the error says how to make one', async () => {
  const store = openCertificateStore(join(temporaryFolder('issue-certificates'), 'certs'));
  await assert.rejects(unlockAuthority(store, PASSPHRASE), userError('not-found', /Generate Certificates/));
  await assert.rejects(store.readBroker(), userError('not-found'));
  assert.deepEqual(await store.list(), []);
});

test('a file in the place of the folder is a clear error and stays', async () => {
  const path = join(temporaryFolder('issue-certificates'), 'certs');
  await writeFile(path, 'hello');
  const store = openCertificateStore(path);
  await assert.rejects(
    createAuthority(store, { commonName: 'CA', passphrase: PASSPHRASE }),
    userError('file-write', /a file stands where a folder should be/),
  );
  assert.equal(await readFile(path, 'utf8'), 'hello');
});

test('a read-only folder is a clear error, and no key is left in it', async () => {
  const { store, authority } = await testPki();
  const devices = join(store.folder, 'devices');
  await mkdir(devices, { recursive: true });
  await chmod(devices, 0o555);
  const root = process.getuid?.() === 0; // root may write everywhere, so it steps down for the call
  if (root) process.seteuid?.(65534);
  try {
    await assert.rejects(
      issueDevice(store, authority, { commonName: 'lamp' }),
      userError('file-write', /you have no right to write there .*Nothing was changed there\./),
    );
  } finally {
    if (root) process.seteuid?.(0);
    await chmod(devices, 0o755);
  }
  assert.deepEqual(await readdir(devices), []);
});

test('validity is set back an hour and ends with the authority', async () => {
  const { store, authority } = await testPki();
  const now = new Date();
  const { record, notes } = await issueDevice(store, authority, { commonName: 'd1', days: 36_500, now });
  assert.equal(record.notAfter, new Date(authority.certificate.validTo).toISOString());
  assert.match(notes.join(), /must not outlive/);
  assert.ok(now.getTime() - Date.parse(record.notBefore) >= 3_600_000 - 5000);
});

test('serial numbers are positive, up to 128 bits, and never repeat', async () => {
  const { store, authority } = await testPki();
  const serials = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const { record } = await issueDevice(store, authority, { commonName: `d${i}` });
    assert.match(record.serial, /^[0-9A-F]{32}$/);
    serials.add(record.serial);
  }
  assert.equal(serials.size, 20);
});

test('the list also has certificates that were copied in by hand, and never a broken one', async () => {
  const { store } = await testPki();
  const other = await fullTestPki();
  await mkdir(join(store.folder, 'devices'));
  await writeFile(
    join(store.folder, 'devices/copied.crt'),
    (await other.store.readDevice('esp32-device-001')).certificate,
  );
  await writeFile(join(store.folder, 'devices/broken.crt'), 'not a certificate');
  const list = await store.list();
  assert.deepEqual(
    list.map((r) => [r.role, r.name, r.file]),
    [
      ['authority', 'Test CA', 'ca/ca.crt'],
      ['device', 'esp32-device-001', 'devices/copied.crt'],
    ],
  );
});

test('a damaged inventory stops the issuing instead of being replaced', async () => {
  const { store, authority } = await testPki();
  await appendFile(join(store.folder, 'inventory.json'), 'x');
  await assert.rejects(issueDevice(store, authority, { commonName: 'd1' }), userError('inventory'));
  assert.match(await readFile(join(store.folder, 'inventory.json'), 'utf8'), /Test CA/);
});

test('a record of a fleet that cannot be read is not taken for none, and nothing is issued', async () => {
  const { store, authority } = await testPki();
  await mkdir(store.ledgerPath);
  await assert.rejects(issueDevice(store, authority, { commonName: 'lamp' }), userError('file-read', /fleet\.jsonl/));
  await assert.rejects(store.readInventory(), userError('file-read', /fleet\.jsonl/));
});

test('a .gitignore that cannot be read is not written over', async (t) => {
  if (process.platform === 'win32') return t.skip('symbolic links need rights there');
  const folder = temporaryFolder('gitignore');
  await symlink('.gitignore', join(folder, '.gitignore'));
  const create = createAuthority(openCertificateStore(folder), { commonName: 'Test CA', passphrase: PASSPHRASE });
  await assert.rejects(create, userError('file-write', /\.gitignore: its symbolic links/));
  assert.deepEqual(await readdir(folder), ['.gitignore']);
  return undefined;
});

test('many issued at once all end up in the inventory', async () => {
  const { store, authority } = await testPki();
  await Promise.all(Array.from({ length: 8 }, (_, i) => issueDevice(store, authority, { commonName: `d${i}` })));
  assert.equal((await store.readInventory()).length, 9);
});

test('a key that came meanwhile and is another one is neither overwritten nor given that certificate', async () => {
  const { store, authority } = await testPki();
  const { key, certificate } = store.pathsOf('device', 'dev-1');
  const made = await testPki('Another');
  await issueDevice(made.store, made.authority, { commonName: 'dev-1' });
  const foreign = await made.store.readDevice('dev-1');
  await issueDevice(store, authority, { commonName: 'dev-2' });
  const { certificate: pem, key: own } = await store.readDevice('dev-2');
  await writeNewFile(key, foreign.key);
  await assert.rejects(
    store.add('device', 'dev-1', { certificate: pem, key: own }),
    userError('file-exists', /dev-1\.key/),
  );
  await assert.rejects(store.add('device', 'dev-1', { certificate: pem }), userError('file-exists', /dev-1\.key/));
  assert.equal(await readFile(key, 'utf8'), foreign.key);
  await assert.rejects(readFile(certificate), /ENOENT/);
});

test('a name with a comma or a plus is the same in the certificate, the record, the files and after a renewal', async () => {
  const { store, authority } = await testPki();
  for (const name of ['pump,1', 'a+b=c', 'Ann (Lab)']) {
    const { record } = await issueDevice(store, authority, { commonName: name });
    assert.equal(record.name, name);
    const again = await renewCertificate(store, authority, findRecord(await store.list(), name));
    assert.equal(again.record.name, name);
    const { certificate } = await store.readDevice(name);
    assert.equal(parseCertificate(new X509Certificate(certificate).raw).subject.commonName, name);
  }
  assert.deepEqual((await listDevices(store.folder)).sort(), ['Ann (Lab)', 'a+b=c', 'pump,1']);
});

test('a certificate that was copied in under a name that no file can have hides no other device', async () => {
  const { store } = await fullTestPki();
  const odd = await issue({ cn: 'odd;one' });
  await writeFile(join(store.folder, 'devices/odd.crt'), odd.pem);
  assert.ok((await store.list()).some(({ name }) => name === 'odd;one'));
  assert.deepEqual(await listDevices(store.folder), ['esp32-device-001']);
});
