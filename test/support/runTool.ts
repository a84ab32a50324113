// Runs a real program to its end, with a deadline, and gives its output.
import { spawn } from 'node:child_process';

export interface ToolRun {
  readonly code: number | null;
  /** stdout and stderr as they came. */
  readonly output: string;
}

export function runTool(
  file: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly deadlineMs?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: options.cwd, env: { ...process.env, ...options.env } });
    let output = '';
    const collect = (bytes: Buffer) => {
      output += bytes.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => child.kill('SIGKILL'), options.deadlineMs ?? 60_000);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, output });
    });
  });
}
