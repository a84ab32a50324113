// Adds a file to the .gitignore of its project before a secret is written into it.
import { basename, join } from 'node:path';
import { readIfThere } from './readIfThere';
import { rewriteFile } from './rewriteFile';

/**
 * `file` is relative to `folder`; `ending` is a pattern that goes on from its name, such as `.*`. Does nothing where that is
 * ignored already. Throws UserError `file-write`.
 */
export async function keepOutOfGit(folder: string, file: string, ending = ''): Promise<void> {
  const ignore = join(folder, '.gitignore');
  const pattern = `${literal(basename(file))}${ending}`;
  const text = (await readIfThere(ignore, 'write')) ?? '';
  if (text.split(/\r?\n/).some((line) => line.trim().replace(/^\//, '') === pattern)) return;
  await rewriteFile(ignore, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${pattern}\n`);
}

/** A name as git matches it: no part of it is a wildcard, a comment or an exception (gitignore(5)). */
function literal(name: string): string {
  return name.replace(/[\\*?[\]]|^[#!]| +$/g, (text) => text.replaceAll(/./g, '\\$&'));
}
