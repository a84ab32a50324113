import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { issueIntermediate } from '../../../src/io/pki/issueIntermediate';
import { verifyCertificate } from '../../../src/io/pki/verifyCertificate';
import { fullTestPki, testPki } from '../../support/pki';
import { userError } from '../../support/userError';

test('a good certificate: chain, purpose, dates and key are told', async () => {
  const { store } = await fullTestPki();
  const { certificate } = store.pathsOf('device', 'esp32-device-001');
  const result = await verifyCertificate(certificate, {
    trusted: (await store.readCa()).certificate,
    trustedSource: 'ca.crt',
  });
  assert.equal(result.good, true);
  assert.deepEqual(result.chain, ['esp32-device-001', 'Test CA']);
  assert.match(result.facts.join(' '), /clientAuth.*Its key matches/);
});

test('what is wrong is said: another authority of the same name, dates, revocation, a foreign key', async () => {
  const { store } = await fullTestPki();
  const other = await fullTestPki();
  const { certificate, key } = store.pathsOf('device', 'esp32-device-001');
  const trusted = (await store.readCa()).certificate;
  const check = async (options = {}) =>
    (await verifyCertificate(certificate, { trusted, trustedSource: 'ca.crt', ...options })).problems.join(' ');
  assert.match(
    await check({ trusted: (await other.store.readCa()).certificate }),
    /different authority of the same name/,
  );
  const stranger = await testPki('Stranger CA');
  assert.match(
    await check({ trusted: (await stranger.store.readCa()).certificate }),
    /no such authority \(it holds "Stranger CA"\)/,
  );
  assert.match(await check({ now: new Date('2080-01-01') }), /expired on 20/);
  assert.match(await check({ now: new Date('2020-01-01') }), /valid only from/);
  const serial = (await store.list()).find((r) => r.role === 'device')?.serial;
  assert.match(await check({ revoked: new Set([serial]) }), /revoked/);
  await rm(key);
  await writeFile(key, (await other.store.readDevice('esp32-device-001')).key);
  assert.match(await check(), /not the key of this certificate/);
});

test('a damaged PEM names its line', async () => {
  const { store } = await fullTestPki();
  const { certificate } = store.pathsOf('device', 'esp32-device-001');
  const good = (await store.readCa()).certificate;
  await rm(certificate);
  await writeFile(certificate, `# ours\n${good.replace(/\n(?=[A-Za-z0-9+/]{10})/, '\nAAAA')}`);
  await assert.rejects(
    verifyCertificate(certificate, { trusted: good, trustedSource: 'ca.crt' }),
    userError('pem-damaged', /line \d+/),
  );
});

test('a chain through a revoked intermediate authority does not verify', async () => {
  const { store, authority } = await testPki();
  const passphrase = 'a passphrase of its own';
  const made = await issueIntermediate(store, authority, { commonName: 'Factory', passphrase });
  await issueDevice(store, await unlockAuthority(store, passphrase, 'Factory'), { commonName: 'dev-1' });
  const { certificate } = store.pathsOf('device', 'dev-1');
  const { problems } = await verifyCertificate(certificate, {
    trusted: (await store.readCa()).certificate,
    trustedSource: 'ca.crt',
    revoked: new Set([made.record.serial]),
  });
  assert.deepEqual(problems, ['Factory is revoked.']);
});
