// Two connected pseudo terminals made by socat: a serial cable without hardware.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporaryFolder';
import { until } from './until';

export interface PtyPair {
  readonly near: string;
  readonly far: string;
  /** Unplugs both ends. */
  stop(): Promise<void>;
}

export async function ptyPair(socat: string): Promise<PtyPair> {
  const folder = temporaryFolder('pty');
  const [near, far] = [join(folder, 'near'), join(folder, 'far')];
  const child = spawn(socat, [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: 'ignore' });
  await until(() => existsSync(near) && existsSync(far), 'socat made no terminals');
  return { near, far, stop: () => stopProcess(child) };
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
