import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { readDeviceIdentity } from '../../../src/io/pki/identityFiles';
import { revokeCertificate } from '../../../src/io/pki/revocationList';
import { checkIdentityFit } from '../../../src/io/provisioning/identityFit';
import { fullTestPki, testPki } from '../../support/pki';
import { issue } from '../../support/testAuthority';

const DEVICE = 'esp32-device-001';

describe('an identity before it goes into a board', () => {
  it('is fine where CA, broker and device belong together', async () => {
    const { store } = await fullTestPki();
    const identity = await readDeviceIdentity(store.folder, DEVICE, Date.now());
    assert.deepEqual(await checkIdentityFit(store.folder, DEVICE, identity), []);
  });

  it('says that a broker will refuse a device of another CA, and that the board will refuse a broker of another', async () => {
    const { store } = await fullTestPki();
    const { store: other } = await testPki('Other CA');
    await copyFile(join(other.folder, 'ca', 'ca.crt'), join(store.folder, 'ca', 'ca.crt'));
    const identity = await readDeviceIdentity(store.folder, DEVICE, Date.now());
    const problems = await checkIdentityFit(store.folder, DEVICE, identity);
    assert.match(
      problems.join('\n'),
      /"esp32-device-001" was not issued by ca\/ca\.crt: a broker that trusts this CA refuses the board/,
    );
    assert.match(
      problems.join('\n'),
      /broker\/localhost\.crt was not issued by ca\/ca\.crt: the board will refuse that broker/,
    );
  });

  it('accepts a device whose intermediate comes with it', async () => {
    const { store } = await fullTestPki();
    const ca = await issue({ cn: 'Root', ca: true, keyUsage: ['keyCertSign'] });
    const between = await issue({ cn: 'Line 3', issuer: ca, ca: true, keyUsage: ['keyCertSign'] });
    const leaf = await issue({ cn: 'd', issuer: between, usages: ['clientAuth'] });
    const identity = { ca: ca.pem, device: `${leaf.pem}${between.pem}`, deviceKey: leaf.keyPem, warnings: [] };
    const problems = await checkIdentityFit(store.folder, 'd', identity);
    assert.ok(
      problems.every((problem) => !problem.includes('"d"')),
      problems.join(),
    );
  });

  it('refuses a revoked certificate', async () => {
    const { store, authority } = await fullTestPki();
    const identity = await readDeviceIdentity(store.folder, DEVICE, Date.now());
    await revokeCertificate(store, authority, { target: DEVICE, reason: 'keyCompromise' });
    await assert.rejects(
      checkIdentityFit(store.folder, DEVICE, identity),
      (e) => e instanceof UserError && e.code === 'certificate-revoked' && /is revoked/.test(e.message),
    );
  });
});
