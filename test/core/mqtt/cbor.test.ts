import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cborText } from '../../../src/core/mqtt/cbor';

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const oneLine = (text: string | undefined): string | undefined => text?.replace(/\n\s*/g, '');

test('the examples of RFC 8949, appendix A', () => {
  const examples: [hex: string, text: string][] = [
    ['00', '0'],
    ['1818', '24'],
    ['1bffffffffffffffff', '18446744073709551615'],
    ['3bffffffffffffffff', '-18446744073709551616'],
    ['3863', '-100'],
    ['f90000', '0.0'],
    ['f98000', '-0.0'],
    ['f93e00', '1.5'],
    ['f97bff', '65504.0'],
    ['fa47c35000', '100000.0'],
    ['fb3ff199999999999a', '1.1'],
    ['f90001', '5.960464477539063e-8'],
    ['f97c00', 'Infinity'],
    ['f97e00', 'NaN'],
    ['f4', 'false'],
    ['f7', 'undefined'],
    ['f8ff', 'simple(255)'],
    ['c11a514b67b0', '1(1363896240)'],
    ['4401020304', "h'01020304'"],
    ['62c3bc', '"ü"'],
    ['83010203', '[1,2,3]'],
    ['a26161016162820203', '{"a": 1,"b": [2,3]}'],
    ['5f42010243030405ff', "(_ h'0102', h'030405')"],
    ['9f018202039f0405ffff', '[1,[2,3],[4,5]]'],
    ['bf6346756ef563416d7421ff', '{"Fun": true,"Amt": -2}'],
    ['80', '[]'],
    ['a0', '{}'],
  ];
  for (const [hex, text] of examples) assert.equal(oneLine(cborText(fromHex(hex))), text, hex);
});

test('what is cut, has bytes after it, or is reserved is not CBOR', () => {
  for (const hex of ['', '18', '61', '8301', 'ff', '0000', '1c', 'f800', '62c328', '5f6161ff', 'fa4700'])
    assert.equal(cborText(fromHex(hex)), undefined, hex);
});

test('bombs are refused: depth, claimed lengths, endless lists', () => {
  assert.equal(cborText(new Uint8Array(100_000).fill(0x81)), undefined);
  assert.equal(cborText(fromHex('9bffffffffffffffff')), undefined);
  assert.equal(cborText(fromHex('5bffffffffffffffff')), undefined);
  assert.equal(cborText(Uint8Array.of(0x9f, ...new Uint8Array(30_000), 0xff)), undefined);
});

test('any bytes at all give a text or nothing', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void cborText(bytes)));
});

test('a byte string of megabytes is shown from its beginning, with its length', () => {
  const bytes = new Uint8Array(3_000_005);
  bytes.set([0x5a, 0x00, 0x2d, 0xc6, 0xc0]);
  const text = cborText(bytes) ?? '';
  assert.equal(text, `h'${'00'.repeat(4096)}…' / 3000000 bytes /`);
});
