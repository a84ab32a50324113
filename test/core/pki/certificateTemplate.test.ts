import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { serialFrom } from '../../../src/core/pki/certificateTemplate';

test('serial numbers are positive, minimal and 15 to 17 bytes, whatever the random bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
      const [first = 0, second = 0] = serialFrom(random);
      assert.ok(first < 0x80, 'positive');
      assert.ok(first !== 0 || second >= 0x80, 'minimal');
    }),
  );
  assert.equal(serialFrom(new Uint8Array(16))[0], 1);
});
