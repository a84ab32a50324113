import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../../src/core/errors';
import { hexText, payloadBytes } from '../../../src/core/mqtt/payloadBytes';

test('text, hex and base64 become bytes', () => {
  assert.deepEqual([...payloadBytes('é', 'text')], [0xc3, 0xa9]);
  assert.deepEqual([...payloadBytes('0xDE ad\nbe ef', 'hex')], [0xde, 0xad, 0xbe, 0xef]);
  assert.deepEqual([...payloadBytes('3q2+ 7w==', 'base64')], [0xde, 0xad, 0xbe, 0xef]);
  for (const encoding of ['text', 'hex', 'base64'] as const) assert.equal(payloadBytes('', encoding).length, 0);
});

test('what is not hex or base64 is refused', () => {
  for (const text of ['abc', 'zz']) assert.throws(() => payloadBytes(text, 'hex'), UserError);
  assert.throws(() => payloadBytes('*', 'base64'), UserError);
});

test('hex is read back', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.deepEqual(payloadBytes(hexText(bytes), 'hex'), bytes);
});
