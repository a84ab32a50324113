// Runs the command line's source as a process, the way a terminal would.
import { execFile, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { TestContext } from 'node:test';
import { type RunningProgram, watchProgram } from './runningProgram';

/** Node's arguments that run a TypeScript file, from any working folder. */
export const TYPESCRIPT = ['--require', resolve('scripts/typescript.cjs')] as const;
/** Node's arguments that run the command line from its source. */
export const SECURE_IOT = [...TYPESCRIPT, resolve('src/cli.ts')] as const;

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A string is split at spaces, what stands in double quotes kept together. */
type Words = string | readonly string[];

function argumentsOf(words: Words): readonly string[] {
  if (typeof words !== 'string') return words;
  return [...words.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '');
}

/** No terminal, no passphrase but from `env`. */
const environment = (env: NodeJS.ProcessEnv) => ({ ...process.env, SECURE_IOT_CA_PASSPHRASE: '', ...env });

export function runCli(cwd: string, words: Words, env: NodeJS.ProcessEnv = {}, input = ''): Promise<CliResult> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [...SECURE_IOT, ...argumentsOf(words)],
      { cwd, env: environment(env), timeout: 60_000 },
      (error, out, err) => done({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}

/** One that runs on, until the test kills it or ends. `env` as for `runCli`; nothing is typed. */
export function startCli(t: TestContext, cwd: string, words: Words, env: NodeJS.ProcessEnv = {}): RunningProgram {
  const child = spawn(process.execPath, [...SECURE_IOT, ...argumentsOf(words)], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return watchProgram(child);
}
