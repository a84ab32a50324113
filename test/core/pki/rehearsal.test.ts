import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryRecord } from '../../../src/core/pki/inventory';
import { rehearse } from '../../../src/core/pki/rehearsal';

const record = (
  name: string,
  role: InventoryRecord['role'],
  notAfter: string,
  status: InventoryRecord['status'] = 'valid',
) => ({
  name,
  role,
  notAfter,
  status,
  serial: name,
  fingerprint: '',
  issuer: 'CA',
  notBefore: '2026-01-01T00:00:00Z',
  file: `${name}.crt`,
});

test('what has ended by the day is told in order, with what happens', () => {
  const records = [
    record('CA', 'authority', '2046-01-01T00:00:00Z'),
    record('d2', 'device', '2028-06-01T00:00:00Z'),
    record('broker', 'broker', '2027-06-01T00:00:00Z'),
    record('gone', 'device', '2027-01-01T00:00:00Z', 'revoked'),
    record('old', 'device', '2027-01-01T00:00:00Z', 'replaced'),
  ];
  const told = rehearse(records, Date.parse('2030-01-01T00:00:00Z'));
  assert.deepEqual(
    told.map((b) => b.record.name),
    ['broker', 'd2'],
  );
  assert.match(told[0]?.effect ?? '', /^Since 2027-06-01 .*ESP32 boards go on in silence/);
  assert.deepEqual(rehearse(records, Date.parse('2026-06-01T00:00:00Z')), []);
});
