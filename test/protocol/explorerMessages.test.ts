import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addressOf, newProfile } from '../../src/core/mqtt/connectionProfile';
import { ParseError } from '../../src/core/parse';
import { paneRequest } from '../../src/protocol/explorerMessages';

const parse = (value: unknown) => paneRequest(value, 'request');

test('a request keeps its fields and loses what it should not have', () => {
  assert.deepEqual(parse({ type: 'showRows', start: 10, count: 40, extra: 'x' }), {
    type: 'showRows',
    start: 10,
    count: 40,
  });
});

test('a profile of a new connection parses', () => {
  const profile = newProfile({
    id: 'a',
    trust: { type: 'file', path: '/ca.crt' },
    identity: { type: 'device', name: 'd' },
  });
  assert.deepEqual(parse({ type: 'connect', profile, password: null, passphrase: '' }), {
    type: 'connect',
    profile,
    password: null,
    passphrase: '',
  });
});

test('a refusal names the field', () => {
  const profile = { ...newProfile({ id: 'a' }), port: 0 };
  assert.throws(() => parse({ type: 'testTls', profile }), /request\.profile\.port: expected a whole number/);
  assert.throws(() => parse({ type: 'run', command: 'workbench.action.quit' }), /request\.command: expected one of/);
  assert.throws(() => parse({ type: 'format-disk' }), /request\.type: expected one of ready/);
});

test('an inherited or prototype key is no request', () => {
  for (const type of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
    assert.throws(() => parse({ type }), ParseError);
});

test('anything at all either parses or is refused with a ParseError', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      try {
        parse(value);
      } catch (error) {
        assert.ok(error instanceof ParseError);
      }
    }),
  );
});

test('an address is shown as a URL', () => {
  assert.equal(addressOf(newProfile({ id: 'a' })), 'mqtts://localhost:8883');
  assert.equal(addressOf(newProfile({ id: 'a', protocol: 'wss', host: 'b.example' })), 'wss://b.example:443/mqtt');
  assert.equal(addressOf(newProfile({ id: 'a', protocol: 'mqtt', host: '::1' })), 'mqtt://[::1]:1883');
});
