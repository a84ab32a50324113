// A throw-away certificates folder for tests, made by the product's own engine.
import { join } from 'node:path';
import type { Issuer } from '../../src/io/pki/certificateAuthority';
import { type CertificateStore, openCertificateStore } from '../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../src/io/pki/issueCertificates';
import { temporaryFolder } from './temporaryFolder';

export const PASSPHRASE = 'correct horse battery staple';

export interface TestPki {
  readonly store: CertificateStore;
  readonly authority: Issuer;
}

/** An authority "Test CA"; brokers and devices on demand. */
export async function testPki(name = 'Test CA'): Promise<TestPki> {
  const store = openCertificateStore(join(temporaryFolder('pki'), 'certs'));
  await createAuthority(store, { commonName: name, passphrase: PASSPHRASE });
  return { store, authority: await unlockAuthority(store, PASSPHRASE) };
}

/** The same with a broker for localhost and 127.0.0.1 and the device "esp32-device-001". */
export async function fullTestPki(): Promise<TestPki> {
  const pki = await testPki();
  await issueBroker(pki.store, pki.authority, { hosts: ['localhost', '127.0.0.1'] });
  await issueDevice(pki.store, pki.authority, { commonName: 'esp32-device-001' });
  return pki;
}
