import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineDiff } from '../../../src/core/mqtt/lineDiff';

const drawn = (before: string, after: string): string[] =>
  lineDiff(before.split(' '), after.split(' ')).map(
    ({ change, text }) => ({ same: ' ', removed: '-', added: '+' })[change] + text,
  );

test('a changed line is shown as removed and added', () => {
  assert.deepEqual(drawn('a b c', 'a x c'), [' a', '-b', '+x', ' c']);
});

test('lines in between are kept', () => {
  assert.deepEqual(drawn('a b c d', 'b x d e'), ['-a', ' b', '-c', '+x', ' d', '+e']);
});

test('equal texts have no change', () => {
  assert.ok(lineDiff(['a', 'b'], ['a', 'b']).every(({ change }) => change === 'same'));
});

test('both sides can be read back', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'));
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = lineDiff(before, after);
      const side = (gone: string): string[] => diff.filter(({ change }) => change !== gone).map(({ text }) => text);
      assert.deepEqual([side('added'), side('removed')], [before, after]);
    }),
  );
});

test('two texts with nothing in common and many lines are shown whole, at once', () => {
  const many = (prefix: string): string[] => Array.from({ length: 20_000 }, (_, i) => prefix + i);
  assert.equal(lineDiff(many('a'), many('b')).length, 40_000);
});
