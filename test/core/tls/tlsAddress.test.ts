import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTlsAddress } from '../../../src/core/tls/tlsAddress';

describe('TLS address', () => {
  for (const [text, host, port] of [
    ['mqtts://localhost:8884', 'localhost', 8884],
    ['broker.example.com', 'broker.example.com', 8883],
    [' tls://10.0.0.1:1/ ', '10.0.0.1', 1],
    ['[::1]:8883', '::1', 8883],
  ] as const) {
    it(`reads ${text}`, () => assert.deepEqual(parseTlsAddress(text), { host, port }));
  }
  for (const text of [
    '',
    'http://localhost',
    'mqtt://localhost:1883',
    'a b',
    'host:0',
    'host:70000',
    'user@host',
    'a/b',
  ]) {
    it(`refuses "${text}"`, () => assert.equal(parseTlsAddress(text), undefined));
  }
});
