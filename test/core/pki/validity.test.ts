import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validityFor } from '../../../src/core/pki/validity';
import { userError } from '../../support/userError';

const now = new Date('2026-05-01T12:00:00.750Z');
const issuer = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2030-01-01T00:00:00Z') };

test('starts an hour ago, in whole seconds', () => {
  const { notBefore, notAfter, notes } = validityFor(now, 10, issuer);
  assert.equal(notBefore.toISOString(), '2026-05-01T11:00:00.000Z');
  assert.equal(notAfter.toISOString(), '2026-05-11T12:00:00.000Z');
  assert.deepEqual(notes, []);
});

test('never outlives its issuer, and says so', () => {
  const { notAfter, notes } = validityFor(now, 36_500, issuer);
  assert.deepEqual(notAfter, issuer.notAfter);
  assert.match(notes[0] ?? '', /2030-01-01 only/);
});

test('does not start before its issuer', () => {
  const young = { ...issuer, notBefore: new Date('2026-05-01T11:59:00Z') };
  assert.deepEqual(validityFor(now, 10, young).notBefore, young.notBefore);
});

test('an issuer about to expire is announced, an expired or future one refused', () => {
  const ends = (text: string) => ({ ...issuer, notAfter: new Date(text) });
  assert.match(validityFor(now, 10, ends('2026-06-01T12:00:00Z')).notes.join(), /expires in 31 days/);
  assert.throws(() => validityFor(now, 10, ends('2026-05-01T12:00:00Z')), userError('authority-expired', /2026-05-01/));
  const future = { ...issuer, notBefore: new Date('2026-05-02T00:00:00Z') };
  assert.throws(() => validityFor(now, 10, future), userError('authority-not-yet-valid', /clock/));
});

for (const days of [0, -1, 1.5, 36_501, Number.NaN])
  test(`${days} days are refused`, () => {
    assert.throws(() => validityFor(now, days), userError('days'));
  });
