// Which addr2line programs this machine has: on the PATH, and in the toolchains of PlatformIO, ESP-IDF and Arduino.
import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** e_machine of the ELF header. */
export const XTENSA = 94;
export const RISCV = 243;
/** Programs that read the debug information of a machine; LLVM's reads any. */
const PROGRAMS: Readonly<Record<number, readonly string[]>> = {
  [XTENSA]: [
    'xtensa-esp-elf-addr2line',
    'xtensa-esp32-elf-addr2line',
    'xtensa-esp32s3-elf-addr2line',
    'xtensa-esp32s2-elf-addr2line',
    'xtensa-lx106-elf-addr2line',
  ],
  [RISCV]: ['riscv32-esp-elf-addr2line', 'riscv64-unknown-elf-addr2line'],
};
const ANY = ['llvm-addr2line', 'addr2line'];
/** Where toolchains are unpacked, with `*` for one level of folders. */
const TOOLCHAINS: readonly (readonly string[])[] = [
  ['.platformio', 'packages', '*', 'bin'],
  ['.espressif', 'tools', '*', '*', '*', 'bin'],
  ['.arduino15', 'packages', '*', 'tools', '*', '*', 'bin'],
  ['Library', 'Arduino15', 'packages', '*', 'tools', '*', '*', 'bin'],
  ['AppData', 'Local', 'Arduino15', 'packages', '*', 'tools', '*', '*', 'bin'],
];

/** Names of programs that read an ELF file for `machine` (e_machine), the likeliest first. */
export function addr2lineNames(machine: number): readonly string[] {
  return [...(PROGRAMS[machine] ?? []), ...ANY];
}

/** Paths of those that are here, in the same order, the first of each name. */
export async function findPrograms(names: readonly string[]): Promise<readonly string[]> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const unpacked = (await Promise.all(TOOLCHAINS.map((pattern) => expand(homedir(), pattern)))).flat();
  return names.flatMap(
    (name) =>
      [...path, ...unpacked].map((folder) => join(folder, name + suffix)).find((file) => existsSync(file)) ?? [],
  );
}

async function expand(folder: string, [head, ...rest]: readonly string[]): Promise<string[]> {
  if (head === undefined) return (await stat(folder).catch(() => undefined))?.isDirectory() ? [folder] : [];
  if (head !== '*') return expand(join(folder, head), rest);
  const entries = await readdir(folder).catch((): string[] => []);
  return (await Promise.all(entries.map((entry) => expand(join(folder, entry), rest)))).flat();
}
