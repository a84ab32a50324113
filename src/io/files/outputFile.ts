// A file that a person asked for by name: an image, a copy of a board's flash, a page of labels. One rule for all of them:
// what is there already is replaced only where nothing can be lost with it (it is empty, it is the same, or it can be made
// again), or where the person said so; and never where the output is made from it.
import { readFile, realpath, stat } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { fileError } from './fileErrors';
import { type FileMode, replaceFile, writeNewFile } from './newFile';

export interface OutputRule {
  /** The person chose to replace whatever is there. */
  readonly force?: boolean | undefined;
  /** Files that the output is made from. They are not replaced by it, not even with `force`. */
  readonly inputs?: readonly string[];
  /** Whether what is there is of the output's kind and can be made again from where it came. Without it nothing can. */
  readonly canBeRemade?: (existing: Uint8Array) => boolean;
}

/** Above this it is no image of ours: no flash is larger. */
const MAX_COMPARED = 64 * 1024 * 1024;

/** Whole or not at all. Throws UserError `file-exists`, `output-is-input` or `file-write`. */
export async function writeOutput(path: string, bytes: string | Uint8Array, options: OutputRule & FileMode) {
  const same = (existing: Uint8Array) => Buffer.from(bytes).equals(existing);
  const canBeRemade = (existing: Uint8Array) => same(existing) || (options.canBeRemade?.(existing) ?? false);
  const target = await checkOutput(path, { ...options, canBeRemade });
  if (target === undefined) await writeNewFile(path, bytes, options);
  else await replaceFile(target, bytes, options);
}

/** The file to replace (behind links); undefined where nothing is there. Throws what `writeOutput` throws. */
export async function checkOutput(path: string, rule: OutputRule): Promise<string | undefined> {
  const existing = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(error, 'write', path);
  });
  if (existing === undefined) return undefined;
  if (!existing.isFile()) {
    if (existing.isDirectory()) throw fileError(Object.assign(new Error(), { code: 'EISDIR' }), 'write', path);
    throw new UserError('file-write', `${path} is a device or a pipe, not a file. Choose the name of a file.`);
  }
  for (const input of rule.inputs ?? []) {
    const { dev, ino } = await stat(input).catch(() => ({ dev: -1, ino: -1 }));
    if (dev === existing.dev && ino === existing.ino)
      throw new UserError('output-is-input', `${path} is what the output is made from. Choose another name for it.`);
  }
  if (existing.size > 0 && !rule.force && !(existing.size <= MAX_COMPARED && (await remakable(path, rule))))
    throw new UserError(
      'file-exists',
      `${path} exists already, and what it holds would be lost. Choose another name, or replace it with --force.`,
    );
  return realpath(path);
}

async function remakable(path: string, { canBeRemade }: OutputRule): Promise<boolean> {
  if (canBeRemade === undefined) return false;
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(error, 'write', path);
  });
  return canBeRemade(bytes);
}
