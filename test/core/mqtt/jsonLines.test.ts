import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutJsonLines, jsonLines } from '../../../src/core/mqtt/jsonLines';

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

const renderCut = (text: string): string | undefined =>
  cutJsonLines(text)
    ?.map((line) => line.tokens.map((token) => token.text).join(''))
    .join('');

test('the beginning of a longer text is laid out as far as its tokens are whole', () => {
  assert.equal(renderCut('{"a":[1,2],"b":"cut her'), '{"a": [1,2],"b": ');
  assert.equal(renderCut('[100,20'), '[100,');
  assert.equal(renderCut('[true,fal'), '[true,');
  assert.equal(renderCut('[1, -'), '[1,');
  assert.equal(cutJsonLines('{"a":[1,2],"b"')?.[0]?.closesAt, undefined);
  assert.equal(cutJsonLines('{"a":[1,2],"b"')?.[1]?.closesAt, 4);
});

test('the beginning of what is not JSON has no lines', () => {
  for (const text of ['', 'hello', '[hello, world', '{a: 1', '[1 & 2', '<a>']) {
    assert.equal(cutJsonLines(text), undefined, text);
  }
});

test('every beginning of a JSON text is laid out, and is a beginning of its layout', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.nat(), (value, at) => {
      const text = JSON.stringify(value);
      const whole = (jsonLines(text) ?? []).map((line) => line.tokens.map((token) => token.text).join('')).join('');
      const cut = renderCut(text.slice(0, 1 + (at % text.length)));
      assert.ok(cut !== undefined && whole.startsWith(cut), `${cut} of ${whole}`);
    }),
  );
});

test('a string of quotes that does not end costs one look', () => {
  assert.equal(renderCut(`["${'\\"'.repeat(500_000)}`), '['); // a look from each quote would take hours
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
