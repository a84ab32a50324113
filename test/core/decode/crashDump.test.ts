// Registers and stack of a RISC-V crash, gathered from the lines of a log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CrashDump, CrashReader } from '../../../src/core/decode/crashDump';

const CRASH = [
  "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.",
  '',
  'Core  0 register dump:',
  'MEPC    : 0x4200b1a4  RA      : 0x4200b1a0  SP      : 0x3fcb4c60  GP      : 0x3fcaa800  ',
  'TP      : 0x3fcb4d20  T0      : 0x4005890e  T1      : 0x00000000  T2      : 0x00000000  ',
  'S0/FP   : 0x3fcb4d10  S1      : 0x00000000  A0      : 0x00000010  A1      : 0x00000000  ',
  'MSTATUS : 0x00001881  MTVEC   : 0x40380001  MCAUSE  : 0x00000005  MTVAL   : 0x00000010  ',
  'MHARTID : 0x00000000  ',
  '',
  'Stack memory:',
  '3fcb4c60: 0x3fcb4d10 0x00000000 0x00000000 0x4200b2b0 0x00000000 0x00000000 0x00000000 0x00000000',
  '3fcb4c80: 0x42007ab2 0x00000000 0x00000000 0x00000000 0x00000000 0x00000000 0x00000000 0x00000000',
  '',
  '',
  'ELF file SHA256: 27002700d900ffff',
  'Rebooting...',
];

function read(lines: readonly string[]): CrashDump[] {
  const reader = new CrashReader();
  return [...lines.map((line) => reader.next(line)), reader.end()].filter((dump) => dump !== undefined);
}

test('registers and stack of a crash are one dump, at the line of its counters', () => {
  const [dump, ...more] = read(CRASH);
  assert.deepEqual(more, []);
  assert.deepEqual([dump?.line, dump?.addresses, dump?.stack.length], [4, ['0x4200b1a4', '0x4200b1a0'], 16]);
  assert.deepEqual([dump?.stack[3], dump?.stack[8]], [0x4200b2b0, 0x42007ab2]);
});

test('the times that monitors put in front change nothing', () => {
  for (const stamp of ['[13:29:54]', '13:29:54.123 -> ', '2026-11-25 13:45:12 '])
    assert.deepEqual(read(CRASH.map((line) => stamp + line)), read(CRASH), stamp);
});

test('two crashes are two dumps, and a log cut anywhere gives what was there', () => {
  assert.deepEqual(
    read([...CRASH, ...CRASH]).map(({ line }) => line),
    [4, 4 + CRASH.length],
  );
  for (let cut = 0; cut <= CRASH.length; cut += 1) {
    const dumps = read(CRASH.slice(0, cut));
    assert.equal(dumps.length, cut < 4 ? 0 : 1);
    assert.ok((dumps[0]?.stack.length ?? 0) % 8 === 0);
  }
});

test('a backtrace is a dump by itself; other lines with addresses are none', () => {
  assert.deepEqual(read(['quiet', 'Backtrace: 0x400d1fdc:0x3ffb1f50 0x400d2f31:0x3ffb1f70', 'quiet']), [
    { line: 2, addresses: ['0x400d1fdc', '0x400d2f31'], stack: [] },
  ]);
  assert.deepEqual(read(['3fcb4c60: 0x3fcb4d10 0x42007ab2 0x00000000', 'I (1) heap: At 4087F000 len 1000']), []);
});

test('the stack of an ESP8266 is one dump', () => {
  const lines = [
    'Exception (29):',
    'epc1=0x40213f5c epc2=0x00000000 epc3=0x00000000 excvaddr=0x00000000 depc=0x00000000',
    '>>>stack>>>',
    'ctx: bearssl',
    'sp: 3fff1c20 end: 3fff1fd0 offset: 0190',
    '3fff1db0:  3fff4b2c 00000000 00000020 40213f52  ',
    '3fff1dc0:  40201234 00000000 4020f0a4 3fff1e00  ',
    '<<<stack<<<',
  ];
  assert.deepEqual(read(lines), [
    { line: 2, addresses: ['0x40213f5c'], stack: [] },
    { line: 3, addresses: ['0x40213f52', '0x40201234', '0x4020f0a4'], stack: [], returns: true },
  ]);
});

test('a stack without end is bounded', () => {
  const lines = Array.from({ length: 20_000 }, () => CRASH[10] ?? '');
  const [dump] = read([CRASH[3] ?? '', ...lines]);
  assert.ok((dump?.stack.length ?? 0) <= 8200);
});
