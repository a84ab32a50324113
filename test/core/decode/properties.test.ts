// Whatever way the bytes come, the findings are the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDecoder } from '../../../src/core/decode/decoder';
import type { Finding } from '../../../src/core/decode/finding';
import { LineSplitter } from '../../../src/core/serial/lineSplitter';

const LINES = [
  'E (1234) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700',
  '[ 73564][E][ssl_client.cpp:36] _handle_error(): [start_ssl_client():210]: (-9984) X509 - Certificate verification failed',
  'Attempting MQTT connection...failed, rc=-2 try again in 5 seconds',
  'MQTT_CLIENT: transport_read() error: errno=128',
  '[W][WiFiGeneric.cpp:950] _eventCallback(): Reason: 15 - 4WAY_HANDSHAKE_TIMEOUT',
  "Guru Meditation Error: Core  1 panic'ed (LoadProhibited). Exception was unhandled.",
  'rst:0x10 (RTCWDT_RTC_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)',
  'SSL - Memory allocation failed',
  'OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate',
  'temperature 21.4 °C',
  '',
];
const line = fc.constantFrom(...LINES);
const sequence = fc.constantFrom('\u001b[0m', '\u001b[0;31m', '\u001b[K', '\u001b[1;32m', '\u001b[2J');

const brief = ({ line, text, code, name }: Finding) => ({ line, text, code, name });

function decode(text: string, cuts: readonly number[] = []): Finding[] {
  const bytes = new TextEncoder().encode(text);
  const splitter = new LineSplitter();
  const decoder = createDecoder();
  const found: Finding[] = [];
  let at = 0;
  for (const cut of [...cuts, bytes.length]) {
    for (const { text } of splitter.push(bytes.slice(at, at + cut))) found.push(...decoder.next(text));
    at += cut;
  }
  for (const { text } of splitter.end()) found.push(...decoder.next(text));
  return [...found, ...decoder.end()];
}

test('any chunking gives the same findings', () => {
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), fc.constantFrom('\n', '\r\n', '\r'), (lines, cuts, ending) => {
      const text = lines.map((one) => one + ending).join('');
      assert.deepEqual(decode(text, cuts).map(brief), decode(text).map(brief));
    }),
    { numRuns: 200 },
  );
});

test('control sequences anywhere change no finding, and columns point into the line as printed', () => {
  fc.assert(
    fc.property(line, fc.array(fc.tuple(fc.nat(120), sequence), { maxLength: 6 }), (plain, inserts) => {
      let coloured = plain;
      for (const [at, sequence] of [...inserts].sort(([a], [b]) => b - a)) {
        const position = Math.min(at, plain.length);
        coloured = coloured.slice(0, position) + sequence + coloured.slice(position);
      }
      const found = decode(coloured);
      assert.deepEqual(found.map(brief), decode(plain).map(brief));
      for (const { column, text } of found) assert.equal(coloured[column - 1], text[0]);
    }),
    { numRuns: 500 },
  );
});

test('a line that was seen before with another timestamp gives the same findings again', () => {
  fc.assert(
    fc.property(line, fc.nat(99_999_999), fc.nat(99_999_999), (plain, first, second) => {
      const stamped = (time: number) =>
        plain.startsWith('E (') ? plain.replace('1234', String(time)) : `[${time}]${plain}`;
      const decoder = createDecoder();
      decoder.next(stamped(first));
      decoder.next('quiet');
      const again = decoder.next(stamped(second)).map(({ text, name, column }) => ({ text, name, column }));
      const fresh = createDecoder()
        .next(stamped(second))
        .map(({ text, name, column }) => ({ text, name, column }));
      assert.deepEqual(again, fresh);
    }),
    { numRuns: 200 },
  );
});

test('a line that differs in one character from one seen before is read for itself', () => {
  fc.assert(
    fc.property(line, fc.nat(200), fc.constantFrom('0', '7', 'x', ' '), (plain, at, other) => {
      const place = at % (plain.length + 1);
      const changed = plain.slice(0, place) + other + plain.slice(place + 1);
      const decoder = createDecoder({ platform: 'esp-idf' });
      decoder.next(plain);
      for (let i = 0; i < 30; i += 1) decoder.next('quiet');
      const seen = [...decoder.next(changed), ...decoder.end()].map(({ text, name, column }) => ({
        text,
        name,
        column,
      }));
      const decoderOfItsOwn = createDecoder({ platform: 'esp-idf' });
      const fresh = [...decoderOfItsOwn.next(changed), ...decoderOfItsOwn.end()];
      assert.deepEqual(
        seen,
        fresh.map(({ text, name, column }) => ({ text, name, column })),
      );
    }),
    { numRuns: 500 },
  );
});

test('any bytes at all are survived', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (chunks) => {
      const splitter = new LineSplitter(64);
      const decoder = createDecoder();
      for (const chunk of chunks) for (const { text } of splitter.push(chunk)) decoder.next(text);
      for (const { text } of splitter.end()) decoder.next(text);
      decoder.end();
    }),
    { numRuns: 200 },
  );
});
