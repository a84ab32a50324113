import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { explainCode } from '../../../src/core/decode/explainCode';

const decode = (...lines: string[]) => {
  const decoder = createDecoder();
  return [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()];
};
const names = (line: string) => decode(line).map(({ name }) => name);

for (const [notation, line] of [
  ['hex', 'E (1) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700'],
  [
    'decimal',
    '[E][ssl_client.cpp:37] _handle_error(): [start_ssl_client():276]: (-9984) X509 - Certificate verification failed',
  ],
  ["two's complement", 'mbedtls_ssl_handshake res=0xffffd900'],
  ["two's complement without 0x", '[HTTPS:E] mbedtls_ssl_handshake res=FFFFD900'],
  ['short form in parentheses', 'ssl handshake failed (D900)'],
  ['positive hex', 'I (5) MQTT: Last tls stack error number: 0x2700'],
  ['positive decimal', 'mqtt error: esp_tls_stack_err=9984'],
  ['MicroPython without 0x', 'mbedtls_ssl_handshake error: -2700'],
  ['by name', "OSError: (-9984, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED')"],
] as const) {
  test(`reads -0x2700 in ${notation}`, () => {
    const [finding, ...more] = decode(line);
    assert.equal(finding?.name, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED');
    assert.equal(finding.code, '-0x2700');
    assert.deepEqual(more, []);
  });
}

test('names the high part of a combined code and lists the low one', () => {
  const [finding] = decode('mbedtls_ssl_handshake returned -0x4290');
  assert.equal(finding?.name, 'MBEDTLS_ERR_RSA_PUBLIC_FAILED');
  assert.deepEqual(finding.also, ['MBEDTLS_ERR_MPI_ALLOC_FAILED']);
  assert.match(finding.explanation.title, /memory/);
});

test('a number has the name of the version it is read for', () => {
  const at = (mbedtls: '2.28' | '3.6' | '4.x', code: string) => explainCode(code, { mbedtls })[0]?.name;
  assert.equal(at('2.28', '-0x7A00'), 'MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE');
  assert.equal(at('3.6', '-0x7A00'), 'MBEDTLS_ERR_SSL_BAD_CERTIFICATE');
  assert.notEqual(at('2.28', '-0x6E00'), at('3.6', '-0x6E00'));
});

test('the boot banner decides the version', () => {
  const [finding] = decode('I (29) boot: ESP-IDF v4.4.2 2nd stage bootloader', 'mbedtls_x returned -0x7A00').slice(-1);
  assert.equal(finding?.name, 'MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE');
  assert.equal(finding.version, '2.28');
  assert.equal(finding.platformKnownBy, 'boot-banner');
});

test('keeps the column of a line with colours', () => {
  const line = '\u001b[0;31mE (1) esp-tls: mbedtls_ssl_handshake returned -0x2700\u001b[0m';
  const [finding] = decode(line);
  assert.equal(line.slice((finding?.column ?? 0) - 1, (finding?.column ?? 0) + 6), '-0x2700');
});

for (const line of [
  'ssl->f_recv(_timeout)() returned 987 (-0xfffffc25)',
  'ATCA is not available (-20096), using sw ECDH',
  '2: [11][20:B0:01:CA:D2:A9] vodafoneCAD2A9 (-85) *',
  'range 0x1000-0x2700 erased',
  '-9984',
  'ffffd900 3ffb1234 00000000',
  'TLS heap delta: -12288 bytes',
]) {
  test(`stays silent on: ${line}`, () => assert.deepEqual(names(line), []));
}

test('never blames the clock on an ESP32 without evidence', () => {
  const causes = (...lines: string[]) => JSON.stringify(decode(...lines).at(-1)?.explanation.causes);
  const error = 'E (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700';
  assert.doesNotMatch(causes(error), /clock|date|NTP|time/i);
  assert.match(causes('verification info: ! The certificate validity has expired', error), /clock/);
});
