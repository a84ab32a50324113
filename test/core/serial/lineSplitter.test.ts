import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Line, LineSplitter } from '../../../src/core/serial/lineSplitter';

const bytes = (text: string) => new TextEncoder().encode(text);

function split(chunks: readonly Uint8Array[], max?: number): Line[] {
  const splitter = new LineSplitter(max);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

const texts = (lines: readonly Line[]) => lines.map(({ text }) => text);

test('splits at LF, CRLF and lone CR', () => {
  assert.deepEqual(split([bytes('a\nb\r\nc\rd')]), [
    { text: 'a', ending: '\n', truncated: false },
    { text: 'b', ending: '\r\n', truncated: false },
    { text: 'c', ending: '\r', truncated: false },
    { text: 'd', ending: '', truncated: false },
  ]);
});

test('keeps a CRLF that is cut between its two bytes as one ending', () => {
  assert.deepEqual(
    split([bytes('a\r'), bytes('\nb\n')]).map(({ ending }) => ending),
    ['\r\n', '\n'],
  );
});

test('keeps a character that is cut between its bytes', () => {
  const euro = bytes('20 €\n');
  assert.deepEqual(texts(split([euro.slice(0, 4), euro.slice(4)])), ['20 €']);
});

test('reads UTF-16 with a byte order mark', () => {
  const text = '\ufeffE (1) esp-tls: -0x2700\n';
  const little = new Uint8Array([...text].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]));
  assert.deepEqual(texts(split([little.slice(0, 1), little.slice(1, 4), little.slice(4)])), ['E (1) esp-tls: -0x2700']);
});

test('a line without end stays bounded and says that it is cut', () => {
  const splitter = new LineSplitter(10);
  const lines: Line[] = [];
  for (let i = 0; i < 100; i += 1) {
    lines.push(...splitter.push(bytes('xxx')));
    assert.ok(splitter.partial.length <= 10);
  }
  lines.push(...splitter.end());
  assert.equal(texts(lines).join(''), 'x'.repeat(300));
  assert.equal(lines.filter(({ truncated }) => truncated).length, 29);
});

test('any chunking gives the same lines and loses no character', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\r', '\n', '\r\n', '€', '😀', '\0'))),
      fc.array(fc.nat(7)),
      fc.integer({ min: 2, max: 20 }),
      (parts, cuts, max) => {
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(parts.join('')));
        const all = bytes(text);
        if ((all[0] === 0xff && all[1] === 0xfe) || (all[0] === 0xfe && all[1] === 0xff)) return;
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(all.slice(at, at + cut));
          at += cut;
        }
        chunks.push(all.slice(at));
        const lines = split(chunks, max);
        assert.deepEqual(lines, split([all], max));
        assert.equal(lines.map((line) => line.text + line.ending).join(''), text);
        for (const line of lines) assert.ok(line.text.length <= max);
      },
    ),
    { numRuns: 300 },
  );
});
