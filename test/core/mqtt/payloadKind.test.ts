import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { payloadText, summarizePayload } from '../../../src/core/mqtt/payloadKind';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('payload kind', () => {
  const cases: readonly [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(), 'empty'],
    ['an object', bytes(' {"a": 1}'), 'json'],
    ['a number', bytes('-21.5e3\n'), 'json'],
    ['a sentence', bytes('21.5 °C'), 'text'],
    ['a PNG', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'image'],
    ['text that begins like a bitmap', bytes('BMW'), 'text'],
    ['bytes', new Uint8Array([1, 2, 0, 255]), 'binary'],
    ['broken UTF-8', new Uint8Array([0xc3, 0x28]), 'binary'],
  ];
  for (const [name, payload, kind] of cases) {
    it(`sees ${kind} in ${name}`, () => assert.equal(summarizePayload(payload).kind, kind));
  }

  it('does not cut a character in two for the preview of a long text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 100, maxLength: 400 }),
        fc.integer({ min: 5, max: 50 }),
        (text, max) => {
          fc.pre(!text.includes('\u0000') && payloadText(bytes(text)) === text);
          const { kind, preview } = summarizePayload(bytes(text), max);
          assert.notEqual(kind, 'binary');
          assert.ok(preview.length <= max && text.startsWith(preview.replace(/[\ud800-\udbff]$/, '')));
        },
      ),
    );
  });

  it('gives the whole text, or undefined where it is none', () => {
    assert.equal(payloadText(bytes('\ufeffä')), '\ufeffä');
    assert.equal(payloadText(new Uint8Array([0xff])), undefined);
    assert.equal(payloadText(bytes('a\u0000')), undefined);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => void summarizePayload(payload)));
  });
});
