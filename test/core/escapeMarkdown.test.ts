import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeMarkdown } from '../../src/core/escapeMarkdown';

test('what others wrote becomes no markup, and stays readable', () => {
  assert.equal(
    escapeMarkdown('a_b *c* [x](y) `z` <img> #1 | ~~s~~ !'),
    'a\\_b \\*c\\* \\[x\\](y) \\`z\\` \\<img\\> \\#1 \\| \\~\\~s\\~\\~ \\!',
  );
  assert.equal(escapeMarkdown('one\r\n\n# two'), 'one \\# two');
  for (const plain of ['-0x2700 at broker.local:8883 (x-y)', '10.0.0.7', '1.5 V', 'a - b'])
    assert.equal(escapeMarkdown(plain), plain);
  assert.equal(escapeMarkdown('+ 1'), '\\+ 1');
  assert.equal(escapeMarkdown('1. first'), '1\\. first');
  assert.equal(escapeMarkdown('---'), '\\---');
  assert.equal(escapeMarkdown('==='), '\\===');
});
