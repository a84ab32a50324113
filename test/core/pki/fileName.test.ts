import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileNameOf } from '../../../src/core/pki/fileName';
import { userError } from '../../support/userError';

test('names that every file system takes stay as they are', () => {
  for (const name of ['esp32-device-001', 'mqtt.example.com', '192.168.1.10', 'a_b@c'])
    assert.equal(fileNameOf(name), name);
});

test('a wildcard, spaces and the colons of IPv6 are spelled out', () => {
  assert.equal(fileNameOf('*.example.com'), '_wildcard.example.com');
  assert.equal(fileNameOf('My broker'), 'My-broker');
  assert.equal(fileNameOf('fe80::1'), 'fe80--1');
});

for (const name of ['../ca/ca', 'a/b', 'a\\b', '.hidden', '..', 'con', 'NUL.crt', 'end.', 'a*b', 'a\0b', ''])
  test(`${JSON.stringify(name)} cannot name a file`, () => {
    assert.throws(() => fileNameOf(name), userError('file-name'));
  });
