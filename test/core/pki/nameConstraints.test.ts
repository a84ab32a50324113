import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkPermitted,
  decodeNameConstraints,
  encodeNameConstraints,
  type NameConstraints,
  parseNameConstraints,
} from '../../../src/core/pki/nameConstraints';
import { userError } from '../../support/userError';

const parse = (dns: string[], networks: string[] = []) => parseNameConstraints(dns, networks) as NameConstraints;

test('domains and networks come back from their encoding as they were understood', () => {
  const constraints = parse(['*.Example.com', '.lan.example'], ['192.168.77.5/16', '10.0.0.1', '2001:db8::1/33']);
  assert.deepEqual(constraints, {
    dns: ['example.com', 'lan.example'],
    networks: ['192.168.0.0/16', '10.0.0.1/32', '2001:db8::/33'],
  });
  assert.deepEqual(decodeNameConstraints(encodeNameConstraints(constraints)), constraints);
  assert.equal(parseNameConstraints([], []), undefined);
});

test('a domain permits itself and what is below it; a network its addresses; a kind without entries is free', () => {
  const dns = (value: string) => ({ type: 'dns', value }) as const;
  const ip = (value: string) => ({ type: 'ip', value }) as const;
  const both = parse(['example.com'], ['192.168.0.0/23']);
  checkPermitted([dns('example.com'), dns('MQTT.example.com'), ip('192.168.1.255')], both, 'CA');
  for (const name of [dns('badexample.com'), dns('example.com.evil.org'), ip('192.168.2.0'), ip('::1')])
    assert.throws(() => checkPermitted([name], both, 'CA'), userError('name-constraints'));
  checkPermitted([ip('8.8.8.8')], parse(['example.com']), 'CA');
});

test('what is no network is refused', () => {
  for (const text of ['192.168.0.0/33', '192.168.0/16', 'example.com', '10.0.0.0/8/8', '10.0.0.0/x'])
    assert.throws(() => parse([], [text]), userError('network'));
  assert.throws(() => parse(['exa mple']), userError('dns-name'));
});
