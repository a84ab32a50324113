import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { reportSections } from '../../../src/core/tls/probeSections';
import { healthyReport } from '../../support/probeReport';
import { goodSet, issue, type TestIdentity, type TestRequest } from '../../support/testAuthority';

let ca: TestIdentity;
before(async () => {
  ({ ca } = await goodSet());
});

/** What the report says of a broker's certificate made as `request`, one line for each check. */
async function checksOf(request: TestRequest): Promise<string> {
  const leaf = await issue({ cn: 'localhost', issuer: ca, san: [{ type: 'dns', value: 'localhost' }], ...request });
  const checks = reportSections(healthyReport([leaf, ca])).flatMap((section) => section.checks);
  return checks.map(({ result, label, detail }) => `${result} ${label}: ${detail}`).join('\n');
}

describe('the certificate section of a TLS test', () => {
  it('judges what the certificate is for', async () => {
    assert.match(await checksOf({ usages: ['serverAuth'] }), /^passed Purpose: serverAuth$/m);
    assert.match(await checksOf({ usages: ['clientAuth'] }), /^failed Purpose: clientAuth$/m);
    assert.match(await checksOf({ usages: ['serverAuth', 'clientAuth'] }), /^passed Purpose: serverAuth, clientAuth$/m);
    assert.match(await checksOf({}), /^info Purpose: No extended key usage/m);
  });

  it('says from when to when it is valid', async () => {
    const day = 86_400_000;
    const early = await checksOf({
      notBefore: new Date(Date.now() + 2 * day),
      notAfter: new Date(Date.now() + 9 * day),
    });
    assert.match(early, /^failed Dates: Valid only from \d{4}-/m);
    const late = await checksOf({
      notBefore: new Date(Date.now() - 9 * day),
      notAfter: new Date(Date.now() - 2 * day),
    });
    assert.match(late, /^failed Dates: Expired on \d{4}-/m);
  });

  it('names key and signature, and refuses SHA-1', async () => {
    assert.match(await checksOf({}), /^info Key and signature: .*P-256.*SHA256/m);
    assert.match(
      await checksOf({ issuer: await weakAuthority(), hash: 'SHA-1' }),
      /^failed Key and signature: .*ESP32 refuses$/m,
    );
  });

  it('lists the names it is good for', async () => {
    assert.match(await checksOf({}), /^passed Subject alternative names: .*localhost/m);
  });
});

function weakAuthority(): Promise<TestIdentity> {
  return issue({ cn: 'Old CA', ca: true, key: 'rsa-2048', hash: 'SHA-1' });
}
