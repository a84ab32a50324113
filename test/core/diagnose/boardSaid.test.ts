import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import type { Finding } from '../../../src/core/decode/finding';
import { agreement, boardSaid } from '../../../src/core/diagnose/boardSaid';
import { markdownReport } from '../../../src/core/diagnose/report';
import type { CauseId, Verdict } from '../../../src/core/diagnose/verdict';

function printed(line: string): Finding {
  const decoder = createDecoder();
  const [finding] = [...decoder.next(line), ...decoder.end()];
  assert.ok(finding, line);
  return finding;
}

const verdict = (cause: CauseId): Verdict => ({
  cause,
  certainty: 'proven',
  title: 'Something is wrong.',
  evidence: [{ text: 'The broker sends 1 certificate(s).' }],
  fixes: [],
  remaining: [],
});

const HANDSHAKE = 'E (1) esp-tls-mbedtls: mbedtls_ssl_handshake returned';
const cases: readonly (readonly [line: string, cause: CauseId, expected: string])[] = [
  [`${HANDSHAKE} -0x2700`, 'wrong-ca', 'agrees'],
  [`${HANDSHAKE} -0x2700`, 'host-name-mismatch', 'agrees'],
  [`${HANDSHAKE} -0x2700`, 'missing-client-certificate', 'disagrees'],
  [`${HANDSHAKE} -0x7780`, 'missing-client-certificate', 'agrees'],
  [`${HANDSHAKE} -0x0050`, 'missing-client-certificate', 'agrees'],
  [`${HANDSHAKE} -0x7780`, 'wrong-ca', 'disagrees'],
  [`${HANDSHAKE} -0x7200`, 'plain-port', 'agrees'],
  [`${HANDSHAKE} -0x7F00`, 'wrong-ca', 'disagrees'],
  ['certificate verify flags: 0x4', 'host-name-mismatch', 'agrees'],
  ['certificate verify flags: 0x4', 'wrong-ca', 'disagrees'],
  ['getLastSSLError() = 56', 'host-name-mismatch', 'agrees'],
  ['getLastSSLError() = 62', 'wrong-ca', 'agrees'],
  ['getLastSSLError() = 54', 'expired', 'agrees'],
  ['getLastSSLError() = 296', 'missing-client-certificate', 'agrees'],
  ['E (1) esp-tls: couldn’t get hostname for :b: getaddrinfo() returns 202', 'host-unknown', 'agrees'],
  ['E (1) esp-tls: [sock=54] connect() error: Host is unreachable', 'broker-unreachable', 'agrees'],
  ['[E][x.cpp:1] connect(): socket error on fd 54, errno: 113', 'wrong-ca', 'disagrees'],
  ['MQTT connect failed, rc=5', 'mqtt-refused', 'agrees'],
  ['MQTT connect failed, rc=-2', 'wrong-ca', 'open'],
  ['[E][WiFiClientSecure.cpp:127] connect(): start_ssl_client: -1', 'no-ca', 'open'],
  [`${HANDSHAKE} -0x2700`, 'nothing-wrong-from-here', 'open'],
  ['mbedtls_x509_crt_parse returned -0x2180', 'damaged-ca', 'agrees'],
];

for (const [line, cause, expected] of cases)
  test(`${line} and the verdict ${cause}: ${expected}`, () => {
    assert.equal(agreement(printed(line), verdict(cause)), expected);
  });

const head = { address: 'b:8883', hostName: 'b', stack: 'Mbed TLS 3.6' };

test('the report begins its evidence with what the board said, and whether it fits', () => {
  const report = (line: string, cause: CauseId): string => {
    const found = verdict(cause);
    return markdownReport(
      { verdict: found, next: [], remarks: [] },
      { ...head, boardSaid: boardSaid(printed(line), found) },
    );
  };
  const fits = report(`${HANDSHAKE} -0x2700`, 'wrong-ca');
  assert.match(
    fits,
    /## Evidence\n\n- The board printed -0x2700, MBEDTLS\\_ERR\\_X509\\_CERT\\_VERIFY\\_FAILED: .+ agrees with/,
  );
  assert.match(report(`${HANDSHAKE} -0x7780`, 'wrong-ca'), /not what this verdict makes a board print/);
  assert.match(report(`${HANDSHAKE} -0x7F00`, 'wrong-ca'), /about the memory of the board/);
  assert.match(report(`${HANDSHAKE} -0x2700`, 'nothing-wrong-from-here'), /older than these files/);
});

test('without a printed code the report is as before', () => {
  const plain = markdownReport({ verdict: verdict('wrong-ca'), next: [], remarks: [] }, head);
  assert.ok(!plain.includes('The board printed'));
});

test('names that a broker or a sketch chose are text in the report, never markup', () => {
  const evil = '![x](https://evil.test/a.png) <b>`#';
  const found = { ...verdict('wrong-ca'), title: evil, evidence: [{ text: evil }], remaining: [evil] };
  const page = markdownReport({ verdict: found, next: [found], remarks: [evil] }, { ...head, address: 'b`![x](y)`' });
  assert.doesNotMatch(page.replace(/`.*?`/g, ''), /(?<!\\)!\[|(?<!\\)</);
  assert.match(page, /broker `b'!\[x\]\(y\)'`/);
});
