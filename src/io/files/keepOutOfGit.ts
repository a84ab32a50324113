// Adds a file to the .gitignore of its project before a secret is written into it.
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** `file` is relative to `folder`. Does nothing where its name is ignored already. */
export async function keepOutOfGit(folder: string, file: string): Promise<void> {
  const ignore = join(folder, '.gitignore');
  const name = basename(file);
  const text = await readFile(ignore, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (text.split(/\r?\n/).some((line) => line.trim().replace(/^\//, '') === name)) return;
  await writeFile(ignore, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}\n`);
}
