// The words that brokers not made with OpenSSL have for TLS alerts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import table from '../../../src/core/decode/tables/tlsAlerts.json';

const found = (line: string) =>
  createDecoder()
    .next(line)
    .map(({ code, name, text, column }) => {
      assert.equal(line.slice(column - 1, column - 1 + text.length), text);
      return `${code} ${name}`;
    });

const JAVA: Readonly<Record<string, string>> = {
  bad_cert: 'bad_certificate',
  unsupported_cert: 'unsupported_certificate',
  cert_revoked: 'certificate_revoked',
  cert_expired: 'certificate_expired',
  cert_unknown: 'certificate_unknown',
  cert_required: 'certificate_required',
  no_cert: 'no_certificate',
  unsupported_ext: 'unsupported_extension',
  inapropriate_fallback: 'inappropriate_fallback',
};

for (const [number, name] of Object.entries(table.codes)) {
  const short = name.replace('MBEDTLS_SSL_ALERT_MSG_', '').toLowerCase();
  const words = JAVA[short] ?? short;
  test(`${words} is read from HiveMQ and from EMQX`, () => {
    const expected = [`alert ${number} ${name}`];
    assert.deepEqual(found(`javax.net.ssl.SSLHandshakeException: Received fatal alert: ${words}`), expected);
    const spoken = words.replaceAll('_', ' ');
    assert.deepEqual(
      found(
        `reason: {ssl_error,{tls_alert,{${words},"TLS server: In state certify received CLIENT ALERT: Fatal - ${spoken}"}}}`,
      ),
      expected,
    );
    assert.deepEqual(found(`[error] reason: {tls_alert,"${spoken}"}`), expected);
  });
}

test('the words of crypto/tls are those of the same alerts', () => {
  // https://github.com/golang/go/blob/master/src/crypto/tls/alert.go
  for (const [words, number] of [
    ['unknown certificate authority', 48],
    ['bad certificate', 42],
    ['expired certificate', 45],
    ['revoked certificate', 44],
    ['unknown certificate', 46],
    ['protocol version not supported', 70],
    ['handshake failure', 40],
    ['error decrypting message', 51],
    ['certificate required', 116],
    ['no application protocol', 120],
  ] as const)
    assert.match(
      found(`http: TLS handshake error from 10.0.0.9:51822: remote error: tls: ${words}`).join(),
      new RegExp(`^alert ${number} `),
    );
});

test('other words behind the same sentence are no alert', () => {
  for (const line of ['remote error: tls: the dog ate it', 'Received fatal alert: ', 'tls_alert counter 48'])
    assert.deepEqual(found(line), []);
});
