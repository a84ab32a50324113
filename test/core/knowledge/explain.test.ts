import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder, type DecoderOptions } from '../../../src/core/decode/decoder';
import { explainCode } from '../../../src/core/decode/explainCode';

function last(...lines: string[]) {
  const decoder = createDecoder();
  const found = [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()];
  const finding = found.at(-1);
  assert.ok(finding);
  return finding.explanation;
}

test('rc=-2 alone claims no TLS failure', () => {
  const { causes } = last('Attempting MQTT connection...failed, rc=-2 try again in 5 seconds');
  assert.ok(causes.every(({ evidence }) => evidence === undefined));
});

test('a code without an entry of its own is read from its name, with the header as source', () => {
  const { title, sources } = last('E (1) app: failed: ESP_ERR_MEMPROT_AREA_INVALID');
  assert.match(title, /memprot area invalid/);
  assert.ok(sources.length > 0);
});

// `secure-iot explain CODE`: one code without a line around it.
const readings = (code: string, options: DecoderOptions = {}) => explainCode(code, options).map(({ name }) => name);

const NOTATIONS: readonly (readonly [string, string])[] = [
  ...['-0x2700', '-9984', '0x2700', '9984', '0xffffd900', 'FFFFD900', '(D900)', 'D900', '-2700', '2700'].map(
    (code) => [code, 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED'] as const,
  ),
  ['-7280', 'MBEDTLS_ERR_SSL_CONN_EOF'],
  ['tls stack error 0x7280', 'MBEDTLS_ERR_SSL_CONN_EOF'],
  ['0x87', 'MQTT5_NOT_AUTHORIZED'],
  ['MQTT 0x87', 'MQTT5_NOT_AUTHORIZED'],
  ['135', 'MQTT5_NOT_AUTHORIZED'],
  ['alert 48', 'MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA'],
  ['TLS alert 116', 'MBEDTLS_SSL_ALERT_MSG_CERT_REQUIRED'],
  ['unknown ca', 'MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA'],
  ['wifi 201', 'WIFI_REASON_NO_AP_FOUND'],
  ['NO_AP_FOUND', 'WIFI_REASON_NO_AP_FOUND'],
  ['reason 15', 'WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT'],
  ['7c0', 'WIFI_REASON_CLASS3_FRAME_FROM_NONASSOC_STA'],
  ['CONNACK 5', 'MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED'],
  ['EHOSTUNREACH', 'EHOSTUNREACH'],
  ['errno 128', 'ENOTCONN'],
  ['0x8010', 'ESP_ERR_MBEDTLS_CERT_PARTLY_OK'],
  ['4354', 'ESP_ERR_NVS_NOT_FOUND'],
  ['-148', 'PSA_ERROR_INSUFFICIENT_ENTROPY'],
  ['-0x008D', 'PSA_ERROR_INSUFFICIENT_MEMORY'],
  ['flags 0x08', 'MBEDTLS_X509_BADCERT_NOT_TRUSTED'],
  ['HTTP -11', 'HTTPC_ERROR_READ_TIMEOUT'],
  ['Exception 28', 'LoadProhibitedCause'],
  ['LoadProhibited', 'LoadProhibited'],
  ['rst:0xf', 'RTCWDT_BROWN_OUT_RESET'],
  ['0A0000C7', 'SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE'],
  ['error:14094418', 'SSL_R_TLSV1_ALERT_UNKNOWN_CA'],
  ['error:0A000412', 'SSL_R_SSLV3_ALERT_BAD_CERTIFICATE'],
];
for (const [code, name] of NOTATIONS)
  test(`explains ${code} first as ${name}`, () => assert.equal(readings(code)[0], name));

test('explains one number differently for each version and platform', () => {
  assert.equal(readings('-0x7F00', { mbedtls: '3.6' })[0], 'MBEDTLS_ERR_SSL_ALLOC_FAILED');
  assert.equal(readings('-0x7A00', { mbedtls: '2.28' })[0], 'MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE');
  assert.equal(readings('0x8010', { idf: '4.2' })[0], 'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED');
  assert.equal(readings('errno 113', { platform: 'esp8266' })[0], 'EHOSTUNREACH');
  assert.equal(readings('errno 113', { platform: 'esp-idf' })[0], 'ECONNABORTED');
});

test('explains a number that two libraries print with both of its readings', () => {
  assert.deepEqual(readings('SSL error 40').sort(), ['BR_ERR_X509_EXTRA_ELEMENT', 'SSL_ALERT_HANDSHAKE_FAILURE']);
  assert.deepEqual(readings('202').sort(), ['EAI_FAIL', 'WIFI_REASON_AUTH_FAIL']);
});

test('a combined code is explained with both parts, and as out of memory where one says so', () => {
  for (const code of ['-0x4290', '-17040', '0xffffbd70', '4290']) {
    const [finding] = explainCode(code);
    assert.equal(finding?.name, 'MBEDTLS_ERR_RSA_PUBLIC_FAILED', code);
    assert.deepEqual(finding?.also, ['MBEDTLS_ERR_MPI_ALLOC_FAILED']);
    assert.match(finding?.explanation.title ?? '', /out of memory/);
  }
});

test('what is no code has no reading', () => {
  for (const text of ['', ' ', 'hello', 'failed', 'temperature 21', '99999999999'])
    assert.deepEqual(readings(text), [], text);
});
