import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { boardTable } from '../../../src/core/tls/boardTable';
import type { ProbeReport } from '../../../src/core/tls/probeReport';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { verifySignature } from '../../../src/io/pki/signatureCheck';
import { healthyReport } from '../../support/probeReport';
import { goodSet, issue } from '../../support/testAuthority';

let set: Awaited<ReturnType<typeof goodSet>>;
before(async () => {
  set = await goodSet();
});
const table = (changes: Partial<ProbeReport> = {}, anchors = [set.ca]) =>
  boardTable(
    healthyReport([set.broker], changes),
    anchors.map(({ der }) => parseCertificate(der)),
    verifySignature,
  );
const verdicts = (rows: ReturnType<typeof table>) => rows.map(({ board, verdict }) => `${board}: ${verdict}`);

describe('Will it work on my board?', () => {
  it('works on all six, says the heap, and what saves some of it', () => {
    const rows = table();
    assert.ok(rows.every(({ verdict, why, code }) => verdict === 'works' && why === '' && code === ''));
    assert.match(rows[0]?.heap ?? '', /about 22 KB/);
    assert.match(rows[0]?.change ?? '', /setBufferSizes\(512, 512\)/);
    assert.match(rows.find(({ board }) => board === 'ESP-IDF 5.x')?.change ?? '', /CONFIG_MBEDTLS_DYNAMIC_BUFFER/);
    assert.equal(rows.find(({ board }) => board === 'ESP32 Arduino 3.x')?.change, '');
  });

  it('knows that Mbed TLS 4 dropped the RSA key exchange, which the others still have', () => {
    const rows = table({ suites: { '1.0': [], '1.1': [], '1.2': [0x009c], '1.3': [] } });
    assert.deepEqual(verdicts(rows).slice(-2), ['ESP-IDF 5.x: works', 'ESP-IDF 6.x: fails']);
    assert.equal(rows.at(-1)?.code, '-0x7780');
  });

  it('lets only the older stacks into a broker with nothing newer than TLS 1.1', () => {
    const refused = { offered: false, alert: 70 };
    const versions = { '1.0': refused, '1.1': { offered: true }, '1.2': refused, '1.3': refused };
    const rows = table({ versions, suites: { '1.0': [], '1.1': [0xc00a], '1.2': [], '1.3': [] } });
    assert.deepEqual(
      rows.map(({ verdict, code }) => `${verdict} ${code}`.trim()),
      ['works', 'works', 'fails -0x6E80', 'works', 'fails -0x6E80', 'fails -0x6E80'],
    );
  });

  it('has ChaCha20 on the ESP8266 only', () => {
    const works = table({ suites: { '1.0': [], '1.1': [], '1.2': [0xcca9], '1.3': [] } }).filter(
      ({ verdict }) => verdict === 'works',
    );
    assert.deepEqual(
      works.map(({ board }) => board),
      ['ESP8266 Arduino (BearSSL)'],
    );
  });

  it('fails with the code that each board prints, why, and what to change', () => {
    const [esp8266, arduino2] = table({ servername: 'broker.example.com' });
    assert.deepEqual([esp8266?.code, arduino2?.code], ['BearSSL error 56', '-0x2700']);
    assert.match(arduino2?.why ?? '', /connects to broker\.example\.com; the certificate has localhost/);
    assert.match(arduino2?.change ?? '', /Issue a broker certificate with that name/);
  });

  it('names the issuer of the client certificate that is missing', () => {
    const rows = table({
      clientCertificate: { wanted: true, required: true, acceptedIssuers: ['CN=Our CA'] },
      mqtt: {
        withIdentity: { outcome: 'tls-refused', alert: 116, message: '' },
        anonymous: { outcome: 'tls-refused', alert: 116, message: '' },
      },
    });
    assert.ok(rows.every(({ verdict }) => verdict === 'fails'));
    assert.match(rows[1]?.change ?? '', /client certificate from CN=Our CA/);
  });

  it('fails too where the broker closes without a word on a certificate that it does not take', () => {
    const mqtt = {
      withIdentity: { outcome: 'no-answer' },
      anonymous: { outcome: 'tls-refused', alert: 116, message: '' },
    } as const;
    const rows = table({ clientCertificate: { wanted: true, required: true, acceptedIssuers: [] }, mqtt });
    assert.ok(rows.every(({ verdict }) => verdict === 'fails'));
    assert.deepEqual([rows[0]?.code, rows[1]?.code], ['', '-0x7280']);
  });

  it('says that a login is wanted where TLS is through', () => {
    const mqtt = { withIdentity: { outcome: 'refused', code: 5 }, anonymous: { outcome: 'refused', code: 5 } } as const;
    assert.match(table({ mqtt })[1]?.change ?? '', /user name and a password/);
  });

  it('does not guess about trust when the CA of the board is not known', async () => {
    assert.ok(table({}, []).every(({ verdict }) => verdict === 'unknown'));
    const other = await issue({ cn: 'Another CA', ca: true });
    assert.equal(table({}, [other])[0]?.code, 'BearSSL error 62');
  });
});
