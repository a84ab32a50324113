import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { test } from 'node:test';
import { exportRegistration } from '../../../src/io/pki/exportRegistration';
import { issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { issueIntermediate } from '../../../src/io/pki/issueIntermediate';
import { revokeCertificate } from '../../../src/io/pki/revocationList';
import { PASSPHRASE, testPki } from '../../support/pki';
import { userError } from '../../support/userError';

test('each device goes with the authority that signed it; revoked ones stay out; nothing is written over', async () => {
  const { store, authority } = await testPki();
  await assert.rejects(exportRegistration(store, 'aws-iot'), userError('no-devices'));
  await issueIntermediate(store, authority, { commonName: 'Factory CA', passphrase: PASSPHRASE });
  const factory = await unlockAuthority(store, PASSPHRASE, 'Factory CA');
  await issueDevice(store, authority, { commonName: 'first' });
  await issueDevice(store, factory, { commonName: 'second' });
  await issueDevice(store, authority, { commonName: 'gone' });
  await revokeCertificate(store, authority, { target: 'gone', reason: 'unspecified' });
  const { files, devices } = await exportRegistration(store, 'aws-iot');
  assert.equal(devices, 2);
  const lines = (await readFile(files.find((file) => file.endsWith('things.jsonl')) ?? '', 'utf8')).trimEnd();
  const things = lines.split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(
    things.map(({ ThingName, CACertificatePem, CertificatePem }) => {
      const [ca, leaf] = [new X509Certificate(CACertificatePem), new X509Certificate(CertificatePem)];
      assert.ok(leaf.verify(ca.publicKey));
      return [ThingName, ca.subject];
    }),
    [
      ['first', 'CN=Test CA'],
      ['second', 'CN=Factory CA'],
    ],
  );
  assert.ok(!files.some((file) => /key/.test(relative(store.folder, file))));
  const again = await exportRegistration(store, 'aws-iot');
  assert.equal(relative(store.folder, dirname(again.files[0] ?? '')), 'export/aws-iot-2');
});
