import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { CIPHER_SUITES, suiteName } from '../../../src/core/tls/cipherSuites';
import { requireTool } from '../../support/tools';

describe('cipher suites', () => {
  it('have the numbers and names that OpenSSL has', (t) => {
    const openssl = requireTool(t, 'openssl');
    if (!openssl) return;
    const text = execFileSync(openssl, ['ciphers', '-V', '-stdname', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'], {
      encoding: 'utf8',
    });
    const known = new Map(
      [...text.matchAll(/0x([0-9A-F]{2}),0x([0-9A-F]{2}) - TLS_(\S+)/g)].map((match) => [
        Number.parseInt(`${match[1]}${match[2]}`, 16),
        match[3],
      ]),
    );
    let compared = 0;
    for (const { code, name } of CIPHER_SUITES) {
      const official = known.get(code);
      if (official === undefined) continue; // built out of Debian's OpenSSL: 3DES, RC4, CCM_8 of TLS 1.3
      assert.equal(name, official);
      compared++;
    }
    assert.ok(compared >= 40, String(compared));
  });

  it('are each there once, and unknown ones get their number as a name', () => {
    assert.equal(new Set(CIPHER_SUITES.map(({ code }) => code)).size, CIPHER_SUITES.length);
    assert.equal(suiteName(0xfefe), '0xfefe');
  });
});
