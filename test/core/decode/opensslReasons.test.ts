// OpenSSL's numbers and texts, against the openssl program of this machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { OPENSSL_ALERTS, OPENSSL_REASONS, opensslReason } from '../../../src/core/decode/opensslReasons';
import { requireTool } from '../../support/tools';

const LIB_SSL = 0x0a000000;
const codeOf = (reason: number) => (LIB_SSL + reason).toString(16).toUpperCase().padStart(8, '0');
const namesIn = (line: string) =>
  createDecoder()
    .next(line)
    .map(({ name }) => name);

test('a number by itself gets the name that openssl errstr gives it, and so does its whole line', (t) => {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return;
  const reasons = [...Object.keys(OPENSSL_REASONS), ...Object.keys(OPENSSL_ALERTS)].map(Number);
  const lines = execFileSync(openssl, ['errstr', ...reasons.map(codeOf)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const [index, line] of lines.entries()) {
    const code = codeOf(reasons[index] as number);
    assert.ok(!line.includes('reason('), line);
    assert.deepEqual(namesIn(`OpenSSL Error[0]: ${line}`), [opensslReason(code)], line);
    assert.deepEqual(namesIn(`OpenSSL Error[0]: error:${code}`), [opensslReason(code)], line);
  }
});

test('the words that OpenSSL 3.2 has for old alerts keep the old constant', () => {
  assert.deepEqual(namesIn('error:0A000412:SSL routines::ssl/tls alert bad certificate'), [
    'SSL_R_SSLV3_ALERT_BAD_CERTIFICATE',
  ]);
  assert.deepEqual(
    namesIn(
      'error:0A000410:SSL routines::ssl/tls alert handshake failure:../ssl/record/rec_layer_s3.c:916:SSL alert number 40',
    ),
    ['SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE'],
  );
});

test('what fails in other libraries of OpenSSL is not called an SSL error', () => {
  for (const [line, name] of [
    ['error:80000002:system library::No such file or directory', 'ENOENT'],
    ['error:8000000D:system library::Permission denied', 'EACCES'],
    ['error:02001002:system library:fopen:No such file or directory', 'ENOENT'],
    ['error:10000080:BIO routines::no such file', 'BIO_R_NO_SUCH_FILE'],
    ['error:05800074:x509 certificate routines::key values mismatch', 'X509_R_KEY_VALUES_MISMATCH'],
    ['error:0480006C:PEM routines::no start line', 'PEM_R_NO_START_LINE'],
    ['error:1C800064:Provider routines::bad decrypt', 'PROV_R_BAD_DECRYPT'],
    ['error:1E08010C:DECODER routines::unsupported', 'ERR_R_UNSUPPORTED'],
  ] as const)
    assert.deepEqual(namesIn(`OpenSSL Error[0]: ${line}`), [name], line);
});
