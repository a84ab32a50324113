import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hexDump } from '../../../src/core/mqtt/hexDump';

test('bytes are shown as hexdump -C shows them', () => {
  assert.equal(
    hexDump(new TextEncoder().encode('Hello, MQTT\n\u00e9 world')),
    [
      '00000000  48 65 6c 6c 6f 2c 20 4d  51 54 54 0a c3 a9 20 77  |Hello, MQTT... w|',
      '00000010  6f 72 6c 64                                       |orld|',
    ].join('\n'),
  );
});

test('no bytes make no lines', () => {
  assert.equal(hexDump(new Uint8Array()), '');
});
