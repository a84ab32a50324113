// Writes files so that a reader never sees half of one: temp file, fsync, then link (new) or rename (replace).
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './fileErrors';
import { renameFile } from './renameFile';

/** Matches what a killed writer may leave behind; ignored by git in a certificates folder. */
export const TEMPORARY_PREFIX = '.secure-iot-';

export interface FileMode {
  /** 0o600 for keys. */
  readonly mode?: number;
}

/** Creates `path` with `text`; fails with UserError "file-exists" if anything is there, also if it came meanwhile. */
export async function writeNewFile(path: string, text: string | Uint8Array, { mode = 0o644 }: FileMode = {}) {
  await viaTemporary(path, text, mode, (temporary) => nameNewFile(temporary, path, mode));
}

/** Gives a finished file its name, unless something has it; the temporary may stay. Rejects with the system's error. */
export async function nameNewFile(temporary: string, path: string, mode: number): Promise<void> {
  try {
    await link(temporary, path); // unlike rename, never replaces
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw Object.assign(error as Error, { path }); // not the temporary's
    if (!noHardLinks(error)) throw error;
    await (await open(path, 'wx', mode)).close(); // FAT and some network folders: claim the name, then fill it
    try {
      await renameFile(temporary, path);
    } catch (failure) {
      await rm(path, { force: true }); // ours, and empty
      throw failure;
    }
  }
}

/** Creates or replaces `path`. For records and lists of ours, never for keys or certificates. */
export async function replaceFile(path: string, text: string | Uint8Array, { mode = 0o644 }: FileMode = {}) {
  await viaTemporary(path, text, mode, (temporary) => renameFile(temporary, path));
}

async function viaTemporary(
  path: string,
  text: string | Uint8Array,
  mode: number,
  settle: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `${TEMPORARY_PREFIX}${randomBytes(6).toString('hex')}-${basename(path)}.tmp`);
  try {
    await makeFolder(dirname(path));
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await settle(temporary);
  } catch (error) {
    throw fileError(error, 'write', path);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

/**
 * Makes a folder and those above it. Not `mkdir(…, {recursive: true})`: Node's loop never ends where a parent exists
 * and the system says ENOENT all the same, as under /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      if ((await stat(path)).isDirectory()) return;
      throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
    }
    if (code !== 'ENOENT' || dirname(path) === path || (await isThere(dirname(path)))) throw error;
    await makeFolder(dirname(path));
    await makeFolder(path);
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function noHardLinks(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'].includes(code);
}
