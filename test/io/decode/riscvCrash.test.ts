// A RISC-V crash to source lines: calls found on the stack of a real program, by real binutils.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CrashReader } from '../../../src/core/decode/crashDump';
import { ElfCode } from '../../../src/core/decode/elfCode';
import { callBefore } from '../../../src/core/decode/riscvCalls';
import { resolveCrash } from '../../../src/io/decode/addressResolver';
import { runCli } from '../../support/cli';
import { type RiscvProgram, riscvProgram } from '../../support/riscvProgram';
import { temporaryFolder } from '../../support/temporaryFolder';

function program(t: TestContext): { folder: string; made: RiscvProgram } | undefined {
  const folder = temporaryFolder('riscv-crash');
  const made = riscvProgram(t, folder);
  return made && { folder, made };
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`;

/** The crash in tls_handshake, called by connect_broker, called by app_main; with words that only look like calls. */
function crash({ at }: RiscvProgram): string[] {
  const [main, connect, handshake] = [at['app_main'] ?? 0, at['connect_broker'] ?? 0, at['tls_handshake'] ?? 0];
  const words = [0x3fcb4d10, connect + 2, handshake, 0, main + 1, 0x42fffff0, main + 4, main];
  return [
    "Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.",
    `MEPC    : ${hex(handshake + 6)}  RA      : ${hex(handshake + 6)}  SP      : 0x3fcb4c60  GP      : 0x3fcaa800  `,
    'Stack memory:',
    `3fcb4c60: ${words.map(hex).join(' ')}`,
  ];
}

test('every kind of call is known by its instruction, and nothing else is taken for one', (t) => {
  const { made } = program(t) ?? {};
  if (!made) return;
  const code = ElfCode.of(readFileSync(made.elf));
  assert.ok(code);
  const [main, connect, handshake] = [
    made.at['app_main'] ?? 0,
    made.at['connect_broker'] ?? 0,
    made.at['tls_handshake'] ?? 0,
  ];
  const calls = [];
  for (let address = main; address < handshake + 14; address += 2) {
    const call = callBefore(code, address);
    if (call !== undefined) calls.push([address, call]);
  }
  assert.deepEqual(calls, [
    [main + 4, main],
    [connect + 2, connect],
    [handshake + 2, handshake],
    [handshake + 6, handshake + 2],
  ]);
});

test('a crash resolves to the calls that led to it, each at the line of the call', async (t) => {
  const { made } = program(t) ?? {};
  if (!made) return;
  const reader = new CrashReader();
  for (const line of crash(made)) reader.next(line);
  const dump = reader.end();
  assert.ok(dump);
  const frames = await resolveCrash(made.elf, dump);
  assert.deepEqual(
    frames.map(({ function: name, line }) => [name, line]),
    [
      ['tls_handshake', made.lineOf('lw a0')],
      ['tls_handshake', made.lineOf('jalr ra, 8')],
      ['connect_broker', made.lineOf('c.jal tls')],
      ['app_main', made.lineOf('jal ra, connect')],
    ],
  );
  assert.ok(frames.every(({ file }) => file === made.source));
});

test('decode --elf prints the frames of a RISC-V crash', async (t) => {
  const { folder, made } = program(t) ?? {};
  if (!folder || !made) return;
  const { writeFile } = await import('node:fs/promises');
  await writeFile(join(folder, 'crash.log'), `boot\n${crash(made).join('\r\n')}\r\n\r\nRebooting...\r\n`);
  const { code, out } = await runCli(folder, 'decode crash.log --json --elf app.elf');
  assert.equal(code, 0);
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(rows[0].name, 'LoadAccessFault');
  assert.equal(rows[1].line, 3);
  assert.deepEqual(
    rows[1].frames.map((frame: { function: string }) => frame.function),
    ['tls_handshake', 'tls_handshake', 'connect_broker', 'app_main'],
  );
});

test('what is no ELF file of 32 bit has no code', () => {
  for (const bytes of [
    new Uint8Array(),
    new Uint8Array(100),
    Uint8Array.from(readFileSync(process.execPath).subarray(0, 4096)),
  ])
    assert.equal(ElfCode.of(bytes), undefined);
});
