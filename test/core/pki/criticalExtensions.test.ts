import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateRemarks } from '../../../src/core/pki/certificateRemarks';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { refusedExtension, type Verifier } from '../../../src/core/x509/criticalExtensions';
import { criticalExtension, issue, type TestRequest } from '../../support/testAuthority';

const SAN: NonNullable<TestRequest['san']> = [{ type: 'dns', value: 'mqtt.local' }];
const VERIFIERS: readonly Verifier[] = ['openssl', 'mbedtls', 'mbedtls-3.6', 'bearssl'];

/** Who refuses it. test/device and verifyAgreement hold this against the libraries themselves. */
const CASES: readonly (readonly [what: string, oid: string, value: string, refusing: readonly Verifier[]])[] = [
  ['an unknown one', '1.2.3.4.5', '0500', VERIFIERS],
  ['the subject key id', '2.5.29.14', '040401020304', ['openssl', 'mbedtls']],
  ['name constraints', '2.5.29.30', '3000', ['mbedtls', 'mbedtls-3.6', 'bearssl']],
  ['CRL distribution points', '2.5.29.31', '3000', ['mbedtls', 'mbedtls-3.6']],
  ['any policy', '2.5.29.32', '300830060604551d2000', []],
  ['a policy of its own', '2.5.29.32', '3007300506032a0304', ['mbedtls', 'mbedtls-3.6']],
  [
    'a policy with a notice',
    '2.5.29.32',
    '3017301506032a0304300e300c06082b060105050702023000',
    ['mbedtls', 'mbedtls-3.6', 'bearssl'],
  ],
];
for (const [what, oid, value, refusing] of CASES)
  test(`critical: ${what} is refused by ${refusing.join(', ') || 'nobody'}`, async () => {
    const { der } = await issue({ cn: 'x', bare: true, extensions: [criticalExtension(oid, value)] });
    const certificate = parseCertificate(der);
    const found = VERIFIERS.filter((verifier) => refusedExtension(certificate, verifier));
    assert.deepEqual(found, refusing);
  });

test('the remark names the extension and who minds it; a device’s own certificate is for brokers alone', async () => {
  const remarks = async (request: TestRequest): Promise<string> =>
    certificateRemarks(parseCertificate((await issue(request)).der), Date.now()).join(' ');
  const server = await remarks({ cn: 'x', san: SAN, extensions: [criticalExtension('2.5.29.31', '3000')] });
  assert.match(
    server,
    /Its critical extension CRL distribution points \(2\.5\.29\.31\) is not known to ESP32 boards \(Mbed TLS\):/,
  );
  const device = { cn: 'x', usages: ['clientAuth'] } as const;
  assert.doesNotMatch(await remarks({ ...device, extensions: [criticalExtension('2.5.29.31', '3000')] }), /critical/);
  assert.match(
    await remarks({ ...device, extensions: [criticalExtension('1.2.3.4')] }),
    /brokers and PCs \(OpenSSL\):/,
  );
});
