// Runs the command line's source as a process, the way a terminal would.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

/** Node's arguments that run a TypeScript file, from any working folder. */
export const TYPESCRIPT = ['--require', resolve('scripts/typescript.cjs')] as const;
/** Node's arguments that run the command line from its source. */
export const SECURE_IOT = [...TYPESCRIPT, resolve('src/cli.ts')] as const;

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `line` is split at spaces, what stands in double quotes kept together. No terminal, no passphrase but from `env`. */
export function runCli(cwd: string, line: string, env: NodeJS.ProcessEnv = {}, input = ''): Promise<CliResult> {
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '');
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [...SECURE_IOT, ...args],
      { cwd, env: { ...process.env, SECURE_IOT_CA_PASSPHRASE: '', ...env }, timeout: 60_000 },
      (error, out, err) => done({ code: error ? Number(error.code ?? -1) : 0, out, err }),
    );
    child.stdin?.end(input);
  });
}
