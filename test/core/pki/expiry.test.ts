import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expiryGrade, expiryText } from '../../../src/core/pki/expiry';

const record = (notAfter: string, status: 'valid' | 'revoked' | 'replaced' = 'valid') => ({ notAfter, status });
const now = Date.parse('2026-05-01T12:00:00Z');

for (const [notAfter, grade, text] of [
  ['2036-01-01T00:00:00.000Z', 'good', 'until 2036-01-01'],
  ['2026-05-31T12:00:00.000Z', 'good', 'until 2026-05-31'],
  ['2026-05-31T11:59:59.000Z', 'soon', 'expires in 29 days'],
  ['2026-05-02T12:00:00.000Z', 'soon', 'expires in 1 day'],
  ['2026-05-01T12:00:01.000Z', 'soon', 'expires today'],
  ['2026-05-01T12:00:00.000Z', 'expired', 'expired on 2026-05-01'],
] as const)
  test(`a certificate that ends ${notAfter} is "${text}"`, () => {
    assert.equal(expiryGrade(record(notAfter), now), grade);
    assert.equal(expiryText(record(notAfter), now), text);
  });

test('revoked comes before any date', () => {
  assert.equal(expiryText(record('2020-01-01T00:00:00Z', 'revoked'), now), 'revoked');
});
