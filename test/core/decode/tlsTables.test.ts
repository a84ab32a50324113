// Every TLS code (Mbed TLS, BearSSL, alerts, X.509 flags) in each way that firmware prints it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import bearsslTable from '../../../src/core/decode/tables/bearssl.json';
import { everyRow, HEX, hex, type Numbered, names, type Style, truth } from '../../support/everyRow';

// Mbed TLS, each version
for (const [file, mbedtls] of [
  ['mbedtls216', '2.16'],
  ['mbedtls28', '2.28'],
  ['mbedtls3', '3.6'],
  ['mbedtls4', '4.x'],
] as const) {
  const rows: Numbered[] = Object.entries(truth(file).entries)
    .map(([code, list]) => ({ code: -Number(code.slice(1)), names: list.map(({ name }: { name: string }) => name) }))
    // -1 is every function's word for "failed", and PSA codes are a family of their own
    .filter(({ code, names }) => code !== -1 && !names.every((name: string) => name.startsWith('PSA_')));
  const high = rows.filter(({ code }) => code <= -0x1000);
  const expected = (row: Numbered) => row.names;
  const options = () => ({ mbedtls });
  everyRow(
    `Mbed TLS ${mbedtls}`,
    rows,
    [
      ['esp-tls', ({ code }) => `E (4212) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x${HEX(code, 4)}`],
      ['esp-tls 4.x', ({ code }) => `E (4212) esp-tls: mbedtls_ssl_handshake returned -0x${hex(code)}`],
      [
        'mbedtls_strerror on Arduino',
        ({ code }) =>
          `[ 7356][E][ssl_client.cpp:37] _handle_error(): [data_to_read():361]: (${code}) UNKNOWN ERROR CODE (${HEX(code, 4)})`,
      ],
      [
        'the event of esp-mqtt',
        ({ code }) => `E (5021) mqtt_example: Last error reported from tls stack: 0x${hex(code)}`,
      ],
      ['the console example', ({ code }) => `E (5021) app: Last tls stack error number: 0x${hex(code)}`],
      ['an IDF example', ({ code }) => `E (5021) example: mbedtls_x509_crt_parse returned -0x${hex(code)}`],
      ['a port', ({ code }) => `mbedtls_ssl_write failed: -0x${HEX(code, 4)}`],
      ['the name by itself', ({ names: [name] }) => `TLS failed: ${name}`],
      ['MicroPython', ({ code, names: [name] }) => `OSError: (${code}, '${name}')`],
      ['two complement', ({ code }) => `mbedtls_ssl_handshake() returned 0x${hex(0x100000000 + code)}`],
      ['start_ssl_client', ({ code }) => `[E][WiFiClientSecure.cpp:144] connect(): start_ssl_client: ${code}`],
    ],
    expected,
    options,
  );
  everyRow(
    `Mbed TLS ${mbedtls}`,
    high,
    [
      [
        'a field of esp-mqtt',
        ({ code }) => `I (5021) mqtt: MQTT_EVENT_ERROR esp_tls_last_esp_err=32794, esp_tls_stack_err=${-code}`,
      ],
      ['a sketch', ({ code }) => `SSL error: ${code}`],
      ['a sketch in hex', ({ code }) => `TLS handshake failed, error -0x${hex(code)}`],
      ['HTTP_CLIENT', ({ code }) => `E (33) esp-tls-mbedtls: read error :-0x${HEX(code, 4)}:`],
      ['MicroPython before 1.12', ({ code }) => `mbedtls_ssl_handshake error: -${hex(code)}`],
      ['ESP_SSLClient', ({ code }) => `> ERROR.mConnectSSL: MbedTLS message code: ${code}`],
      ['ESP-IDF in English', ({ code }) => `E (12) wss: TLS connection failed with error code ${code}`],
    ],
    expected,
    options,
  );
}

// BearSSL
const bearssl: Numbered[] = Object.entries(truth('bearssl').entries)
  .map(([code, list]) => ({ code: Number(code), names: [list].flat().map((one: any) => one.name ?? one) }))
  .filter(({ code }) => code > 0 && code !== 32);
const brAlerts: Numbered[] = Object.entries(truth('bearssl')._meta['alerts'] as Record<string, string>).map(
  ([code, name]) => ({ code: Number(code), names: [name] }),
);
const bearsslStyles: readonly Style<Numbered>[] = [
  ['getLastSSLError', ({ code }) => `getLastSSLError(): ${code}`],
  ['a sketch', ({ code }) => `BearSSL error code: ${code}`],
  ['Tasmota', ({ code }) => `00:00:12.000 MQT: TLS connection error: ${code}`],
  ['a sketch, SSL', ({ code }) => `client.getLastSSLError() = ${code}`],
];
everyRow(
  'BearSSL errors',
  bearssl.filter(({ code }) => code < 256),
  [...bearsslStyles, ['the constant', ({ names: [name] }) => `TLS failed: ${name}`]],
  (row) => row.names,
);
everyRow(
  'BearSSL alerts received',
  brAlerts.map(({ code, names }) => ({ code: code + 256, names })),
  bearsslStyles,
  (row) => row.names,
);
everyRow(
  'BearSSL alerts sent',
  brAlerts.map(({ code, names }) => ({ code: code + 512, names })),
  bearsslStyles,
  (row) => row.names,
);

// TLS alerts
const alerts: Numbered[] = Object.entries(truth('tls_alerts').entries).map(([code, { name }]) => ({
  code: Number(code),
  names: [name],
}));
const fatal = alerts.filter(({ code }) => code !== 0);
everyRow(
  'TLS alerts',
  fatal,
  [
    ['Mbed TLS, received', ({ code }) => `I (5123) mbedtls: ssl_msg.c:4814 is a fatal alert message (msg ${code})`],
    [
      'Mbed TLS 2.16, received',
      ({ code }) => `W (5123) mbedtls: ssl_tls.c:4286 is a fatal alert message (msg ${code})`,
    ],
    ['Mbed TLS, type', ({ code }) => `D (5123) mbedtls: ssl_msg.c:4805 got an alert message, type: [2:${code}]`],
    ['Mbed TLS, sent', ({ code }) => `I (5123) mbedtls: ssl_msg.c:4889 send alert level=2 message=${code}`],
    ['a sketch', ({ code }) => `TLS alert: ${code}`],
    ['the constant', ({ names: [name] }) => `alert: ${name}`],
    ['OpenSSL, SSL alert number', ({ code }) => `SSL_connect failed: SSL alert number ${code}`],
  ],
  (row) => row.names,
);

// X.509 flags
const flags: Numbered[] = Object.entries(truth('x509_flags').entries).map(([code, { name }]) => ({
  code: Number(code),
  names: [name],
}));
everyRow(
  'X.509 flags',
  flags,
  [
    ['a port', ({ code }) => `E (5) tls: mbedtls_ssl_get_verify_result() returned 0x${hex(code)}`],
    ['a port, flags', ({ code }) => `verify flags: 0x${hex(code, 8)}`],
    ['esp-tls', ({ code }) => `I (5) esp-tls: certificate verification flags: ${code}`],
    ['the console example', ({ code }) => `Last cert verify flags: 0x${hex(code)}`],
    ['esp_tls_cert_verify_flags', ({ code }) => `MQTT_EVENT_ERROR esp_tls_cert_verify_flags=${code}`],
    ['a sentence', ({ code }) => `Certificate verification failed with flags 0x${hex(code, 8)}`],
    ['a sentence with brackets', ({ code }) => `TLS: certificate verification failed (flags=0x${hex(code)})`],
    ['the constant', ({ names: [name] }) => `refused: ${name}`],
  ],
  (row) => row.names,
);

// The sentences of mbedtls_x509_crt_verify_info: mbedtls include/mbedtls/x509.h, MBEDTLS_X509_CRT_ERROR_INFO_LIST
const SENTENCES: Readonly<Record<string, string>> = {
  MBEDTLS_X509_BADCERT_EXPIRED: 'The certificate validity has expired',
  MBEDTLS_X509_BADCERT_REVOKED: 'The certificate has been revoked (is on a CRL)',
  MBEDTLS_X509_BADCERT_CN_MISMATCH: 'The certificate Common Name (CN) does not match with the expected CN',
  MBEDTLS_X509_BADCERT_NOT_TRUSTED: 'The certificate is not correctly signed by the trusted CA',
  MBEDTLS_X509_BADCRL_NOT_TRUSTED: 'The CRL is not correctly signed by the trusted CA',
  MBEDTLS_X509_BADCRL_EXPIRED: 'The CRL is expired',
  MBEDTLS_X509_BADCERT_MISSING: 'Certificate was missing',
  MBEDTLS_X509_BADCERT_SKIP_VERIFY: 'Certificate verification was skipped',
  MBEDTLS_X509_BADCERT_OTHER: 'Other reason (can be used by verify callback)',
  MBEDTLS_X509_BADCERT_FUTURE: 'The certificate validity starts in the future',
  MBEDTLS_X509_BADCRL_FUTURE: 'The CRL is from the future',
  MBEDTLS_X509_BADCERT_KEY_USAGE: 'Usage does not match the keyUsage extension',
  MBEDTLS_X509_BADCERT_EXT_KEY_USAGE: 'Usage does not match the extendedKeyUsage extension',
  MBEDTLS_X509_BADCERT_NS_CERT_TYPE: 'Usage does not match the nsCertType extension',
  MBEDTLS_X509_BADCERT_BAD_MD: 'The certificate is signed with an unacceptable hash.',
  MBEDTLS_X509_BADCERT_BAD_PK: 'The certificate is signed with an unacceptable PK alg (eg RSA vs ECDSA).',
  MBEDTLS_X509_BADCERT_BAD_KEY: 'The certificate is signed with an unacceptable key (eg bad curve, RSA too short).',
  MBEDTLS_X509_BADCRL_BAD_MD: 'The CRL is signed with an unacceptable hash.',
  MBEDTLS_X509_BADCRL_BAD_PK: 'The CRL is signed with an unacceptable PK alg (eg RSA vs ECDSA).',
  MBEDTLS_X509_BADCRL_BAD_KEY: 'The CRL is signed with an unacceptable key (eg bad curve, RSA too short).',
};
everyRow(
  'X.509 sentences',
  Object.entries(SENTENCES).map(([name, sentence]) => ({ name, sentence })),
  [
    ['esp-tls', ({ sentence }) => `I (6512) esp-tls-mbedtls: verification info:   ! ${sentence}`],
    ['an Mbed TLS program', ({ sentence }) => `  ! ${sentence}`],
    [
      'Arduino',
      ({ sentence }) =>
        `[ 8123][E][ssl_client.cpp:273] start_ssl_client(): Failed to verify peer certificate! verification info: ${sentence}`,
    ],
  ],
  ({ name }) => [name],
);

// ESP8266 Arduino: the sentences of getLastSSLError()
test('sentences of BearSSL in every printing style', () => {
  const { codes, strings } = bearsslTable;
  for (const [code, sentence] of Object.entries(strings))
    for (const line of [
      `BSSL:${sentence}`,
      `SSL error: ${sentence}`,
      `TLS failed: ${code} ${sentence}`,
      `BearSSL Error: ${sentence}`,
    ])
      assert.ok(names(line).includes((codes as Record<string, string>)[code] ?? ''), line);
});
