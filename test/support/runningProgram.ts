// A program that runs on: what it has printed so far, and waiting for a line of it.
import type { ChildProcess } from 'node:child_process';

export interface RunningProgram {
  readonly pid: number | undefined;
  /** Resolves to the first line (from the start) that matches; rejects with all output after `timeoutMs`. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** stdout and stderr as they came, of those that are pipes. */
  output(): string;
  /** Its exit code, once all its output is here; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** As pulling the plug, unless another signal is given; resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export function watchProgram(child: ChildProcess): RunningProgram {
  let output = '';
  const wake = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      for (const check of wake) check();
    });
  }
  return {
    pid: child.pid,
    ended,
    output: () => output,
    line: (pattern, timeoutMs = 20_000) =>
      new Promise((resolve, reject) => {
        const finish = (act: () => void): void => {
          clearTimeout(timer);
          wake.delete(check);
          act();
        };
        const check = (): void => {
          const lines = output.split('\n').slice(0, -1);
          const found = lines.find((line) => pattern.test(line));
          if (found !== undefined) finish(() => resolve(found));
        };
        const fail = () => finish(() => reject(new Error(`no line matches ${pattern} in:\n${output}`)));
        const timer = setTimeout(fail, timeoutMs);
        wake.add(check);
        check();
        void ended.then(fail);
      }),
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal);
      await ended;
    },
  };
}
