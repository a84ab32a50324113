// Changes a person's own file, such as a sketch or a .gitignore: all of it or nothing, its rights and links kept.
import { realpath, stat } from 'node:fs/promises';
import { type FileMode, replaceFile } from './newFile';

/** Creates the file where there is none. `mode`: instead of the rights that it has. Throws UserError `file-write`. */
export async function rewriteFile(path: string, text: string, { mode }: FileMode = {}): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const kept = (await stat(target).catch(() => undefined))?.mode;
  const rights = mode ?? (kept === undefined ? undefined : kept & 0o777);
  await replaceFile(target, text, rights === undefined ? {} : { mode: rights });
}
