// A throw-away certificates folder for tests, made by the product's own engine.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Issuer } from '../../src/io/pki/certificateAuthority';
import { type CertificateStore, openCertificateStore } from '../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../src/io/pki/issueCertificates';

export const PASSPHRASE = 'correct horse battery staple';

/** A folder of its own, removed after the test. Give `t` or the `after` of a suite. */
export async function temporaryFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'secure-iot-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestPki {
  readonly store: CertificateStore;
  readonly authority: Issuer;
}

/** An authority "Test CA"; brokers and devices on demand. */
export async function testPki(t: Pick<TestContext, 'after'>, name = 'Test CA'): Promise<TestPki> {
  const store = openCertificateStore(join(await temporaryFolder(t), 'certs'));
  await createAuthority(store, { commonName: name, passphrase: PASSPHRASE });
  return { store, authority: await unlockAuthority(store, PASSPHRASE) };
}

/** The same with a broker for localhost and 127.0.0.1 and the device "esp32-device-001". */
export async function fullTestPki(t: Pick<TestContext, 'after'>): Promise<TestPki> {
  const pki = await testPki(t);
  await issueBroker(pki.store, pki.authority, { hosts: ['localhost', '127.0.0.1'] });
  await issueDevice(pki.store, pki.authority, { commonName: 'esp32-device-001' });
  return pki;
}
