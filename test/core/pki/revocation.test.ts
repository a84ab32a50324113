import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InventoryRecord } from '../../../src/core/pki/inventory';
import { findRecord, parseRevocationReason, revoke } from '../../../src/core/pki/revocation';
import { userError } from '../../support/userError';

const record = (name: string, serial: string, status: InventoryRecord['status'] = 'valid'): InventoryRecord => ({
  name,
  serial,
  status,
  role: 'device',
  fingerprint: serial,
  issuer: 'CA',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: '2030-01-01T00:00:00Z',
  file: `devices/${name}-${serial}.crt`,
});
const records = [
  record('a', '01', 'replaced'),
  record('a', '02'),
  record('b', '03'),
  record('c', '04'),
  record('c', '05'),
];

test('a name means the certificate in use, a serial number exactly one', () => {
  assert.equal(findRecord(records, 'a').serial, '02');
  assert.equal(findRecord(records, '01').status, 'replaced');
  assert.throws(() => findRecord(records, 'c'), userError('ambiguous-certificate', /c-04\.crt, devices\/c-05\.crt/));
  assert.throws(() => findRecord(records, 'x'), userError('unknown-certificate'));
});

test('revoking changes one record, in its place', () => {
  const target = findRecord(records, 'b');
  const after = revoke(records, target, 'keyCompromise', new Date('2026-05-01T00:00:00Z'));
  assert.deepEqual(after[2], {
    ...target,
    status: 'revoked',
    revokedAt: '2026-05-01T00:00:00.000Z',
    reason: 'keyCompromise',
  });
  assert.deepEqual([...after.slice(0, 2), ...after.slice(3)], [...records.slice(0, 2), ...records.slice(3)]);
});

test('reasons are those of RFC 5280, in any case', () => {
  assert.equal(parseRevocationReason('keycompromise'), 'keyCompromise');
  assert.throws(() => parseRevocationReason('stolen'), userError('revocation-reason', /keyCompromise/));
});
