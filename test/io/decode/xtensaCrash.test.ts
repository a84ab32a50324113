// Crashes of a program that the ESP8266's own toolchain compiled and linked: its ELF file, its debug information, its addr2line.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCli } from '../../support/cli';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

/** scale() is inlined into read(), which crashes for want of a sensor; report() and loop() led there. */
const SOURCE = `struct Reading { int value; };
class Sensor {
public:
  int read(volatile Reading *reading) __attribute__((noinline)) {
    return scale(reading) + 1;
  }
private:
  inline int scale(volatile Reading *reading) {
    return reading->value * 10;
  }
};
static Sensor sensor;
static int report(volatile Reading *reading) __attribute__((noinline));
static int report(volatile Reading *reading) {
  return sensor.read(reading) + 2;
}
volatile int sent;
extern "C" void loop() {
  sent = report(nullptr);
}
extern "C" void start() {
  loop();
  for (;;) {}
}
`;

interface Program {
  readonly folder: string;
  /** Address of the instruction that crashes, and where the calls return to. */
  readonly crash: string;
  readonly returns: readonly string[];
}

/** In flash, where the ESP8266 maps it. Undefined, and the test skipped, where the toolchain is missing. */
async function program(t: TestContext): Promise<Program | undefined> {
  const compiler = requireTool(t, 'xtensa-lx106-elf-g++');
  const objdump = requireTool(t, 'xtensa-lx106-elf-objdump');
  if (!compiler || !objdump) return undefined;
  const folder = temporaryFolder('xtensa-crash');
  await writeFile(join(folder, 'app.cpp'), SOURCE);
  const flags = ['-Os', '-g', '-fno-optimize-sibling-calls', '-fno-exceptions', '-nostdlib'];
  const place = ['-Wl,-Ttext=0x40210000', '-Wl,-e,start'];
  execFileSync(compiler, [...flags, ...place, 'app.cpp', '-o', 'firmware.elf'], { cwd: folder });
  const code = execFileSync(objdump, ['-d', 'firmware.elf'], { cwd: folder, encoding: 'utf8' });
  const crash = /^([0-9a-f]{8}):.*\tl32i/m.exec(code.slice(code.search(/4readE\S*>:/)))?.[1];
  // A call0 has three bytes.
  const calls = [...code.matchAll(/^([0-9a-f]{8}):.*\bcall0\s+[0-9a-f]+ <(\S+)>/gm)];
  const back = (name: string): string => {
    const call =
      calls.find(([, , called]) => called?.includes(name))?.[1] ?? assert.fail(`no call of ${name} in\n${code}`);
    return (Number.parseInt(call, 16) + 3).toString(16);
  };
  assert.ok(crash);
  return { folder, crash, returns: [back('4read'), back('6report')] };
}

const PLACES = [
  ['Sensor::scale(Reading volatile*)', 9],
  ['Sensor::read(Reading volatile*)', 5],
  ['report(Reading volatile*)', 15],
  ['loop', 19],
] as const;

async function decode(folder: string, lines: readonly string[]): Promise<[string, number][]> {
  await writeFile(join(folder, 'crash.log'), `${lines.join('\r\n')}\r\n`);
  const { code, out } = await runCli(folder, 'decode crash.log --json --elf firmware.elf');
  assert.equal(code, 0);
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const frames = rows.flatMap((row) => row.frames ?? []);
  for (const { file } of frames) assert.equal(file, join(folder, 'app.cpp'));
  return frames.map((frame: { function: string; line: number }) => [frame.function, frame.line]);
}

test("an ESP8266's exception resolves to the inlined call, its caller, and those found on the stack", async (t) => {
  const made = await program(t);
  if (!made) return;
  const [first, second] = made.returns;
  const frames = await decode(made.folder, [
    '--------------- CUT HERE FOR EXCEPTION DECODER ---------------',
    '',
    'Exception (28):',
    `epc1=0x${made.crash} epc2=0x00000000 epc3=0x00000000 excvaddr=0x00000000 depc=0x00000000`,
    '',
    '>>>stack>>>',
    '',
    'ctx: cont',
    'sp: 3ffffdd0 end: 3fffffd0 offset: 0190',
    `3fffff60:  00000000 3ffee4c0 00000001 ${first}  `,
    // A function's address, and one amid an instruction: no calls return there.
    `3fffff70:  40210014 ${made.crash} 4021000b ${second}  `,
    '<<<stack<<<',
    '',
  ]);
  assert.deepEqual(frames, PLACES);
});

test("an ESP32's Backtrace resolves against an Xtensa program too", async (t) => {
  const made = await program(t);
  if (!made) return;
  // It prints where the calls are, not where they return to.
  const calls = made.returns.map((address) => (Number.parseInt(address, 16) - 3).toString(16));
  const stack = [made.crash, ...calls].map((address, i) => `0x${address}:0x3ffb${(0x2100 + i * 32).toString(16)}`);
  const frames = await decode(made.folder, [
    "Guru Meditation Error: Core  1 panic'ed (LoadProhibited). Exception was unhandled.",
    '',
    `Backtrace: ${stack.join(' ')}`,
  ]);
  assert.deepEqual(frames, PLACES);
});
