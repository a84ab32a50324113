// Lines that never end: JSON, certificates in base64, a board whose line endings were lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDecoder } from '../../../src/core/decode/decoder';
import { piecesOf } from '../../../src/core/decode/longLine';

const ERROR = ' mbedtls_ssl_handshake returned -0x2700 ';

test('an error is found at its column wherever it stands in a long line, and once', () => {
  fc.assert(
    fc.property(fc.nat(12_000), fc.nat(6_000), (before, after) => {
      const line = `${'x'.repeat(before)}${ERROR}${'y'.repeat(after)}`;
      const found = createDecoder().next(line);
      assert.deepEqual(
        found.map(({ name, column, text }) => [name, column, text]),
        [['MBEDTLS_ERR_X509_CERT_VERIFY_FAILED', before + ERROR.indexOf('-0x') + 1, '-0x2700']],
      );
    }),
    { numRuns: 300 },
  );
});

test('a code that a piece ends in is not read as another', () => {
  for (let before = 1700; before < 2100; before += 1) {
    const found = createDecoder().next(`${'x'.repeat(before)}${ERROR}${'y'.repeat(3000)}`);
    assert.deepEqual(
      found.map(({ text }) => text),
      ['-0x2700'],
      String(before),
    );
  }
});

test('every place of a line is owned by one piece, with text on both sides of it', () => {
  for (const length of [0, 1, 2047, 2048, 2049, 3584, 3585, 65_536]) {
    const pieces = piecesOf('x'.repeat(length));
    let next = 0;
    for (const { text, from, ownFrom, ownTo } of pieces) {
      assert.equal(from + ownFrom, next);
      assert.ok(text.length <= 2048 && ownTo <= text.length);
      next = from + ownTo;
    }
    assert.equal(next, length);
  }
});
