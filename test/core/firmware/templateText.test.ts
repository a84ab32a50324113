import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeLiteral } from '../../../src/core/firmware/templateLiterals';
import { expandIncludes, fillDefault, includesOf, renderTemplateText } from '../../../src/core/firmware/templateText';

test('a mark is replaced by the value in the language it names', () => {
  const values = new Map([
    ['host', 'a"b'],
    ['port', '8883'],
  ]);
  assert.equal(renderTemplateText('H {{host|c}} P {{port|int}}', values), 'H "a\\"b" P 8883');
});

test('a value that looks like a mark is not rendered again', () => {
  const values = new Map([
    ['a', '{{b|c}}'],
    ['b', 'secret'],
  ]);
  assert.equal(renderTemplateText('{{a|c}}', values), '"{{b|c}}"');
});

test('an unknown slot, an unknown literal and a bare mark are bugs that are named', () => {
  assert.throws(() => renderTemplateText('{{nope|c}}', new Map()), /nope/);
  assert.throws(() => renderTemplateText('{{a|html}}', new Map([['a', '']])), /unknown literal/);
  assert.throws(() => renderTemplateText('x {{a}}', new Map([['a', '']])), /does not say how/);
});

test('a C string stays on one line and keeps letters of any script readable', () => {
  assert.equal(writeLiteral('Zürich\n"\\?', 'c'), '"Zürich\\n\\"\\\\\\?"');
  assert.equal(writeLiteral('\u0001' + '7', 'c'), '"\\0017"');
  assert.equal(writeLiteral('\u202e', 'c'), '"\\342\\200\\256"', 'bidirectional marks cannot disguise the code');
});

test('a raw literal picks a delimiter that the value does not hold', () => {
  assert.equal(writeLiteral('a\nb', 'raw'), 'R"PEM(a\nb)PEM"');
  assert.equal(writeLiteral(')PEM"', 'raw'), 'R"PEM1()PEM")PEM1"');
  assert.equal(writeLiteral('a\rb', 'raw'), '"a\\rb"', 'a carriage return would not survive a checkout');
});

test('a number that is none is refused', () => {
  assert.throws(() => writeLiteral('1; evil()', 'int'), /whole number/);
});

test('comments, YAML and Markdown cannot be left', () => {
  assert.equal(writeLiteral('a */ b\n#define X \\', 'comment'), 'a * / b #define X ');
  assert.equal(writeLiteral('a\n"é', 'yaml'), '"a\\n\\"\\u00e9"');
  assert.equal(writeLiteral('[x](http://y)\n# z', 'md'), '\\[x\\]\\(http://y\\) \\# z');
  assert.throws(() => writeLiteral('a\nb', 'ini'), /ini/);
});

test('defaults name other slots', () => {
  assert.equal(fillDefault('devices/{{device}}/x', new Map([['device', 'd']])), 'devices/d/x');
});

test('a line that names a file of the folder is that file, which may name others', () => {
  const files: Record<string, string> = { 'shared/a.md': 'A\n{{>shared/b.md}}\nZ\n', 'shared/b.md': 'B\n' };
  const text = '1\n{{>shared/a.md}}\n2\n';
  assert.deepEqual(includesOf(text), ['shared/a.md']);
  assert.equal(
    expandIncludes(text, (source) => files[source] ?? ''),
    '1\nA\nB\nZ\n2\n',
  );
});
