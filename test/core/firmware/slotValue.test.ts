import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseSlotValue } from '../../../src/core/firmware/slotValue';

const ok = (kind: Parameters<typeof refuseSlotValue>[0], ...values: string[]): void => {
  for (const value of values) assert.equal(refuseSlotValue(kind, value), undefined, `${kind} ${JSON.stringify(value)}`);
};
const refused = (kind: Parameters<typeof refuseSlotValue>[0], value: string, reason: RegExp): void =>
  assert.match(refuseSlotValue(kind, value) ?? 'accepted', reason, `${kind} ${JSON.stringify(value)}`);

test('a host is a name or an IPv4 address and nothing else', () => {
  ok('host', 'broker.example.com', 'localhost', '192.168.1.10', 'mosquitto_1', 'xn--bcher-kva.example');
  refused('host', 'mqtts://broker.example.com', /without "mqtts:\/\/"/);
  refused('host', 'broker.example.com:8883', /port is a value of its own/);
  refused('host', 'broker.example.com/mqtt', /without a path/);
  refused('host', 'fe80::1', /IPv6/);
  refused('host', '192.168.1.300', /no IPv4/);
  refused('host', '192.168.01.3', /no IPv4/);
  refused('host', 'broker.example.com.', /dot at the end/);
  refused('host', 'bücher.example', /Punycode/);
  refused('host', 'a b', /letters, digits/);
  refused('host', '-a.example', /letters, digits/);
  refused('host', `${'a'.repeat(64)}.example`, /letters, digits/);
  refused('host', 'a".example', /letters, digits/);
});

test('a port is 1 to 65535', () => {
  ok('port', '1', '8883', '65535');
  for (const value of ['0', '65536', '08883', '8883 ', '-1', '1e3']) refused('port', value, /1 to 65535/);
});

test('a device name fits a certificate CN, a client id and a topic level', () => {
  ok('deviceId', 'sensor-1', 'Küche', 'aa:bb:cc:dd:ee:ff', 'x'.repeat(64));
  refused('deviceId', 'x'.repeat(65), /64/);
  refused('deviceId', 'ü'.repeat(33), /64/);
  refused('deviceId', 'a/b', /topic level/);
  refused('deviceId', 'a+', /topic level/);
  refused('deviceId', '../evil', /topic level/);
  refused('deviceId', '..', /starts with/);
  refused('deviceId', 'a\nb', /line break/);
  refused('deviceId', 'a"b', /letters, digits/);
});

test('wildcards stay out of publish topics and in their places in filters', () => {
  ok('publishTopic', 'a/b', '$aws/things/x/shadow/update', 'Küche/Licht');
  refused('publishTopic', 'a/+/b', /wildcards/);
  refused('publishTopic', 'a/#', /wildcards/);
  refused('publishTopic', '$SYS/x', /belong to the broker/);
  refused('publishTopic', 'x'.repeat(257), /256 bytes/);
  ok('topicFilter', 'a/+/b', '#', 'a/#', '+');
  refused('topicFilter', 'a#', /stands alone/);
  refused('topicFilter', '#/a', /stands alone/);
  refused('topicFilter', 'a+/b', /stands alone/);
});

test('Wi-Fi values keep to what 802.11 takes', () => {
  ok('ssid', 'Café "5 GHz" \\o/', 'x'.repeat(32));
  refused('ssid', 'ü'.repeat(17), /32 bytes/);
  ok('wifiPassword', '12345678', '"; system("x"); //', 'f'.repeat(64));
  refused('wifiPassword', 'short', /8 to 63/);
  refused('wifiPassword', 'g'.repeat(64), /8 to 63/);
});

test('keys and certificates are whole PEM blocks, and a key is not encrypted', () => {
  const block = (label: string): string => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;
  ok('certificate', block('CERTIFICATE'), block('CERTIFICATE') + block('CERTIFICATE'));
  ok('privateKey', block('PRIVATE KEY'), block('EC PRIVATE KEY'));
  refused('certificate', block('PRIVATE KEY'), /this is a private key/);
  refused('certificate', '-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----', /no PEM certificate/);
  refused('privateKey', block('ENCRYPTED PRIVATE KEY'), /nobody to type the passphrase/);
  refused('privateKey', 'Proc-Type: 4,ENCRYPTED\n', /nobody to type/);
});

test('seconds and pre-shared keys are bounded', () => {
  ok('seconds', '1', '86400');
  refused('seconds', '0', /1 to 86400/);
  refused('seconds', '86401', /1 to 86400/);
  ok('hexKey', '00'.repeat(16), 'aF'.repeat(32));
  refused('hexKey', '00'.repeat(15), /32 to 64/);
  refused('hexKey', 'zz'.repeat(16), /32 to 64/);
});

test('no value carries a NUL, and free text may carry anything else', () => {
  ok('text', 'a\nb"*/\\');
  refused('text', 'a\0b', /NUL/);
  refused('ssid', 'a\0b', /control character/);
});
