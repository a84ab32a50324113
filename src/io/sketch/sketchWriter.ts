// Writes a planned project: all of it or nothing, `.gitignore` first, secrets readable by their owner only.
import { chmod, mkdtemp, open, readdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../core/errors';
import type { PlannedFile } from '../../core/firmware/sketchPlan';
import { fileError } from '../files/fileErrors';
import { makeFolder } from '../files/newFile';
import { renameFile } from '../files/renameFile';

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  await makeFolder(dirname(file));
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Undefined where the folder does not exist yet. */
async function entriesOf(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') throw new UserError('folder-is-file', `${folder} is a file. Choose a folder.`);
    throw error;
  }
}

/**
 * Writes `files` into `folder`, which must not exist or be empty. They are written beside it first and then moved, so
 * a failure leaves nothing behind. Throws UserError `folder-not-empty`, `folder-is-file` or `folder-not-writable`.
 */
export async function writeSketch(folder: string, files: readonly PlannedFile[]): Promise<void> {
  try {
    const existing = await entriesOf(folder);
    if (existing && existing.length > 0) {
      throw new UserError(
        'folder-not-empty',
        `${folder} is not empty (it has ${existing.slice(0, 3).join(', ')}). Choose a new folder; nothing was written.`,
      );
    }
    await makeFolder(dirname(folder));
    const draft = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
    try {
      for (const file of files) {
        await writeSynced(join(draft, ...file.path.split('/')), file.text, file.secret ? 0o600 : 0o644);
      }
      await chmod(draft, 0o755); // mkdtemp made it for its owner only
      if (existing) await rmdir(folder); // Windows renames onto nothing that exists, not even an empty folder
      await renameFile(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOSPC') {
      throw new UserError(
        'folder-not-writable',
        `${folder} cannot be written (${code}). Choose another folder; nothing was left there.`,
        undefined,
        { cause: error },
      );
    }
    throw fileError(error, 'write', folder);
  }
}
