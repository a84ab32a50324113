// Which processes hold a serial device open, where the system tells: /proc on Linux, lsof on macOS, nothing on Windows.
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface PortHolder {
  readonly pid: number;
  readonly name: string;
}

/** Best effort and quick: other users' processes stay hidden unless we are root. */
export async function portHolders(path: string): Promise<PortHolder[]> {
  try {
    const device = await realpath(path);
    if (process.platform === 'linux') return await linuxHolders(device);
    if (process.platform === 'darwin') return await macHolders(device);
  } catch {
    // not telling is no error: the caller says "another program" then
  }
  return [];
}

/** `target`: what the descriptor links to, such as `/dev/ttyUSB0` or `socket:[4711]`. */
export async function linuxHolders(target: string): Promise<PortHolder[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const holders = await Promise.all(
    pids.map(async (pid) => {
      const fds = await readdir(`/proc/${pid}/fd`).catch(() => []);
      const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
      if (!targets.includes(target)) return undefined;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return { pid: Number(pid), name: name || 'a process' };
    }),
  );
  return holders.filter((holder) => holder !== undefined);
}

async function macHolders(device: string): Promise<PortHolder[]> {
  return lsofHolders([device]);
}

export async function lsofHolders(args: readonly string[]): Promise<PortHolder[]> {
  const { stdout } = await promisify(execFile)('lsof', ['-F', 'pc', ...args], { timeout: 2_000 });
  const holders: PortHolder[] = [];
  let pid = 0;
  for (const line of stdout.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('c')) holders.push({ pid, name: line.slice(1) });
  }
  return holders;
}
