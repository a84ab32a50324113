// Addresses to source lines: finds the project's ELF file, and asks the toolchain's addr2line about it.
import { open, readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { Frame } from '../../core/decode/backtrace';
import type { CrashDump } from '../../core/decode/crashDump';
import { ElfCode } from '../../core/decode/elfCode';
import { callsOf } from '../../core/decode/riscvCalls';
import { call0Before } from '../../core/decode/xtensaCalls';
import { UserError } from '../../core/errors';
import { findBuilds } from '../flash/findBuilds';
import { askAddr2line } from './addr2line';
import { RISCV, XTENSA } from './addr2linePrograms';
import { unreadable } from './elfUnreadable';

/** Deeper than tasks call; behind them lies what was called earlier. */
const MOST_CALLS = 64;

/** Frames of `addresses` in `elf`, calls that were inlined included. Throws UserError where that cannot be. */
export async function resolveAddresses(elf: string, addresses: readonly string[]): Promise<Frame[]> {
  return addresses.length === 0 ? [] : askAddr2line(elf, await machineOf(elf), addresses);
}

/** Frames of a crash, the latest first; those of the calls that are found on its stack too (RISC-V, ESP8266). */
export async function resolveCrash(elf: string, { addresses, stack, returns }: CrashDump): Promise<Frame[]> {
  if (stack.length === 0 && !returns) return resolveAddresses(elf, addresses);
  const machine = await machineOf(elf);
  const code =
    machine === (returns ? XTENSA : RISCV) ? ElfCode.of(await readFile(elf).catch(() => unreadable(elf))) : undefined;
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
  const handle = await open(elf).catch(() => unreadable(elf));
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(20), 0, 20, 0).catch(() => unreadable(elf));
    if (bytesRead < 20 || buffer.readUInt32BE(0) !== 0x7f454c46) {
      throw new UserError('not-an-elf', `"${elf}" is no ELF file. It is the file that ends in .elf beside the .bin.`);
    }
    return buffer[5] === 2 ? buffer.readUInt16BE(18) : buffer.readUInt16LE(18);
  } finally {
    await handle.close();
  }
}
