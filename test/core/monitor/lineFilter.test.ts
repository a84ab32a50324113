import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLineFilter } from '../../../src/core/monitor/lineFilter';
import { userError } from '../../support/userError';

const LINES = [
  'E (10) esp-tls: failed',
  'W (12:00:01.234) wifi: weak',
  'I (30) wifi:new:<1,0>',
  '\u001b[0;32mI (40) main: hello\u001b[0m',
  'D (50) main: Path a/b',
  'V (60) nvs: detail',
  '[  123][W][WiFiGeneric.cpp:950] _eventCallback(): lost',
  'ets Jun  8 2016 00:22:57',
];
const shown = (words: string) => LINES.flatMap((line, n) => (parseLineFilter(words)?.(line) === true ? [n] : []));

test('no words are no filter', () => {
  assert.equal(parseLineFilter(''), undefined);
  assert.equal(parseLineFilter('  '), undefined);
});

test('a level shows itself and what is worse, and lines that have none', () => {
  assert.deepEqual(shown('level:E'), [0, 7]);
  assert.deepEqual(shown('level:w'), [0, 1, 6, 7]);
  assert.deepEqual(shown('LEVEL:I'), [0, 1, 2, 3, 6, 7]);
  assert.deepEqual(shown('level:D'), [0, 1, 2, 3, 4, 6, 7]);
  assert.deepEqual(shown('level:V'), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.deepEqual(shown('-level:W'), [2, 3, 4, 5]);
});

test('tags, texts and expressions, each turned round by a minus, all of which must hold', () => {
  assert.deepEqual(shown('tag:wifi'), [1, 2, 6]);
  assert.deepEqual(shown('-tag:wifi'), [0, 3, 4, 5, 7]);
  assert.deepEqual(shown('tag:WIFI level:W'), [1, 6]);
  assert.deepEqual(shown('HELLO'), [3]);
  assert.deepEqual(shown('/^I .*hello$/'), [3], 'colours are no part of a line');
  assert.deepEqual(shown('/HELLO/'), []);
  assert.deepEqual(shown('/HELLO/i'), [3]);
  assert.deepEqual(shown('/a\\/b/'), [4]);
  assert.deepEqual(shown('-/\\(\\d+\\)/'), [1, 6, 7]);
  assert.deepEqual(shown('/weak|lost/ -tag:generic'), [1]);
  assert.deepEqual(shown('-'), [0], 'a lone minus is a text');
});

test('what is no level and no expression is told', () => {
  assert.throws(() => parseLineFilter('level:X'), userError('filter-invalid', /"level:X" is not a level/));
  assert.throws(() => parseLineFilter('level:'), userError('filter-invalid', /not a level/));
  assert.throws(() => parseLineFilter('/(/'), userError('filter-invalid', /The expression \/\(\/ cannot be used/));
});
