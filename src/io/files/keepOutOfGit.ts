// Adds a file to the .gitignore of its project before a secret is written into it.
import { basename, join } from 'node:path';
import { readIfThere } from './readIfThere';
import { rewriteFile } from './rewriteFile';

/** `file` is relative to `folder`. Does nothing where its name is ignored already. Throws UserError `file-write`. */
export async function keepOutOfGit(folder: string, file: string): Promise<void> {
  const ignore = join(folder, '.gitignore');
  const name = basename(file);
  const text = (await readIfThere(ignore, 'write')) ?? '';
  if (text.split(/\r?\n/).some((line) => line.trim().replace(/^\//, '') === name)) return;
  await rewriteFile(ignore, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}\n`);
}
