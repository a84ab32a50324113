// One writer at a time in a folder (or of one of its files), across processes: a lock file that names its holder; a dead holder's is taken over.
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../core/errors';
import { fileError } from './fileErrors';
import { TEMPORARY_PREFIX } from './newFile';

const POLL_MS = 50;
/** A take-over is a moment's work: one that is older was killed in it. */
const TAKING_MS = 10_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/** Runs `work` while holding the folder; waits up to `patienceMs` for another holder. `name`: what lock file stands for it. */
export async function withFolderLock<T>(
  folder: string,
  work: () => Promise<T>,
  patienceMs = 15_000,
  name = '.lock',
): Promise<T> {
  const path = join(folder, name);
  await acquire(path, patienceMs);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string, patienceMs: number): Promise<void> {
  for (let waited = 0; ; waited += POLL_MS) {
    try {
      const handle = await open(path, 'wx', 0o600);
      try {
        await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
      } catch (error) {
        await rm(path, { force: true }); // ours, and without a name in it: nobody could tell whose it is
        throw error;
      } finally {
        await handle.close();
      }
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError(error, 'write', path);
    }
    const holder = await readHolder(path);
    // An unreadable lock is one being written, or what a kill left of it: after a second it is the latter.
    if ((holder ? isDead(holder) : waited > 1000) && (await takeOver(path, holder))) continue;
    if (waited >= patienceMs) {
      throw new UserError(
        'folder-busy',
        `Another Secure IoT (process ${holder?.pid ?? 'unknown'}${holder ? ` on ${holder.host}` : ''}) is writing here. Wait until it is done, or delete ${path} if it is not running any more.`,
      );
    }
    await sleep(POLL_MS);
  }
}

/**
 * Removes the lock that `holder` left. One at a time, and only after another look: whoever is late would otherwise remove
 * the lock that the one before has just put there. False where another one is at it.
 */
async function takeOver(path: string, holder: Holder | undefined): Promise<boolean> {
  const taking = join(dirname(path), `${TEMPORARY_PREFIX}taking-lock`);
  try {
    await (await open(taking, 'wx', 0o600)).close();
  } catch {
    const age = await stat(taking).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > TAKING_MS) await rm(taking, { force: true });
    return false;
  }
  try {
    const now = await readHolder(path);
    if (now?.pid === holder?.pid && now?.host === holder?.host) await rm(path, { force: true });
    return true;
  } finally {
    await rm(taking, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.host === 'string'
      ? { pid: value.pid, host: value.host }
      : undefined;
  } catch {
    return undefined;
  }
}

function isDead({ pid, host }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
