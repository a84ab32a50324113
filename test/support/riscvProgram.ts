// A RISC-V program of three functions that call each other in three ways, with line numbers; by Debian's binutils.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { requireTool } from './tools';

const SOURCE = `
        .option norelax
        .text
        .macro function name
        .globl \\name
        .type \\name, @function
\\name:
        .endm
        function app_main
        .option norvc
        jal ra, connect_broker
        .option rvc
        ret
        .size app_main, .-app_main
        function connect_broker
        c.jal tls_handshake
        ret
        .size connect_broker, .-connect_broker
        function tls_handshake
        c.jalr a5
        .option norvc
        jalr ra, 8(a5)
        .option rvc
        lw a0, 0(zero)
        ret
        .size tls_handshake, .-tls_handshake
`;

export interface RiscvProgram {
  readonly elf: string;
  readonly source: string;
  /** Addresses by function, and lines of the source (from 1) by their text. */
  readonly at: Readonly<Record<string, number>>;
  readonly lineOf: (text: string) => number;
}

/** In `folder`; undefined, and the test skipped, where the tools are missing. */
export function riscvProgram(t: TestContext, folder: string): RiscvProgram | undefined {
  const [assembler, linker, symbols] = ['as', 'ld', 'nm'].map((name) => requireTool(t, `riscv64-unknown-elf-${name}`));
  if (!assembler || !linker || !symbols) return undefined;
  const [source, object, elf] = ['main.s', 'main.o', 'app.elf'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(source, SOURCE);
  execFileSync(assembler, ['-march=rv32imc', '-mabi=ilp32', '-g', '-o', object, source]);
  execFileSync(linker, ['-melf32lriscv', '-Ttext=0x42000020', '-e', 'app_main', '-o', elf, object]);
  const at: Record<string, number> = {};
  for (const line of execFileSync(symbols, [elf], { encoding: 'utf8' }).split('\n')) {
    const [address = '', , name = ''] = line.split(' ');
    if (name) at[name] = Number.parseInt(address, 16);
  }
  const lines = SOURCE.split('\n');
  return { elf, source, at, lineOf: (text) => lines.findIndex((line) => line.includes(text)) + 1 };
}
