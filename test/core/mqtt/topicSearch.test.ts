import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchMatcher } from '../../../src/core/mqtt/topicSearch';

test('a search is a filter with wildcards and a part of the topic without', () => {
  assert.equal(searchMatcher('  '), undefined);
  assert.equal(searchMatcher('TEMP')?.('home/Temperature'), true);
  assert.equal(searchMatcher('home/+')?.('home/x'), true);
  assert.equal(searchMatcher('home/+')?.('home/x/y'), false);
  assert.equal(searchMatcher('c++')?.('lang/c++'), true);
});
