// The fast way through a log (words found on its bytes, a chunk at a time) misses nothing that a look at every line finds.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { createDecoder } from '../../../src/core/decode/decoder';
import type { Finding } from '../../../src/core/decode/finding';
import { LogDecoder } from '../../../src/core/decode/logDecoder';
import { LineSplitter } from '../../../src/core/serial/lineSplitter';
import { BaudWatch } from '../../../src/core/serial/wrongBaud';

const fixtures = join(__dirname, '../../fixtures');
/** Every line of every case: with errors, and without. */
const LINES: readonly string[] = readdirSync(fixtures)
  .filter((file) => file.endsWith('.jsonl'))
  .flatMap((file) => readFileSync(join(fixtures, file), 'utf8').split('\n').filter(Boolean))
  .flatMap((row) => (JSON.parse(row) as { lines: string[] }).lines);
const QUIET: readonly string[] = [
  'I (4711) app: temperature 21.4 °C, humidity 48 %',
  '\u001b[0;32mI (5321) wifi:new:<6,0>, old:<1,0>, ap:<255,255>, sta:<6,0>, prof:1\u001b[0m',
  '{"seq":17,"rssi":-57,"heap":183220}',
  'датчик: 21,4; à côté',
  '',
];

interface Heard {
  readonly findings: readonly unknown[];
  readonly lines: readonly string[];
  readonly wrongBaud: readonly number[];
}

const brief = ({ line, column, text, code, name, family, also, platform, explanation }: Finding) => ({
  ...{ line, column, text, code, name, family, also, platform },
  title: explanation.title,
  evidence: explanation.causes.map(({ evidence }) => evidence),
});

/** Every line is looked at, and nothing is remembered from chunk to chunk. */
function slowly(bytes: Uint8Array): Heard {
  const splitter = new LineSplitter();
  const decoder = createDecoder();
  const baud = new BaudWatch();
  const findings: unknown[] = [];
  const lines: string[] = [];
  const wrongBaud: number[] = [];
  for (const { text } of [...splitter.push(bytes), ...splitter.end()]) {
    lines.push(text);
    findings.push(...decoder.look(text).map(brief));
    if (baud.next(text)) wrongBaud.push(lines.length);
  }
  findings.push(...decoder.end().map(brief));
  return { findings, lines, wrongBaud };
}

function fast(bytes: Uint8Array, cuts: readonly number[]): Heard {
  const findings: unknown[] = [];
  const lines: string[] = [];
  const wrongBaud: number[] = [];
  const decoder = new LogDecoder(
    {},
    {
      onFinding: (finding) => findings.push(brief(finding)),
      onLine: (line, number) => assert.equal(lines.push(line), number),
      onWrongBaud: (number) => wrongBaud.push(number),
    },
  );
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = cuts[i % cuts.length] ?? bytes.length;
    decoder.push(bytes.slice(at, at + size));
    at += size;
  }
  decoder.end();
  assert.equal(decoder.lines, lines.length);
  return { findings, lines, wrongBaud };
}

function same(text: string | Uint8Array, cuts: readonly number[]): void {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  assert.deepEqual(fast(bytes, cuts), slowly(bytes));
}

describe('a log read fast', () => {
  it('has what a look at every line finds, for every line of the corpus in order', () => {
    for (const cuts of [[1 << 20], [4096], [1500, 700], [64]]) same(`${LINES.join('\n')}\n`, cuts);
  });

  it('has it with any lines between quiet ones, any line endings and any chunks', () => {
    const one = fc.oneof(
      { weight: 1, arbitrary: fc.constantFrom(...LINES) },
      { weight: 3, arbitrary: fc.constantFrom(...QUIET) },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(one, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 80 }),
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 5 }),
        (lines, cuts) => same(lines.map(([text, ending]) => text + ending).join(''), cuts),
      ),
      { numRuns: 400 },
    );
  });

  it('has it with colours in the middle of words, and words cut by chunks', () => {
    const part = fc.oneof(
      fc.constantFrom(...LINES),
      fc.constantFrom('\u001b[0m', '\u001b[1;31m', '\u001b[K'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 1, max: 40 }), (parts, cut) =>
        same(parts.join(''), [cut]),
      ),
      { numRuns: 400 },
    );
  });

  it('has it in any bytes: noise of a wrong baud rate, UTF-16, NULs', () => {
    const text = fc.constantFrom(...LINES).map((line) => new TextEncoder().encode(`${line}\n`));
    const noise = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(fc.array(fc.oneof(text, noise), { maxLength: 30 }), fc.integer({ min: 1, max: 3000 }), (parts, cut) =>
        same(Uint8Array.from(Buffer.concat(parts)), [cut]),
      ),
      { numRuns: 300 },
    );
    same(Uint8Array.from(Buffer.from(`\ufeff${LINES.slice(0, 60).join('\r\n')}`, 'utf16le')), [333]);
  });

  it('reads UTF-16 without a byte order mark, as iconv writes it', () => {
    const text = `${LINES.slice(0, 60).join('\r\n')}\r\n`;
    const little = Uint8Array.from(Buffer.from(text, 'utf16le'));
    const big = Uint8Array.from(Buffer.from(little).swap16());
    for (const bytes of [little, big])
      for (const cut of [1, 7, 333, bytes.length])
        assert.deepEqual(fast(bytes, [cut]), slowly(new TextEncoder().encode(text)));
  });

  it('cuts a line that is too long as the splitter does, errors in it included', () => {
    const ERROR = 'E (1) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700';
    for (const length of [65_534, 65_535, 65_536, 65_537, 140_000])
      for (const ending of ['\n', '\r\n', '\r', ''])
        for (const cuts of [[1 << 20], [65_536], [30_011, 7]]) {
          const filling = `${'°'.repeat(50)}${'x'.repeat(length - 50)}`;
          same(`ready\r\n${filling}${ERROR}${ending}${ERROR}\n${filling}${ending}`, cuts);
        }
  });

  it('has it in one chunk of megabytes, made of nothing but places to look at, too', () => {
    const noise = new Uint8Array(3_000_000).fill(0x07);
    noise.forEach((_, i) => {
      if (i % 500 === 499) noise[i] = 10;
    });
    const ERROR = Buffer.from('E (1) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n');
    same(Uint8Array.from(Buffer.concat([noise, ERROR, noise])), [noise.length * 3]);
  });

  it('takes no byte order mark in the middle of a log for one', () => {
    const mark = Buffer.from([0xff, 0xfe]);
    const long = Buffer.concat([mark, Buffer.from('y'.repeat(70_000))]);
    same(Uint8Array.from(Buffer.concat([Buffer.from('ready\n'), long, Buffer.from('\nrc=-2 MQTT failed\n')])), [9000]);
  });

  it('tells a wrong baud rate at the same line', () => {
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => (i % 50 === 49 ? 10 : 128 + ((i * 37) % 128)));
    const { wrongBaud } = fast(noise, [700]);
    assert.equal(wrongBaud.length, 1);
    same(noise, [700]);
  });
});
