import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCertificateStore } from '../../../src/io/pki/certificateStore';
import { importAuthority } from '../../../src/io/pki/importAuthority';
import { issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { fullTestPki, PASSPHRASE } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { userError } from '../../support/userError';

const emptyStore = async () => openCertificateStore(join(temporaryFolder('import-authority'), 'certs'));

/** An authority as people make it with openssl; its key encrypted with "old secret". */
async function opensslAuthority(openssl: string, key: readonly string[], days = '100') {
  const folder = temporaryFolder('import-authority');
  const files = ['-keyout', join(folder, 'ca.key'), '-out', join(folder, 'ca.crt'), '-passout', 'pass:old secret'];
  const subject = ['-subj', '/C=DE/O=Our Firm/CN=Firm Root', '-days', days];
  execFileSync(openssl, ['req', '-x509', '-new', ...key, ...subject, ...files], { stdio: 'pipe' });
  const [certificate, keyPem] = [
    await readFile(join(folder, 'ca.crt'), 'utf8'),
    await readFile(join(folder, 'ca.key'), 'utf8'),
  ];
  const sources = { source: 'ca.crt', keySource: 'ca.key', keyPassphrase: 'old secret', passphrase: PASSPHRASE };
  return { certificate, key: keyPem, ...sources };
}

for (const key of [
  ['-newkey', 'rsa:2048'],
  ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
])
  test(`an authority of openssl (${key.at(-1)}) is taken over, and what it signs verifies`, async (t) => {
    const openssl = requireTool(t, 'openssl');
    if (!openssl) return;
    const store = await emptyStore();
    const { notes } = await importAuthority(store, await opensslAuthority(openssl, key));
    assert.match(notes[0] ?? '', /no key usage/); // which "openssl req -x509" of Debian 12 leaves out
    assert.match(await store.readCaKey(), /BEGIN ENCRYPTED PRIVATE KEY/);
    const { paths, record } = await issueDevice(store, await unlockAuthority(store, PASSPHRASE), { commonName: 'd1' });
    assert.equal(record.issuer, 'Firm Root');
    const ca = store.pathsOf('authority', 'ca').certificate;
    execFileSync(openssl, ['verify', '-CAfile', ca, '-purpose', 'sslclient', paths.certificate]);
  });

test('a wrong passphrase, a foreign key, a leaf and an existing authority are refused', async (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const store = await emptyStore();
  const good = await opensslAuthority(openssl, ['-newkey', 'rsa:2048']);
  const other = await fullTestPki();
  const device = await other.store.readDevice('esp32-device-001');
  await assert.rejects(importAuthority(store, { ...good, keyPassphrase: 'wrong' }), userError('passphrase', /ca\.key/));
  await assert.rejects(importAuthority(store, { ...good, key: device.key }), userError('key-mismatch'));
  await assert.rejects(
    importAuthority(store, { ...good, ...device }),
    userError('not-an-authority', /not a broker's or a device's/),
  );
  await assert.rejects(importAuthority(store, { ...good, certificate: device.key }), userError('no-certificate'));
  assert.deepEqual(await store.list(), []);
  await assert.rejects(importAuthority(other.store, good), userError('file-exists'));
});
