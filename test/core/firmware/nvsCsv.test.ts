import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsvRows } from '../../../src/core/firmware/csvText';
import { parseNvsCsv } from '../../../src/core/firmware/nvsCsv';
import { userError } from '../../support/userError';

const HEAD = 'key,type,encoding,value\n';
const parse = (text: string) => parseNvsCsv(text, () => Uint8Array.of(1));

test('each mistake is told with the number of its line', () => {
  for (const [rows, code, message] of [
    ['n,namespace,,\nk,data,u128,1\n', 'nvs-csv-encoding', /^Line 3 of the CSV: "k" has the encoding "u128"/],
    ['n,namespace,,\nk,data,constructor,1\n', 'nvs-csv-encoding', /^Line 3 of the CSV: "k" has the encoding "constr/],
    ['n,namespace,,\nk,data\n', 'nvs-csv-encoding', /^Line 3 /],
    ['n,namespace,,\nk,blob,u8,1\n', 'nvs-csv-type', /^Line 3 of the CSV: "k" has the type "blob"/],
    ['n,namespace,,\nk,data,u8,256\n', 'nvs-csv-value', /^Line 3 of the CSV: "k" is 256; u8 holds 0 to 255/],
    ['n,namespace,,\nk,data,i8,-129\n', 'nvs-csv-value', /^Line 3 .* -128 to 127/],
    ['n,namespace,,\nk,data,u8,0x10\n', 'nvs-csv-value', /^Line 3 .*not a whole number in decimal/],
    ['n,namespace,,\nk,data,hex2bin,abc\n', 'nvs-csv-value', /^Line 3 .*not hexadecimal/],
    ['n,namespace,,\nk,data,base64,a===\n', 'nvs-csv-value', /^Line 3 .*not base64/],
    ['n,namespace,,\nk,data,blob_fill(2;0xFF),abc\n', 'nvs-csv-value', /^Line 3 .*3 bytes, more than the 2/],
    [
      'n,namespace,,\nsixteen_letters_,data,u8,1\n',
      'nvs-key-too-long',
      /^Line 3 of the CSV: the key "sixteen_letters_" has/,
    ],
    ['n,namespace,,\n,data,u8,1\n', 'nvs-csv-key', /^Line 3 of the CSV: there is no key/],
    ['n,namespace,,\nschlüssel,data,u8,1\n', 'nvs-csv-key', /^Line 3 of the CSV: the key "schlüssel"/],
    ['k,data,u8,1\n', 'nvs-no-namespace', /^Line 2 of the CSV: "k" stands before the first namespace/],
  ] as const)
    assert.throws(() => parse(HEAD + rows), userError(code, message), rows);
});

test('comments, empty lines and quoted line ends are counted', () => {
  const text = `# one\r\n${HEAD}\r\n# four\nn,namespace,,\n\nk,data,string,"a\nb\nc"\n# ten\nbad,data,u9,1\n`;
  assert.throws(() => parse(text), userError('nvs-csv-encoding', /^Line 11 of the CSV: "bad"/));
  assert.equal(parse(`\uFEFF${text.replace('u9', 'u8')}`).length, 3);
});

test('a key of fifteen characters and the limits of each integer pass', () => {
  const rows = ['u8,255', 'i8,-128', 'u64,18446744073709551615', 'i64,-9223372036854775808'];
  const text = rows.map((row) => `fifteen_letters,data,${row}\n`).join('');
  assert.equal(parse(`${HEAD}n,namespace,,\n${text}`).length, 5);
});

test('a row knows the line on which it begins, whatever ends the lines', () => {
  const at = (text: string) => parseCsvRows(text).map(({ fields, line }) => [line, ...fields]);
  assert.deepEqual(at('a\r\n"b\r\nc"\r\n\r\nd'), [
    [0, 'a'],
    [1, 'b\r\nc'],
    [4, 'd'],
  ]);
  assert.deepEqual(at('\n\na,\n'), [[2, 'a', '']]);
});
