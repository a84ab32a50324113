// Runs a project's build tool and hands on its output line by line, paths made whole.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { wholePath } from '../../core/firmware/compilerPaths';
import { LineSplitter } from '../../core/serial/lineSplitter';
import type { BuildPlan } from './buildPlan';
import { toolCommand } from './toolCommand';

export interface BuildRun {
  /** The exit code; 1 where the tool could not be started, or was stopped. */
  readonly ended: Promise<number>;
  /** Ends the tool and what it started. */
  stop(): void;
}

export function runBuild({ program, args, folder }: BuildPlan, onLine: (line: string) => void): BuildRun {
  // A group of its own, so that the compilers end with the tool. Windows has no groups.
  const windows = process.platform === 'win32';
  const { command, args: words, shell } = toolCommand(program, args);
  const child = spawn(command, [...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows,
    shell,
  });
  const folders = [folder, join(folder, 'build')];
  for (const stream of [child.stdout, child.stderr]) {
    const lines = new LineSplitter();
    const tell = (text: string): void => onLine(wholePath(text, folders, join, existsSync));
    stream.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) tell(line.text);
    });
    stream.on('end', () => {
      for (const line of lines.end()) tell(line.text);
    });
  }
  const ended = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      onLine(`${program} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  return {
    ended,
    stop: () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      if (windows) execFile('taskkill', ['/pid', String(child.pid), '/t', '/f'], () => undefined);
      else process.kill(-child.pid, 'SIGTERM');
    },
  };
}
