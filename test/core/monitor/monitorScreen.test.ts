import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CrashDump } from '../../../src/core/decode/crashDump';
import { createDecoder } from '../../../src/core/decode/decoder';
import type { Finding } from '../../../src/core/decode/finding';
import { HintCounter } from '../../../src/core/monitor/hints';
import { parseLineFilter } from '../../../src/core/monitor/lineFilter';
import { MonitorScreen } from '../../../src/core/monitor/monitorScreen';
import { ScreenBudget } from '../../../src/core/monitor/screenBudget';
import { stripAnsi } from '../../../src/core/serial/ansi';

const bytes = (text: string) => new TextEncoder().encode(text);
const ERROR = 'E (1234) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700';

function screen() {
  const found: Finding[] = [];
  const made = new MonitorScreen(createDecoder({ platform: 'esp-idf' }), {
    onFinding: (finding) => found.push(finding),
    clock: (ms) => `T${ms}`,
  });
  return { screen: made, found };
}

describe('MonitorScreen', () => {
  it('shows text as it comes, cut anywhere, with line endings a terminal needs', () => {
    const { screen: s } = screen();
    assert.equal(s.push(bytes('I (1) boot: hel'), 0), 'I (1) boot: hel');
    assert.equal(s.push(bytes('lo\nnext\r'), 0), 'lo\r\nnext');
    assert.equal(s.push(bytes('\nthird'), 0), '\r\nthird');
  });

  it('loses and changes nothing, in any chunking', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('abc', 'ä€😀', '\n', '\r\n', ' ', 'x'.repeat(50)), { maxLength: 40 }),
        fc.array(fc.nat(3000), { maxLength: 10 }),
        (words, cuts) => {
          const all = bytes(`--${words.join('')}`);
          const places = [0, ...cuts.map((c) => c % all.length).sort((a, b) => a - b), all.length];
          const { screen: s } = screen();
          let out = '';
          for (let i = 1; i < places.length; i++) out += s.push(all.subarray(places[i - 1], places[i]), 0);
          assert.equal(out.replaceAll('\r\n', '\n'), `--${words.join('')}`.replaceAll('\r\n', '\n'));
        },
      ),
    );
  });

  it('says once that the baud rate is wrong, and nothing about a little noise at a reset', () => {
    const noise = Uint8Array.from([0x34, 0xfe, 0x82, 0x9c, 0x28, 0xf0, 0x00, 0x0a]);
    const { screen: s } = screen();
    const told = (times: number) => {
      let out = '';
      for (let i = 0; i < times; i++) out += s.push(noise, 0);
      return out.split('wrong baud rate').length - 1;
    };
    assert.equal(told(2), 0);
    s.push(bytes('I (1) boot: ok\n'.repeat(10)), 0);
    assert.equal(told(30), 1);
  });

  it('says so too where no end of a line comes through, and loses none of it', () => {
    const { screen: s } = screen();
    let out = '';
    for (let i = 0; i < 40; i++) out += s.push(new Uint8Array(50).fill(0x80 + (i % 30)), 0);
    assert.equal(out.split('wrong baud rate').length - 1, 1);
    assert.equal(out.match(/\ufffd/g)?.length, 2000);
    const { screen: boot } = screen();
    const rom = new Uint8Array(400).fill(0x9f); // an ESP8266's boot at 74880, read at 115200
    assert.doesNotMatch(boot.push(rom, 0) + boot.push(bytes('\nI (1) boot: ok\n'.repeat(9)), 0), /wrong baud/);
  });

  it('puts the hint under the line with the error, and the way on', () => {
    const { screen: s, found } = screen();
    const out = stripAnsi(s.push(bytes(`${ERROR}\nafter\n`), 0)).text.split('\r\n');
    assert.equal(out[0], ERROR);
    assert.match(out[1] ?? '', /^ {2}↳ MBEDTLS_ERR_X509_CERT_VERIFY_FAILED: .+ → Diagnose Connection$/);
    assert.equal(out[2], 'after');
    assert.equal(found[0]?.code, '-0x2700');
  });

  it('explains once and reminds every dozen lines, until the board was reset', () => {
    const { screen: s, found } = screen();
    const out = stripAnsi(s.push(bytes(`${ERROR}\n`.repeat(30)), 0)).text;
    assert.equal(out.match(/→ Diagnose/g)?.length, 3);
    assert.deepEqual(out.match(/\d+ times now → Diagnose Connection/g), [
      '12 times now → Diagnose Connection',
      '23 times now → Diagnose Connection',
    ]);
    assert.equal(found.length, 30, 'every one is recorded');
    s.boardWasReset();
    assert.match(s.push(bytes(`${ERROR}\n`), 0), /→ Diagnose/);
  });

  it('reminds before the hint has scrolled out: wrapped lines fill more rows, hidden ones none', () => {
    const reminders = (text: string, shape: Partial<Pick<MonitorScreen, 'size' | 'options'>> = {}) => {
      const { screen: s } = screen();
      Object.assign(s, shape);
      const out = s.push(bytes(`${ERROR}\n${text}`), 0) + s.push(bytes(`${ERROR}\n`), 0);
      return out.match(/times now/g)?.length ?? 0;
    };
    const size = { columns: 80, rows: 30 };
    const long = `I (1) data: ${'x'.repeat(600)}\n`.repeat(2);
    assert.equal(reminders(long), 0, 'width unknown: three lines');
    assert.equal(reminders(long, { size }), 1, '16 rows of 80 columns');
    assert.equal(reminders(long, { size: { ...size, columns: 700 } }), 0);
    assert.equal(reminders('ok\n'.repeat(5), { size: { ...size, rows: 6 } }), 1, 'a low panel');
    const options = { timestamps: 'off', hex: false, filter: undefined } as const;
    const hidden = { ...options, filter: parseLineFilter('level:E') };
    assert.equal(reminders('I (1) data: x\n'.repeat(40), { options: hidden }), 0);
    const narrow = `${'y'.repeat(79)}\n`.repeat(5);
    assert.equal(reminders(narrow, { size }), 0);
    const stamped = { ...options, timestamps: 'clock' } as const;
    assert.equal(reminders(narrow, { size, options: stamped }), 1, 'the time of day makes them wrap');
    assert.equal(reminders(`${'z'.repeat(70)}\r`.repeat(40), { size }), 0, 'a bar that is redrawn');
  });

  it('stamps lines at their beginning only', () => {
    const { screen: s } = screen();
    s.options = { ...s.options, timestamps: 'clock' };
    const out = s.push(bytes('aa'), 5) + s.push(bytes('b\nc\n'), 7);
    assert.equal(stripAnsi(out).text, 'T5 aab\r\nT7 c\r\n');
    s.options = { ...s.options, timestamps: 'elapsed' };
    assert.equal(stripAnsi(s.push(bytes('d\n'), 1505)).text, '+1.500 d\r\n');
  });

  it('adds no colour of its own where none is wanted, and keeps those of the board', () => {
    const { screen: s } = screen();
    s.options = { ...s.options, timestamps: 'clock', colors: false };
    const out = s.push(bytes(`\u001b[31m${ERROR}\u001b[0m\n`), 5) + s.notice('closed');
    assert.ok(out.startsWith(`T5 \u001b[31m${ERROR}\u001b[0m\r\n  ↳ MBEDTLS`));
    assert.ok(out.endsWith('\r\n— closed —\r\n'));
    assert.equal(out.split('\u001b').length, 3);
  });

  it('hides lines that the filter does not pass, and still finds their errors', () => {
    const { screen: s, found } = screen();
    s.options = { ...s.options, filter: parseLineFilter('tag:wifi') };
    const out = s.push(bytes(`W (1) wifi: weak\nI (2) main: hi\n${ERROR}\n`), 0);
    assert.match(out, /weak/);
    assert.doesNotMatch(out, /main|esp-tls-mbedtls/);
    assert.equal(found.length, 1);
  });

  it('shows bytes as hex', () => {
    const { screen: s } = screen();
    s.options = { ...s.options, hex: true };
    assert.match(stripAnsi(s.push(bytes('Hi\n'), 0)).text, /^00000000 {2}48 69 0a +Hi\.\r\n$/);
  });

  it('keeps an unfinished line apart from its own remarks', () => {
    const { screen: s } = screen();
    s.push(bytes('prompt> '), 0);
    assert.equal(stripAnsi(s.notice('lost')).text, '\r\n— lost —\r\n');
  });
});

it('filters by level, tag, text and expression, and their opposites', () => {
  const lines = ['E (1) wifi: no AP', 'W (2) mqtt: slow', 'I (3) wifi: up', '[  4][D][ssl.cpp:12] f(): x', 'plain'];
  const shown = (text: string) => lines.filter(parseLineFilter(text) ?? (() => true)).map((l) => lines.indexOf(l));
  assert.deepEqual(shown('level:W'), [0, 1, 4]);
  assert.deepEqual(shown('tag:wifi'), [0, 2]);
  assert.deepEqual(shown('-tag:wifi'), [1, 3, 4]);
  assert.deepEqual(shown('tag:ssl level:D'), [3]);
  assert.deepEqual(shown('/no ap|slow/i'), [0, 1]);
  assert.deepEqual(shown('UP'), [2]);
  assert.deepEqual(shown(''), [0, 1, 2, 3, 4]);
  assert.throws(() => parseLineFilter('level:loud'), /is not a level/);
  assert.throws(() => parseLineFilter('/(/'), /cannot be used/);
});

it('cuts a flood and says how much', () => {
  const budget = new ScreenBudget();
  const flood = 'x'.repeat(400_000);
  assert.equal(budget.take(flood, 1000), flood);
  const second = budget.take(flood, 1001);
  assert.ok(second.length < flood.length);
  assert.equal(budget.take(flood, 1002), '');
  const later = budget.take('ok', 5000);
  assert.match(later, /[\d,]+ characters not shown: they came too fast/);
  assert.match(later, /ok$/);
});

it('counts kinds of errors without growing for ever', () => {
  const counter = new HintCounter();
  const finding = (code: string) =>
    ({ family: 'errno', code, name: code, explanation: { title: 't' } }) as unknown as Finding;
  for (let i = 0; i < 5000; i++) assert.ok(counter.next(finding(`c${i}`), i));
  assert.equal(counter.next(finding('c4999'), 5000), undefined);
  assert.match(counter.next(finding('c3999'), 5000) ?? '', /^↳ c3999: t/, 'forgotten with the thousand it was one of');
});

it('remembers a thousand kinds of errors, and forgets none of them before', () => {
  const counter = new HintCounter();
  const finding = (code: number) =>
    ({ family: 'errno', code, name: `c${code}`, explanation: { title: 't' } }) as unknown as Finding;
  for (let i = 0; i < 1000; i++) counter.next(finding(i), 0);
  for (let i = 0; i < 1000; i++) assert.equal(counter.next(finding(i), 1), undefined);
});

it('gives a terminal a million characters a second after its first half million', () => {
  const budget = new ScreenBudget();
  assert.equal(budget.take('x'.repeat(512 * 1024), 0).length, 512 * 1024);
  assert.equal(budget.take('x'.repeat(20_000), 10).length, 10_000);
  assert.equal(budget.take('x'.repeat(20_000), 20), '');
  assert.match(budget.take('ok', 30), /— 30,000 characters not shown/);
});

it('tells a crash with its stack when it is complete, also when the line is lost', () => {
  const dumps: CrashDump[] = [];
  const screen = new MonitorScreen(createDecoder(), {
    onFinding: () => {},
    onCrash: (dump) => dumps.push(dump),
    clock: String,
  });
  const crash =
    "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.\r\n" +
    'MEPC    : 0x4200b1a4  RA      : 0x4200b1a0  SP      : 0x3fcb4c60  GP      : 0x3fcaa800  \r\n' +
    'Stack memory:\r\n3fcb4c60: 0x3fcb4d10 0x00000000 0x00000000 0x4200b2b0\r\n';
  screen.push(new TextEncoder().encode(`${crash}\r\nRebooting...\r\n`), 1);
  assert.deepEqual(
    dumps.map(({ stack }) => stack.length),
    [4],
  );
  screen.push(new TextEncoder().encode(crash), 2);
  screen.end(3);
  assert.equal(dumps.length, 2);
});
