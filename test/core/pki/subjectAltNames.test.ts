import assert from 'node:assert/strict';
import { test } from 'node:test';
import { altNamesFor } from '../../../src/core/pki/subjectAltNames';

const hosts = { dns: ['mqtt.example.com'], ips: ['192.168.1.10', 'fe80::1'] };

test('an IPv4 address is also a DNS name for boards that do not compare addresses, and the reason is given', () => {
  const { names, notes } = altNamesFor(hosts, 'any');
  assert.deepEqual(names, [
    { type: 'dns', value: 'mqtt.example.com' },
    { type: 'dns', value: '192.168.1.10' },
    { type: 'ip', value: '192.168.1.10' },
    { type: 'ip', value: 'fe80::1' },
  ]);
  assert.match(notes[0] ?? '', /192\.168\.1\.10 stands in the certificate as a DNS name too.*Mbed TLS before 3\.5/);
  assert.match(notes[1] ?? '', /cannot check an IPv6 address/);
});

test('Mbed TLS 3.5 needs nothing extra', () => {
  const { names, notes } = altNamesFor(hosts, 'mbedtls-3.5');
  assert.equal(names.length, 3);
  assert.deepEqual(notes, []);
});

test('the stack that needs the extra name is named', () => {
  assert.match(altNamesFor(hosts, 'bearssl').notes[0] ?? '', /BearSSL \(ESP8266\) does not look/);
});
