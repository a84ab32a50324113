import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUserProperties, userPropertyLines } from '../../../src/core/mqtt/userProperties';

test('each line is a name and a value; the value may have colons, a name may come again', () => {
  const text = 'site: north\r\n\nsite: south\nurl: http://a:1';
  const read = readUserProperties(text);
  assert.deepEqual(read, [
    { name: 'site', value: 'north' },
    { name: 'site', value: 'south' },
    { name: 'url', value: 'http://a:1' },
  ]);
  assert.ok(typeof read !== 'string');
  assert.deepEqual(readUserProperties(userPropertyLines(read)), read);
});

test('a line without a name says its number', () => {
  assert.match(String(readUserProperties('a: b\nnorth')), /^Line 2 /);
  assert.match(String(readUserProperties(': b')), /^Line 1 /);
});
