import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIpAddress } from '../../../src/core/pki/ipAddress';

test('what is an address and what is not agrees with node:net on random text', () => {
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.'), maxLength: 24 }),
    fc
      .array(fc.constantFrom('0', '1', 'ff', '', '::', '1.2.3.4', '256', '12345'), { maxLength: 9 })
      .map((a) => a.join(':')),
  );
  fc.assert(
    fc.property(text, (t) => (parseIpAddress(t) !== undefined) === (isIP(t) !== 0)),
    { numRuns: 3000 },
  );
});

test('IPv6 is written as RFC 5952 says', () => {
  assert.equal(parseIpAddress('2001:0DB8:0:0:0:0:2:1'), '2001:db8::2:1');
  assert.equal(parseIpAddress('2001:db8:0:1:1:1:1:1'), '2001:db8:0:1:1:1:1:1');
  assert.equal(parseIpAddress('0:0:0:0:0:0:0:0'), '::');
  assert.equal(parseIpAddress('::ffff:192.0.2.1'), '::ffff:c000:201');
});

test('leading zeros and short forms are no IPv4', () => {
  for (const text of ['192.168.001.1', '10.1', '1.2.3.4.5', '256.1.1.1', ' 1.2.3.4'])
    assert.equal(parseIpAddress(text), undefined);
});
