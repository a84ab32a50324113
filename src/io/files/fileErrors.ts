// What the file system's errors mean to a reader.
import { UserError } from '../../core/errors';

const CAUSES: Readonly<Record<string, string>> = {
  EPERM: 'the system does not permit it',
  EROFS: 'the folder is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the file would be larger than the system allows',
  EDQUOT: 'your disk quota is used up',
  ENOTDIR: 'a file stands where a folder should be',
  EISDIR: 'a folder stands where a file should be',
  ENOENT: 'there is no such file or folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
};

/** A UserError for what the user can mend about `path`; any other error comes back as it is. */
export function fileError(error: unknown, doing: 'read' | 'write', path: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (code === 'EEXIST') {
    return new UserError(
      'file-exists',
      `${(error as NodeJS.ErrnoException).path ?? path} exists already and is never overwritten. Choose another name.`,
    );
  }
  const cause = code === 'EACCES' ? `you have no right to ${doing} there` : CAUSES[code];
  if (!cause) return error;
  const next =
    doing === 'write' ? 'Nothing was changed there. Mend that, or choose another folder.' : 'Check the path.';
  return new UserError(`file-${doing}`, `Cannot ${doing} ${path}: ${cause} (${code}). ${next}`, undefined, {
    cause: error,
  });
}
