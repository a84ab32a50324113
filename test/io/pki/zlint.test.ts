// zlint (the linter of the public authorities) finds no error in anything that we issue, by the rules of the RFCs. Rules
// for authorities that browsers trust (a country, policies, 398 days) do not apply to a maker's own authority.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { namesFromPattern } from '../../../src/core/pki/fleetNames';
import type { KeyKind } from '../../../src/core/pki/keyKind';
import { parseNameConstraints } from '../../../src/core/pki/nameConstraints';
import { makeRequest, signRequest } from '../../../src/io/pki/certificateRequests';
import { type CertificateStore, openCertificateStore } from '../../../src/io/pki/certificateStore';
import { issueFleet } from '../../../src/io/pki/fleet';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { issueIntermediate } from '../../../src/io/pki/issueIntermediate';
import { renewCertificate } from '../../../src/io/pki/renewCertificate';
import { revokeCertificate } from '../../../src/io/pki/revocationList';
import { PASSPHRASE } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

const SOURCES = 'RFC5280,RFC5480,RFC5891,RFC8813';

/** Mbed TLS and BearSSL refuse a critical extension that they do not know, so this one is not critical. */
const ON_PURPOSE = ['e_ext_name_constraints_not_critical'];

for (const keyKind of ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048'] as const)
  test(`zlint finds no error in certificates and lists with ${keyKind}`, async (t) => {
    const zlint = requireTool(t, 'zlint');
    if (!zlint) return;
    const store = openCertificateStore(join(temporaryFolder('zlint'), 'certs'));
    await issueEveryKind(store, keyKind);
    const files = (await store.list()).map(({ file }) => join(store.folder, file));
    const judged = [...files, join(store.folder, 'ca', 'ca.crl')];
    const lines = execFileSync(zlint, ['-includeSources', SOURCES, ...judged], { encoding: 'utf8' })
      .trim()
      .split('\n');
    assert.equal(lines.length, judged.length);
    for (const [i, line] of lines.entries()) {
      const verdicts = Object.entries(JSON.parse(line) as Record<string, { readonly result: string }>);
      const passed = verdicts.filter(([, { result }]) => result === 'pass').length;
      const failed = verdicts.filter(([, { result }]) => result === 'error' || result === 'fatal');
      assert.ok(passed >= 4, `${judged[i]}: only ${passed} rules were applied`);
      const expected = judged[i]?.includes('Factory') ? ON_PURPOSE : [];
      assert.deepEqual(
        failed.map(([rule]) => rule),
        expected,
        judged[i],
      );
    }
  });

async function issueEveryKind(store: CertificateStore, keyKind: KeyKind): Promise<void> {
  await createAuthority(store, { commonName: 'Workshop CA', passphrase: PASSPHRASE, keyKind });
  const root = await unlockAuthority(store, PASSPHRASE);
  const nameConstraints = parseNameConstraints(['example.com'], ['192.168.0.0/16']);
  await issueIntermediate(store, root, {
    commonName: 'Factory CA',
    passphrase: PASSPHRASE,
    keyKind,
    pathLength: 0,
    ...(nameConstraints ? { nameConstraints } : {}),
  });
  const factory = await unlockAuthority(store, PASSPHRASE, 'Factory CA');
  await issueBroker(store, factory, { hosts: ['mqtt.example.com', '192.168.1.10'], stack: 'mbedtls-3.5', keyKind });
  await issueBroker(store, root, { hosts: ['*.example.com', 'fe80::1'], keyKind });
  const operator = await issueDevice(store, root, { commonName: 'Ann at work', role: 'operator', keyKind });
  await issueDevice(store, root, { commonName: 'board-1', keyKind, crlUrl: 'http://pki.example.com/ca.crl' });
  await renewCertificate(store, root, operator.record, { sameKey: true });
  await issueFleet(store, root, { names: namesFromPattern('dev-{1}', 2), keyKind });
  const { request } = await makeRequest(store, { commonName: 'from-a-request', keyKind });
  await signRequest(store, root, request, { role: 'device' });
  await revokeCertificate(store, root, { target: 'board-1', reason: 'keyCompromise' });
}
