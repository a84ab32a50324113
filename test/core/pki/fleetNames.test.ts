import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesFromCsv, namesFromPattern } from '../../../src/core/pki/fleetNames';
import { userError } from '../../support/userError';

test('a pattern counts on from its number, at least as wide as it is written', () => {
  assert.deepEqual([...namesFromPattern('dev-{0009}-x', 3)], ['dev-0009-x', 'dev-0010-x', 'dev-0011-x']);
  assert.deepEqual([...namesFromPattern('d{9}', 2)], ['d9', 'd10']);
  assert.equal([...namesFromPattern('dev-{00001}', 10_000)].at(-1), 'dev-10000');
});

test('names come one at a time, so a million costs no memory', () => {
  const names = namesFromPattern('d{1}', 1_000_000)[Symbol.iterator]();
  assert.equal(names.next().value, 'd1');
});

for (const [pattern, count, code] of [
  ['dev', 3, 'fleet-pattern'],
  ['dev-{}', 3, 'fleet-pattern'],
  ['{1}-{2}', 3, 'fleet-pattern'],
  ['a/{1}', 3, 'file-name'],
  ['d{99999999999999999999}', 3, 'fleet-pattern'],
  [`${'x'.repeat(62)}{1}`, 1000, 'common-name'],
  ['d{1}', 0, 'fleet-count'],
  ['d{1}', 1.5, 'fleet-count'],
  ['d{1}', Number.NaN, 'fleet-count'],
  ['d{1}', 2_000_000, 'fleet-count'],
] as const)
  test(`pattern "${pattern.slice(-12)}" with ${count} is refused`, () => {
    assert.throws(() => namesFromPattern(pattern, count), userError(code));
  });

test('a CSV gives the column that is called name, wherever it stands', () => {
  const csv = '\uFEFFplace;Name;mac\r\nhall;dev-1;aa\r\n"yard; left";"dev-2";bb\r\n\r\n# done\r\n';
  assert.deepEqual(namesFromCsv(csv, 'f.csv'), ['dev-1', 'dev-2']);
  assert.deepEqual(namesFromCsv('dev-1\ndev-2', 'f.csv'), ['dev-1', 'dev-2']);
  assert.deepEqual(namesFromCsv('x,cn\n"say ""hi""",dev-1', 'f.csv'), ['dev-1']);
});

test('a repeated or impossible name is reported with its line', () => {
  assert.throws(
    () => namesFromCsv('name\ndev-1\ndev-2\nDEV-1', 'f.csv'),
    userError('fleet-csv', /f\.csv line 4: "DEV-1" stands in line 2/),
  );
  assert.throws(() => namesFromCsv('name\ndev/1', 'f.csv'), userError('fleet-csv', /line 2/));
  assert.throws(() => namesFromCsv('place,name\nhall,', 'f.csv'), userError('fleet-csv', /line 2.*empty/));
  assert.throws(() => namesFromCsv('name\n', 'f.csv'), userError('fleet-csv', /no device names/));
});
