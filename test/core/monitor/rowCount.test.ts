import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowCount } from '../../../src/core/monitor/rowCount';

test('a line fills as many rows as it wraps to, its time stamp counted and its colours not', () => {
  assert.equal(rowCount('', 80), 1);
  assert.equal(rowCount('x'.repeat(80), 80), 1);
  assert.equal(rowCount('x'.repeat(81), 80), 2);
  assert.equal(rowCount('x'.repeat(161), 80), 3);
  assert.equal(rowCount('x'.repeat(70), 80, 11), 2);
  assert.equal(rowCount('x'.repeat(70), 80, 10), 1);
  assert.equal(rowCount(`\u001b[0;32m${'x'.repeat(80)}\u001b[0m`, 80), 1);
  assert.equal(rowCount('😀'.repeat(40), 40), 1);
});

test('a terminal of unknown or no width has one row a line', () => {
  assert.equal(rowCount('x'.repeat(500), undefined), 1);
  assert.equal(rowCount('x'.repeat(500), 0), 1);
  assert.equal(rowCount('xyz', 1), 3);
});
