// Asks addr2line about an ELF file. One that crashes, hangs or talks nonsense is passed over for the next that is here.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Frame, parseAddr2line } from '../../core/decode/backtrace';
import { withoutClone } from '../../core/decode/cloneNames';
import { UserError } from '../../core/errors';
import { addr2lineNames, findPrograms } from './addr2linePrograms';
import { unreadable } from './elfUnreadable';

const run = promisify(execFile);

/** Milliseconds; the debug information of a large firmware takes a few seconds. */
const PATIENCE = 60_000;

/** Frames of `addresses` (one or more) in `elf`, a file for `machine`. Throws UserError where no program can tell. */
export async function askAddr2line(
  elf: string,
  machine: number,
  addresses: readonly string[],
  patience = PATIENCE,
): Promise<Frame[]> {
  const names = addr2lineNames(machine);
  const programs = await findPrograms(names);
  const failures: string[] = [];
  for (const program of programs) {
    const answer = await ask(program, elf, addresses, patience);
    if (typeof answer !== 'string') return plainNames(answer, program);
    if (!existsSync(elf)) unreadable(elf);
    failures.push(answer);
  }
  if (failures.length > 0)
    throw new UserError(
      'addr2line-failed',
      `The addresses were not resolved: ${failures.join('; ')}. Install the toolchain of the board anew, and check that "${elf}" is its whole ELF file.`,
    );
  throw new UserError(
    'no-addr2line',
    `No addr2line was found that reads this ELF file. Install the toolchain of the board, or LLVM; looked for ${names.join(', ')}.`,
  );
}

/** What `program` says, or why it says nothing. */
async function ask(
  program: string,
  elf: string,
  addresses: readonly string[],
  timeout: number,
): Promise<Frame[] | string> {
  try {
    const options = { maxBuffer: 16 << 20, timeout, killSignal: 'SIGKILL' } as const;
    const { stdout } = await run(program, ['-a', '-f', '-i', '-C', '-e', elf, ...addresses], options);
    const asked = new Set(addresses.map(Number));
    const frames = parseAddr2line(stdout).filter(({ address }) => asked.has(Number(address)));
    return frames.length > 0 ? frames : `${program} answered with something else than source lines`;
  } catch (error) {
    return `${program} ${howItFailed(error as Failure, timeout)}`;
  }
}

/** What execFile rejects with: `code` is the exit code, or the system's name of what went wrong. */
interface Failure extends Error {
  readonly code?: number | string | null;
  readonly signal?: string | null;
  readonly killed?: boolean;
  readonly stderr?: string;
}

function howItFailed({ code, signal, killed, stderr, message }: Failure, timeout: number): string {
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return 'answered without end';
  if (killed) return `gave no answer within ${timeout / 1000} s`;
  if (signal) return `crashed (${signal})`;
  if (typeof code === 'string') return `cannot be run (${code})`;
  const said = stderr?.trim().split(/\r?\n/)[0];
  return code === undefined || code === null
    ? `failed (${message})`
    : `failed${said ? ` ("${said}")` : ` (exit code ${code})`}`;
}

/** Xtensa's GCC calls clones `_ZL3foov$constprop$0`, which addr2line cannot demangle: the c++filt beside it does the rest. */
async function plainNames(frames: readonly Frame[], addr2line: string): Promise<Frame[]> {
  const names = frames.map(({ function: name }) => name && withoutClone(name));
  const mangled = [...new Set(names.filter((name) => name?.startsWith('_Z')))] as string[];
  const filter = join(dirname(addr2line), basename(addr2line).replace('addr2line', 'c++filt'));
  const plain = new Map<string, string>();
  if (mangled.length > 0 && existsSync(filter)) {
    // Without it the names stay as the linker knows them.
    const { stdout } = await run(filter, mangled, { timeout: PATIENCE }).catch(() => ({ stdout: '' }));
    const lines = stdout.trimEnd().split(/\r?\n/);
    if (lines.length === mangled.length) for (const [i, name] of mangled.entries()) plain.set(name, lines[i] || name);
  }
  return frames.map((frame, i) => {
    const name = names[i];
    return name === undefined ? frame : { ...frame, function: plain.get(name) ?? name };
  });
}
