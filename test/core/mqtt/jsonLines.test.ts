import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jsonLines } from '../../../src/core/mqtt/jsonLines';

const render = (text: string): string[] | undefined =>
  jsonLines(text)?.map((line) => '  '.repeat(line.depth) + line.tokens.map((token) => token.text).join(''));

test('an object is laid out with its entries counted', () => {
  assert.deepEqual(render('{"t":21.50,"ok":true,"tags":["a",null],"none":{}}'), [
    '{',
    '  "t": 21.50,',
    '  "ok": true,',
    '  "tags": [',
    '    "a",',
    '    null',
    '  ],',
    '  "none": {}',
    '}',
  ]);
  const lines = jsonLines('{"t":1,"tags":[1,2,3],"o":{}}');
  assert.deepEqual([lines?.[0]?.closesAt, lines?.[0]?.entries, lines?.[2]?.entries], [8, 3, 3]);
});

test('digits that a double cannot hold stay', () => {
  assert.deepEqual(render('12345678901234567890.10'), ['12345678901234567890.10']);
});

test('a string full of punctuation is one token', () => {
  assert.deepEqual(render('["a,\\"]}{:"]'), ['[', '  "a,\\"]}{:"', ']']);
});

test('what is not JSON has no lines', () => {
  for (const text of ['', '{', '{"a":1,}', 'hello', '[1 2]']) assert.equal(jsonLines(text), undefined);
});

test('twenty thousand levels cost no stack', () => {
  const deep = 20_000;
  assert.equal(jsonLines('['.repeat(deep) + ']'.repeat(deep))?.length, 2 * deep - 1);
});

test('the layout is the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse((render(JSON.stringify(value)) ?? []).join('\n')), JSON.parse(JSON.stringify(value)));
    }),
  );
});
