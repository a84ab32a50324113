// The .gitignore of a certificates folder: what must never be committed. A person's own lines stay.
import { join } from 'node:path';
import { replaceFile, TEMPORARY_PREFIX } from '../files/newFile';
import { readIfThere } from '../files/readIfThere';

const GIT_IGNORED = ['/export/', '/backups/', '*.key', '*.key.*', '*.p12', '*.pfx', '.lock', `${TEMPORARY_PREFIX}*`];

/** Before any key is written there. */
export async function ignoreKeys(folder: string): Promise<void> {
  const path = join(folder, '.gitignore');
  const old = await readIfThere(path, 'write');
  const missing = GIT_IGNORED.filter((line) => !old?.split(/\r?\n/).includes(line));
  if (missing.length === 0) return;
  const head = old === undefined ? '# Private keys stay on this computer.\n' : old.replace(/\n?$/, '\n');
  await replaceFile(path, `${head}${missing.join('\n')}\n`);
}
