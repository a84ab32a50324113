// Reads a file that need not be there.
import { readFile } from 'node:fs/promises';
import { fileError } from './fileErrors';

/** Undefined where there is no such file. One that cannot be read is not taken for none: it would be written over. */
export async function readIfThere(path: string, doing: 'read' | 'write' = 'read'): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw fileError(error, doing, path);
  });
}
