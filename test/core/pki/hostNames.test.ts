import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDnsName, parseHostNames, parseIp } from '../../../src/core/pki/hostNames';
import { userError } from '../../support/userError';

test('names and addresses are told apart, lower-cased, each kept once', () => {
  assert.deepEqual(parseHostNames(['MQTT.Example.com', ' 192.168.1.10', 'mqtt.example.com.', 'FE80::1', '']), {
    dns: ['mqtt.example.com'],
    ips: ['192.168.1.10', 'fe80::1'],
  });
});

test('no name at all is refused', () => {
  assert.throws(() => parseHostNames([' ']), userError('broker-names'));
});

const mistakes: [string, RegExp][] = [
  ['mqtts://mqtt.example.com:8883/x', /"mqtt\.example\.com", without scheme/],
  ['mqtt.example.com:8883', /without the port: "mqtt\.example\.com"/],
  ['192.168.1.300', /four numbers from 0 to 255/],
  ['192.168.1', /four numbers/],
  ['192.168.1.0/24', /single hosts/],
  ['fe80::1::2', /IPv6/],
  ['bücher.example', /punycode/],
  ['*', /two labels/],
  ['*.com', /two labels/],
  ['mqtt.*.com', /wildcard stands alone/],
  ['mq*.example.com', /wildcard stands alone/],
  ['a..b', /empty label/],
  ['-a.example', /inner hyphens/],
  ['my broker', /letters, digits/],
  [`${'a'.repeat(64)}.example`, /64 characters; DNS allows 63/],
  [Array.from({ length: 64 }, () => 'abc').join('.'), /DNS allows 253/],
];
for (const [name, message] of mistakes)
  test(`"${name.slice(0, 40)}" is refused with its own reason`, () => {
    assert.throws(() => parseDnsName(name), userError('dns-name', message));
  });

test('a wildcard in front of two labels is fine', () => {
  assert.equal(parseDnsName('*.example.com'), '*.example.com');
});

test('where only an address fits, a name and a network are refused', () => {
  assert.throws(() => parseIp('broker.local'), userError('ip-address', /DNS names/));
  assert.throws(() => parseIp('10.0.0.0/8'), userError('ip-address', /not networks/));
});
