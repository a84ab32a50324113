import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact } from '../../src/core/redact';

test('takes out what is secret, and leaves the words around it', () => {
  for (const [text, left] of [
    ['mqtts://dev:hunter2@broker.local:8883', 'mqtts://dev:<redacted>@broker.local:8883'],
    ['password=hunter2 rc=-2', 'password=<redacted> rc=-2'],
    ['WIFI_PASSWORD: "correct horse battery"; rc=-2', 'WIFI_PASSWORD: "<redacted>"; rc=-2'],
    ["psk = 'a b'", "psk = '<redacted>'"],
    ['{"token":"abc.def","n":1}', '{"token":"<redacted>","n":1}'],
    ['Authorization: Bearer eyJhbGciOi.J9', 'Authorization: Bearer <redacted>'],
    ['authorization: Basic ZGV2Omh1bnRlcjI=', 'authorization: Basic <redacted>'],
    ['SharedAccessSignature sr=hub&sig=abc%3D&se=1', 'SharedAccessSignature sr=hub&sig=<redacted>&se=1'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\nok', '<private key redacted>\nok'],
    ['-----BEGIN PRIVATE KEY-----\nMIIcut', '<private key redacted>'],
  ] as const)
    assert.equal(redact(text), left);
});

test('leaves alone what is none', () => {
  for (const text of [
    'E (1) esp-tls: mbedtls_ssl_handshake returned -0x2700',
    'Connection refused, bad user name or password',
    'https://192.168.1.4/status at 12:00:01',
    'design=3, config=4',
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  ])
    assert.equal(redact(text), text);
});
