import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { parseNameConstraints } from '../../../src/core/pki/nameConstraints';
import { findRecord } from '../../../src/core/pki/revocation';
import { issueFleet } from '../../../src/io/pki/fleet';
import { issueBroker, issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { intermediateOf, issueIntermediate } from '../../../src/io/pki/issueIntermediate';
import { renewCertificate } from '../../../src/io/pki/renewCertificate';
import { revokeCertificate, splitLists, writeRevocationList } from '../../../src/io/pki/revocationList';
import { buildDeviceClient } from '../../device/build';
import { runDevice } from '../../support/deviceClient';
import { startMosquitto } from '../../support/mosquitto';
import { PASSPHRASE, testPki } from '../../support/pki';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const OWN = 'a passphrase of its own';

/** Root "Test CA", below it "Factory" and "Servers", which issue a device and a broker. */
async function deepPki() {
  const { store, authority } = await testPki();
  const permitted = parseNameConstraints(['localhost', 'example.com'], ['127.0.0.0/8']);
  await issueIntermediate(store, authority, { commonName: 'Factory', passphrase: OWN });
  await issueIntermediate(store, authority, {
    commonName: 'Servers',
    passphrase: PASSPHRASE,
    ...(permitted ? { nameConstraints: permitted } : {}),
  });
  const factory = await unlockAuthority(store, OWN, 'Factory');
  const servers = await unlockAuthority(store, PASSPHRASE, 'Servers');
  await issueBroker(store, servers, { hosts: ['localhost'] });
  await issueDevice(store, factory, { commonName: 'esp32-device-001' });
  return { store, authority, factory, servers };
}

test('what intermediates issued is accepted by openssl, mosquitto, Node and a real Mbed TLS that trust the root alone', async (t) => {
  const { store } = await deepPki();
  const { certificate: ca } = await store.readCa();
  const server = await store.readBroker();
  const device = await store.readDevice('esp32-device-001');
  assert.equal(device.certificate.match(/BEGIN CERTIFICATE/g)?.length, 2); // leaf first, then Factory; never the root
  assert.match(new X509Certificate(device.certificate).subject, /esp32-device-001/);
  assert.match(await readFile(store.pathsOf('intermediate', 'Factory').key, 'utf8'), /BEGIN ENCRYPTED PRIVATE KEY/);

  const openssl = requireTool(t, 'openssl');
  if (!openssl || !requireTool(t, 'mosquitto')) return;
  for (const [role, name, purpose] of [
    ['broker', 'localhost', 'sslserver'],
    ['device', 'esp32-device-001', 'sslclient'],
  ] as const) {
    const file = store.pathsOf(role, name).certificate;
    const trusted = store.pathsOf('authority', 'ca').certificate;
    const words = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', trusted, '-untrusted', file, file];
    assert.match(execFileSync(openssl, words, { encoding: 'utf8', stdio: 'pipe' }), /OK/);
  }
  const broker = await startMosquitto({ ca, ...server, requireCertificate: true });
  t.after(() => broker.stop());
  await new Promise<void>((resolve, reject) => {
    const options = { host: 'localhost', port: broker.port, ca, cert: device.certificate, key: device.key };
    const socket = connect(options, () => {
      assert.ok(socket.authorized);
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
  const program = await buildDeviceClient();
  if (!program) return t.skip('no C compiler or Mbed TLS here');
  const { output, connected } = await runDevice(program, {
    port: broker.port,
    servername: 'localhost',
    ca,
    cert: device.certificate,
    key: device.key,
  });
  assert.ok(connected, output);
});

test('a device of an intermediate is revoked by it; mosquitto refuses that one and lets the others in', async (t) => {
  const { store, authority, factory } = await deepPki();
  await issueDevice(store, factory, { commonName: 'good' });
  await issueDevice(store, authority, { commonName: 'of-the-root' });
  const target = { target: 'esp32-device-001', reason: 'keyCompromise' } as const;
  await assert.rejects(revokeCertificate(store, authority, target), userError('other-issuer', /issued by "Factory"/));
  const { path, entries, notes } = await revokeCertificate(store, factory, target);
  assert.equal(entries, 1);
  assert.match(notes.join(), /"Servers" has no list yet/);
  await writeRevocationList(store, authority);
  assert.equal(splitLists(await readFile(path, 'utf8')).length, 2);
  await writeRevocationList(store, factory); // once more: in the place of its old one
  assert.equal(splitLists(await readFile(path, 'utf8')).length, 2);

  const pub = requireTool(t, 'mosquitto_pub');
  if (!pub || !requireTool(t, 'mosquitto')) return;
  const { certificate: ca } = await store.readCa();
  const server = await store.readBroker();
  const broker = await startMosquitto({ ca, ...server, requireCertificate: true, extraLines: [`crlfile ${path}`] });
  t.after(() => broker.stop());
  const publish = (name: string) => {
    const { certificate, key } = store.pathsOf('device', name);
    const words = ['--cafile', store.pathsOf('authority', 'ca').certificate, '--cert', certificate, '--key', key];
    const where = ['-h', 'localhost', '-p', `${broker.port}`, '-t', 't', '-m', 'x'];
    return promisify(execFile)(pub, [...where, ...words], { timeout: 10_000 });
  };
  await publish('good');
  await publish('of-the-root');
  await assert.rejects(publish('esp32-device-001'));
});

test('a fleet and a renewal carry the chain of their intermediate', async () => {
  const { store, factory } = await deepPki();
  await issueFleet(store, factory, { names: ['dev-1', 'dev-2'], threads: 1 });
  const fleet = await store.readDevice('dev-2');
  assert.equal(fleet.certificate.match(/BEGIN CERTIFICATE/g)?.length, 2);
  assert.ok(new X509Certificate(fleet.certificate).verify(factory.certificate.publicKey));
  const records = await store.list();
  const record = findRecord(records, 'dev-2');
  assert.equal(intermediateOf(records, record), 'Factory');
  await renewCertificate(store, factory, record);
  assert.equal((await store.readDevice('dev-2')).certificate.match(/BEGIN CERTIFICATE/g)?.length, 2);
});

test('limits of an authority are kept: path length, permitted names, its own name', async () => {
  const { store, authority, factory, servers } = await deepPki();
  const below = { commonName: 'Below', passphrase: PASSPHRASE };
  await assert.rejects(issueIntermediate(store, factory, below), userError('path-length', /Let the root sign/));
  await issueIntermediate(store, authority, { commonName: 'Region', passphrase: PASSPHRASE, pathLength: 1 });
  const region = await unlockAuthority(store, PASSPHRASE, 'Region');
  await assert.rejects(
    issueIntermediate(store, region, { ...below, pathLength: 1 }),
    userError('path-length', /may have 0 at most/),
  );
  await issueIntermediate(store, region, below);
  const deep = await unlockAuthority(store, PASSPHRASE, 'Below');
  const { paths } = await issueDevice(store, deep, { commonName: 'deep' });
  assert.equal((await readFile(paths.certificate, 'utf8')).match(/BEGIN CERTIFICATE/g)?.length, 3);

  for (const hosts of [['mqtt.example.org'], ['broker.example.com', '192.168.1.10']])
    await assert.rejects(issueBroker(store, servers, { hosts }), userError('name-constraints', /"Servers" may only/));
  await issueBroker(store, servers, { hosts: ['mqtt.example.com'] });
  await assert.rejects(
    issueIntermediate(store, authority, { commonName: 'Test CA', passphrase: PASSPHRASE }),
    userError('same-name'),
  );
  await assert.rejects(
    issueIntermediate(store, authority, { commonName: 'Factory', passphrase: PASSPHRASE }),
    userError('file-exists'),
  );
  await assert.rejects(unlockAuthority(store, PASSPHRASE, 'Nobody'), userError('not-found', /"Nobody"/));
  await assert.rejects(unlockAuthority(store, PASSPHRASE, 'Factory'), userError('passphrase'));
});

test('an authority far below the root cannot take the name of the root either', async () => {
  const { store, authority } = await testPki();
  await issueIntermediate(store, authority, { commonName: 'Factory', passphrase: OWN, pathLength: 1 });
  const factory = await unlockAuthority(store, OWN, 'Factory');
  const options = { commonName: 'Test CA', passphrase: OWN };
  await assert.rejects(issueIntermediate(store, factory, options), userError('same-name', /"Test CA"/));
});
