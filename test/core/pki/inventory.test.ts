import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInventory, type InventoryRecord, parseInventory } from '../../../src/core/pki/inventory';
import { userError } from '../../support/userError';

const record: InventoryRecord = {
  name: 'esp32-1',
  role: 'device',
  serial: '0A',
  fingerprint: 'AA:BB',
  issuer: 'CA',
  notBefore: '2026-01-01T00:00:00.000Z',
  notAfter: '2027-01-01T00:00:00.000Z',
  file: 'devices/esp32-1.crt',
  status: 'valid',
};

test('what is written is read back, one record a line', () => {
  const records = [record, { ...record, name: 'esp32-2' }];
  const text = formatInventory(records);
  assert.deepEqual(parseInventory(text, 'inventory.json'), records);
  assert.equal(text.split('\n').length, 5);
  assert.deepEqual(parseInventory(formatInventory([]), 'inventory.json'), []);
});

for (const [what, text] of [
  ['a cut file', formatInventory([record]).slice(0, 60)],
  ['another version', '{"version":2,"certificates":[]}'],
  ['a record without a serial', '{"version":1,"certificates":[{"name":"x"}]}'],
  ['no object', 'null'],
])
  test(`${what} is refused, not taken as empty`, () => {
    assert.throws(() => parseInventory(text ?? '', 'inventory.json'), userError('inventory', /inventory\.json/));
  });
