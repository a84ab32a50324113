// Renames a file onto a name that another program may hold for a moment: on Windows a virus scanner, an indexer or an
// editor that has it open makes a rename fail with EPERM, EACCES or EBUSY (nodejs/node#29481). Elsewhere only EBUSY means that.
import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 3000;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/** As `rename`; fails with the error of the last try when the name is still held after `patienceMs`. */
export async function renameFile(from: string, to: string, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!mayPass(error) || performance.now() + pause > deadline) throw error;
    }
    await sleep(pause);
  }
}

function mayPass(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code === 'EBUSY' || (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES'));
}
