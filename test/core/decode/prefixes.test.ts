// What monitors write in front of a line, and what broken files look like: the findings stay those of the bare line.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { LineSplitter } from '../../../src/core/serial/lineSplitter';

const folder = join(__dirname, '../../fixtures');
const cases = readdirSync(folder)
  .filter((file) => /^serial-cases.*\.jsonl$/.test(file))
  .flatMap((file) => readFileSync(join(folder, file), 'utf8').trim().split('\n'))
  .map((line) => JSON.parse(line) as { readonly id: string; readonly lines: readonly string[] });

const brief = (lines: readonly string[]) => {
  const decoder = createDecoder();
  return [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()].map(({ line, name }) => `${line} ${name}`);
};

for (const [who, prefix] of [
  ['Arduino IDE', '13:45:12.345 -> '],
  ['PlatformIO', '13:45:12.345 > '],
  ['idf-monitor', '2026-11-25 13:45:12 '],
  ['ESPHome', '[13:45:12]'],
  ['ESPHome since 2025', '[13:45:12.345]'],
  ['minicom', '[2026-11-25 13:45:12.345] '],
  ['ts', 'Nov 25 13:45:12 '],
  ['ISO time', '2026-11-25T13:45:12.345Z '],
] as const) {
  test(`the time of ${who} in front of each line changes no finding`, () => {
    const wrong = cases.flatMap(({ id, lines }) => {
      const [bare, stamped] = [brief(lines), brief(lines.map((line) => prefix + line))];
      return bare.join() === stamped.join() ? [] : [`${id}: ${bare.join()} became ${stamped.join()}`];
    });
    assert.deepEqual(wrong, []);
  });
}

// Broken input, through the same splitter as every door
const namesOf = (bytes: Uint8Array): string[] => {
  const splitter = new LineSplitter();
  const decoder = createDecoder();
  const lines = [...splitter.push(bytes), ...splitter.end()];
  return [...lines.flatMap(({ text }) => decoder.next(text)), ...decoder.end()].map(({ name }) => name);
};
const ERROR = 'E (1234) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700';
const VERIFY = ['MBEDTLS_ERR_X509_CERT_VERIFY_FAILED'];

test('a log that PowerShell wrote as UTF-16 reads like any other', () => {
  assert.deepEqual(namesOf(Buffer.from(`\ufeffboot\r\n${ERROR}\r\n`, 'utf16le')), VERIFY);
  assert.deepEqual(namesOf(Buffer.from(`\ufeffboot\r\n${ERROR}\r\n`, 'utf16le').swap16()), VERIFY);
  assert.deepEqual(namesOf(Buffer.from(`\ufeffError: A TLS error occurred.\n`)), ['MOSQ_ERR_TLS']);
});

test('NUL bytes and noise around a line hide nothing', () => {
  assert.deepEqual(namesOf(Buffer.from(`\0\0\0${ERROR}\0\r\n\0`)), VERIFY);
  assert.deepEqual(
    namesOf(Buffer.concat([Buffer.from([0xff, 0xfe - 1, 0x80, 0xc0]), Buffer.from(`${ERROR}\n`)])),
    VERIFY,
  );
});

test('an error in a line of megabytes is found, and a quiet one is read in bounded pieces', () => {
  assert.deepEqual(namesOf(Buffer.from(`${'x'.repeat(3_000_000)} ${ERROR}\n`)), VERIFY);
  assert.deepEqual(namesOf(Buffer.from('1'.repeat(5_000_000))), []);
});

test('a log cut in the middle of a panic gives what was there, wherever it is cut', () => {
  const panic = [
    "Guru Meditation Error: Core  1 panic'ed (LoadProhibited). Exception was unhandled.",
    'Core  1 register dump:',
    'PC      : 0x400d1fdf  PS      : 0x00060830  A0      : 0x800d2f34  A1      : 0x3ffb1f50',
    'Backtrace: 0x400d1fdc:0x3ffb1f50 0x400d2f31:0x3ffb1f70',
  ].join('\r\n');
  const whole = namesOf(Buffer.from(panic));
  assert.deepEqual(whole, ['LoadProhibited', 'Backtrace']);
  for (let cut = 0; cut < panic.length; cut += 1) {
    const found = namesOf(Buffer.from(panic.slice(0, cut)));
    assert.deepEqual(found, whole.slice(0, found.length), panic.slice(0, cut));
  }
});
