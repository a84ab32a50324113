import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commands } from '../../../src/contributions/commands';
import { createDecoder } from '../../../src/core/decode/decoder';
import { bearsslEntries } from '../../../src/core/knowledge/bearssl';
import { crashEntries } from '../../../src/core/knowledge/crash';
import { mbedtlsEntries } from '../../../src/core/knowledge/mbedtls';
import { mqttEntries } from '../../../src/core/knowledge/mqtt';
import { networkEntries } from '../../../src/core/knowledge/network';
import { opensslEntries } from '../../../src/core/knowledge/openssl';
import { x509Entries } from '../../../src/core/knowledge/x509';

const all = {
  ...mbedtlsEntries,
  ...x509Entries,
  ...mqttEntries,
  ...networkEntries,
  ...bearsslEntries,
  ...crashEntries,
  ...opensslEntries,
};

test('every statement names its source, and every button is a command of ours', () => {
  for (const [name, entry] of Object.entries(all)) {
    assert.ok(entry.title.length > 10, name);
    assert.ok(entry.sources.length > 0 && entry.sources.every(Boolean), name);
    for (const cause of entry.causes) assert.ok(cause.source.length > 5, `${name}: ${cause.text}`);
    for (const { command } of entry.fixes) if (command) assert.ok(command in commands, `${name}: ${command}`);
  }
});

function last(...lines: string[]) {
  const decoder = createDecoder();
  const found = [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()];
  const finding = found.at(-1);
  assert.ok(finding);
  return finding.explanation;
}

test('rc=-2 takes its cause from the TLS line above it', () => {
  const [cause] = last(
    '[E][ssl_client.cpp:37] _handle_error(): [start_ssl_client():276]: (-9984) X509 - Certificate verification failed',
    'Attempting MQTT connection...failed, rc=-2 try again in 5 seconds',
  ).causes;
  assert.match(cause?.text ?? '', /TLS handshake failed/);
  assert.match(cause?.evidence ?? '', /-9984/);
});

test('rc=-2 alone claims no TLS failure', () => {
  const { causes } = last('Attempting MQTT connection...failed, rc=-2 try again in 5 seconds');
  assert.ok(causes.every(({ evidence }) => evidence === undefined));
});

test('-0x7780 after a broker that wants client certificates reads otherwise than after an unknown CA', () => {
  const error = 'E (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7780';
  const first = (line: string) => last(line, error).causes[0]?.text ?? '';
  assert.match(first('error: peer did not return a certificate'), /client certificate/);
  assert.match(first('mbedtls: ssl_msg.c:4799 is a fatal alert message (msg 48)'), /does not trust the CA/);
});

test('start_ssl_client: -1 lists what it can be', () => {
  const { causes } = last('[E][WiFiClientSecure.cpp:132] connect(): start_ssl_client: -1');
  assert.ok(causes.length >= 4);
});

test('memory is named where it hides', () => {
  for (const line of [
    'mbedtls_ssl_handshake returned -0x4290',
    'mbedtls_ssl_setup returned -0x7F00',
    '[E][WiFiClientSecure.cpp:144] connect(): start_ssl_client: -32512',
    'ESP_ERROR_CHECK failed: esp_err_t 0x101 (ESP_ERR_NO_MEM) at 0x4008de48',
    'MQT: TLS connection error: -1000',
  ]) {
    assert.match(last(line).title, /memory/, line);
  }
});

test('a code without an entry of its own is read from its name, with the header as source', () => {
  const { title, sources } = last('mbedtls_x returned -0x2480');
  assert.match(title, /signature/);
  assert.ok(sources.length > 0);
});
