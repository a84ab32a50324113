import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { InventoryRecord } from '../../../src/core/pki/inventory';
import { ledgerLine, mergeLedger, parseLedger, withoutLedger } from '../../../src/core/pki/ledger';

const record = (n: number): InventoryRecord => ({
  name: `d${n}`,
  role: 'device',
  serial: `${n}`,
  fingerprint: 'AA',
  issuer: 'CA',
  notBefore: '',
  notAfter: '',
  file: `devices/d${n}.crt`,
  status: 'valid',
});
const records = [1, 2, 3].map(record);
const text = records.map(ledgerLine).join('');

test('a ledger cut at any place gives the whole lines before the cut', () => {
  fc.assert(
    fc.property(fc.nat(text.length), (cut) => {
      const whole = text.slice(0, cut).split('\n').length - 1;
      const ledger = parseLedger(text.slice(0, cut));
      assert.equal(ledger.records.length, whole);
      assert.equal(ledger.goodLength, records.slice(0, whole).map(ledgerLine).join('').length);
    }),
  );
});

test('a record of the inventory wins over the one of the ledger', () => {
  const revoked: InventoryRecord = { ...record(2), status: 'revoked' };
  const merged = mergeLedger([record(9), revoked], records);
  assert.deepEqual(
    merged.map((r) => `${r.serial} ${r.status}`),
    ['9 valid', '2 revoked', '1 valid', '3 valid'],
  );
  assert.deepEqual(withoutLedger(merged, records), [record(9), revoked]);
});
