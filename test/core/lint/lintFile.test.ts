import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { isLintable } from '../../../src/core/lint/lintable';
import { lintFile } from '../../../src/core/lint/lintFile';
import { goodSet, type TestIdentity } from '../../support/testAuthority';

let set: { ca: TestIdentity; device: TestIdentity };
before(async () => {
  set = await goodSet();
});

const rules = (path: string, text: string): string[] => lintFile(path, text).map(({ rule }) => rule);

/** The text after every offered fix, last one first. */
function fixed(path: string, text: string): string {
  return lintFile(path, text)
    .reverse()
    .reduce(
      (result, { fix }) => (fix ? result.slice(0, fix.start) + fix.newText + result.slice(fix.end) : result),
      text,
    );
}

test('each mistake of a sketch is found where it stands', () => {
  const text = `#include <WiFiClientSecure.h>
WiFiClientSecure net;
// net.setInsecure();
void setup() {
  net.setInsecure();
  String ca = readFile();
  net.setCACert(ca.c_str());
  mqtt.setServer("broker", 1883);
}`;
  assert.deepEqual(rules('a.ino', text), ['insecure', 'dangling-pointer', 'plain-port']);
  const after = fixed('a.ino', text);
  assert.match(after, /void setup\(\) \{\n {2}\n/);
  assert.match(after, /setServer\("broker", 8883\)/);
  assert.match(after, /\/\/ net\.setInsecure\(\);/);
});

test('the ESP32 calls are wrong on an ESP8266', () => {
  const text = '#include <ESP8266WiFi.h>\nvoid setup() { net.setCACert(ca); }';
  assert.deepEqual(rules('a.cpp', text), ['wrong-platform-api']);
  assert.deepEqual(rules('a.cpp', text.replace('ESP8266WiFi', 'WiFi')), []);
});

test('a PEM with lost line breaks is an error, a good one is not, a key belongs into secrets.h', () => {
  const raw = (pem: string): string => `const char x[] = R"PEM(${pem})PEM";`;
  assert.deepEqual(rules('a.h', raw(set.ca.pem)), []);
  assert.deepEqual(rules('a.h', raw(set.ca.pem.replaceAll('\n', ''))), ['damaged-pem']);
  assert.deepEqual(rules('a.ino', raw(set.device.keyPem)), ['private-key-in-source']);
  assert.deepEqual(rules('secrets.h', raw(set.device.keyPem)), []);
});

test('mosquitto.conf: one minimum version, and no plain listener beside TLS', () => {
  const text = 'listener 1883\nlistener 8883\ncertfile x\ntls_version tlsv1.2 tlsv1.3\n';
  assert.deepEqual(rules('mosquitto.conf', text), ['mosquitto-plain-listener', 'mosquitto-tls-version']);
  assert.equal(
    fixed('mosquitto.conf', text),
    'listener 1883 127.0.0.1\nlistener 8883\ncertfile x\ntls_version tlsv1.2\n',
  );
  assert.deepEqual(rules('mosquitto.conf', fixed('mosquitto.conf', text)), []);
  assert.deepEqual(rules('mosquitto.conf', 'listener 1883\n'), []);
});

test('partition tables: what the build would stop at, each with its line, and where a partition may start', () => {
  const text =
    '# Name, Type, SubType, Offset, Size\nnvs,data,nvs,,24K\napp0, app, ota_0, 0x12000, 1M\nfs,data,littlefs,0x18000,1M\nfs,data,fat,,4K\n';
  const at = (path: string, source: string) =>
    lintFile(path, source).map(({ start, message }) => `${source.slice(0, start).split('\n').length}: ${message}`);
  assert.deepEqual(at('partitions.csv', text), [
    '3: "app0" starts at 0x12000, which is not a multiple of 0x10000.',
    '5: Two partitions are called "fs".',
    '4: "fs" at 0x18000 overlaps "app0", which ends at 0x112000.',
  ]);
  const mended = fixed('partitions.csv', text);
  assert.match(mended, /\napp0, app, ota_0, 0x20000, 1M\nfs,data,littlefs,0x112000,1M\n/);
  assert.deepEqual(at('my_partitions_8mb.csv', 'a,app,,,1M\nb,data,foo,,4K\nc,dat,nvs,,4K\n'), [
    '1: An app needs a subtype, such as factory or ota_0.',
    '2: There is no data subtype "foo": use ota, phy, nvs, coredump, nvs_keys, efuse, undefined, esphttpd, fat, spiffs, littlefs, or a number such as 0x40.',
    '3: There is no type "dat": use app, data, bootloader, partition_table, or a number such as 0x40.',
  ]);
  assert.deepEqual(at('partitions.csv', 'nvs,data,nvs,,24K\r\nfactory,app,factory,,1M\r\n'), []);
  assert.deepEqual(rules('partitioned_sales.csv', 'region,amount\nnorth,data\n'), [], 'another kind of list');
});

test('other files are left alone, and no text throws', () => {
  assert.ok(!isLintable('notes.md'));
  assert.deepEqual(rules('notes.md', 'net.setInsecure();'), []);
  const fields = fc.array(fc.constantFrom('a', 'app', 'data', 'ota_0', '0x10', '', ' 64K ', '-1M', '\r'), {
    maxLength: 7,
  });
  const rows = fc.array(fields.map((row) => row.join(','))).map((lines) => lines.join('\n'));
  const texts = fc.oneof(fc.string(), rows);
  fc.assert(
    fc.property(fc.constantFrom('a.ino', 'mosquitto.conf', 'partitions.csv'), texts, (path, text) => {
      for (const { start, end } of lintFile(path, text)) assert.ok(start >= 0 && end <= text.length && start <= end);
    }),
  );
});
