import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseOffset } from '../../../src/core/firmware/flashFile';

it('reads offsets in hex and decimal only', () => {
  assert.equal(parseOffset('0x10000'), 65536);
  assert.equal(parseOffset('4096'), 4096);
  for (const text of ['', 'x', '10000h', '-1', '0x1000000000', '1e3'])
    assert.throws(() => parseOffset(text), { code: 'offset-invalid' });
});
