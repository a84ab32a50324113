import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { visibleLine, visibleParts } from '../../../src/core/mqtt/visibleText';

test('plain text is one part', () => {
  assert.deepEqual(visibleParts('21.5 °C', { lines: true }), [{ text: '21.5 °C', mark: false }]);
  assert.deepEqual(visibleParts('', { lines: true }), []);
});

test('bidirectional overrides and zero-width characters are named', () => {
  assert.equal(visibleLine('invoice\u202Efdp.exe'), 'invoice⟦U+202E⟧fdp.exe');
  assert.equal(visibleLine('a\u200Bb\uFEFF'), 'a⟦U+200B⟧b⟦U+FEFF⟧');
  assert.equal(visibleLine('x\u{E0041}y'), 'x⟦U+E0041⟧y');
});

test('control characters get their names', () => {
  assert.equal(visibleLine('\0\u001b[31m\u007f'), '⟦NUL ESC⟧[31m⟦DEL⟧');
});

test('a payload keeps its lines and tabs, a topic does not', () => {
  assert.deepEqual(visibleParts('a\r\nb\tc', { lines: true }), [{ text: 'a\r\nb\tc', mark: false }]);
  assert.equal(visibleLine('a\nb'), 'a⟦LF⟧b');
  assert.deepEqual(visibleParts('over\rwritten', { lines: true })[1], { text: 'CR', mark: true });
});

test('nothing hidden is left and nothing shown is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = visibleParts(text, { lines: false });
      for (const part of shown) assert.ok(!/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(part.text));
      const plain = shown.filter((part) => !part.mark).map((part) => part.text);
      assert.equal(plain.join(''), text.replace(/[^\P{C}\p{Cn}\p{Co}\p{Cs}]|[\u2028\u2029]/gu, ''));
    }),
  );
});
