import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowRates } from '../../../src/core/mqtt/rowRates';

test('a rate is what came between two readings', () => {
  const rates = new RowRates();
  const topic = 7;
  assert.equal(rates.read(topic, 100, 0), 0);
  assert.equal(rates.read(topic, 101, 500), 0);
  assert.equal(rates.read(topic, 105, 2_000), 2.5);
  assert.equal(rates.read(topic, 900, 2_100), 2.5);
  assert.equal(rates.read(topic, 105, 4_000), 0);
});

test('a topic that was off the screen starts anew', () => {
  const rates = new RowRates();
  const topic = 7;
  rates.read(topic, 0, 0);
  assert.equal(rates.read(topic, 1_000_000, 60_000), 0);
  assert.equal(rates.read(topic, 1_000_020, 62_000), 10);
});
