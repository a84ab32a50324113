// Addresses to source lines: finds the project's ELF file and the toolchain's addr2line, and asks it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Frame, parseAddr2line } from '../../core/decode/backtrace';
import { withoutClone } from '../../core/decode/cloneNames';
import type { CrashDump } from '../../core/decode/crashDump';
import { ElfCode } from '../../core/decode/elfCode';
import { callsOf } from '../../core/decode/riscvCalls';
import { call0Before } from '../../core/decode/xtensaCalls';
import { UserError } from '../../core/errors';
import { findBuilds } from '../flash/findBuilds';

const run = promisify(execFile);

/** e_machine of the ELF header. */
const XTENSA = 94;
const RISCV = 243;
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
/** Deeper than tasks call; behind them lies what was called earlier. */
const MOST_CALLS = 64;
/** Where toolchains are unpacked, with `*` for one level of folders. */
const TOOLCHAINS: readonly (readonly string[])[] = [
  ['.platformio', 'packages', '*', 'bin'],
  ['.espressif', 'tools', '*', '*', '*', 'bin'],
  ['.arduino15', 'packages', '*', 'tools', '*', '*', 'bin'],
  ['Library', 'Arduino15', 'packages', '*', 'tools', '*', '*', 'bin'],
  ['AppData', 'Local', 'Arduino15', 'packages', '*', 'tools', '*', '*', 'bin'],
];

/** Frames of `addresses` in `elf`, calls that were inlined included. Throws UserError where that cannot be. */
export async function resolveAddresses(elf: string, addresses: readonly string[]): Promise<Frame[]> {
  if (addresses.length === 0) return [];
  const machine = await machineOf(elf);
  const names = [...(PROGRAMS[machine] ?? []), ...ANY];
  const program = await findProgram(names);
  if (!program) {
    throw new UserError(
      'no-addr2line',
      `No addr2line was found that reads this ELF file. Install the toolchain of the board, or LLVM; looked for ${names.join(', ')}.`,
    );
  }
  const { stdout } = await run(program, ['-a', '-f', '-i', '-C', '-e', elf, ...addresses], { maxBuffer: 16 << 20 });
  return plainNames(parseAddr2line(stdout), program);
}

/** Xtensa's GCC calls clones `_ZL3foov$constprop$0`, which addr2line cannot demangle: the c++filt beside it does the rest. */
async function plainNames(frames: readonly Frame[], addr2line: string): Promise<Frame[]> {
  const names = frames.map(({ function: name }) => name && withoutClone(name));
  const mangled = [...new Set(names.filter((name) => name?.startsWith('_Z')))] as string[];
  const filter = join(dirname(addr2line), basename(addr2line).replace('addr2line', 'c++filt'));
  const plain = new Map<string, string>();
  if (mangled.length > 0 && existsSync(filter)) {
    const { stdout } = await run(filter, mangled);
    stdout.split(/\r?\n/).forEach((name, i) => {
      plain.set(mangled[i] ?? '', name);
    });
  }
  return frames.map((frame, i) => {
    const name = names[i];
    return name === undefined ? frame : { ...frame, function: plain.get(name) ?? name };
  });
}

/** Frames of a crash, the latest first; those of the calls that are found on its stack too (RISC-V, ESP8266). */
export async function resolveCrash(elf: string, { addresses, stack, returns }: CrashDump): Promise<Frame[]> {
  if (stack.length === 0 && !returns) return resolveAddresses(elf, addresses);
  const machine = await machineOf(elf);
  const code = machine === (returns ? XTENSA : RISCV) ? ElfCode.of(await readFile(elf)) : undefined;
  if (!code) return resolveAddresses(elf, addresses);
  const calls = returns
    ? addresses.flatMap((address) => call0Before(code, Number(address)) ?? [])
    : callsOf(code, addresses.map(Number), stack);
  // None: the program is another one than the one that crashed, and its instructions tell nothing.
  if (calls.length === 0) return resolveAddresses(elf, addresses);
  return resolveAddresses(
    elf,
    calls.slice(0, MOST_CALLS).map((call) => `0x${call.toString(16).padStart(8, '0')}`),
  );
}

/** The ELF file of the newest build below `root`. */
export async function findElf(root: string): Promise<string | undefined> {
  for (const { path } of await findBuilds(root)) {
    const folder = extname(path) ? dirname(path) : path;
    const files = await readdir(folder).catch((): string[] => []);
    const elf = files.find((name) => name.endsWith('.elf') && !/^bootloader/.test(name));
    if (elf) return join(folder, elf);
  }
  return undefined;
}

async function machineOf(elf: string): Promise<number> {
  const handle = await open(elf).catch(() => {
    throw new UserError('elf-not-found', `"${elf}" cannot be read. Build the project first, or name its ELF file.`);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0);
    if (bytesRead < 20 || buffer.readUInt32BE(0) !== 0x7f454c46) {
      throw new UserError('not-an-elf', `"${elf}" is no ELF file. It is the file that ends in .elf beside the .bin.`);
    }
    return buffer[5] === 2 ? buffer.readUInt16BE(18) : buffer.readUInt16LE(18);
  } finally {
    await handle.close();
  }
}

async function findProgram(names: readonly string[]): Promise<string | undefined> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const path = (process.env['PATH'] ?? '').split(delimiter);
  const unpacked = (await Promise.all(TOOLCHAINS.map((pattern) => expand(homedir(), pattern)))).flat();
  for (const name of names) {
    const found = [...path, ...unpacked].map((folder) => join(folder, name + suffix)).find((file) => existsSync(file));
    if (found) return found;
  }
  return undefined;
}

async function expand(folder: string, [head, ...rest]: readonly string[]): Promise<string[]> {
  if (head === undefined) return (await stat(folder).catch(() => undefined))?.isDirectory() ? [folder] : [];
  if (head !== '*') return expand(join(folder, head), rest);
  const entries = await readdir(folder).catch((): string[] => []);
  return (await Promise.all(entries.map((entry) => expand(join(folder, entry), rest)))).flat();
}
