// What a partition held before it is written: kept in `backups` of the certificates folder, which git ignores.
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileError } from '../files/fileErrors';
import { replaceFile, writeNewFile } from '../files/newFile';
import { openCertificateStore } from '../pki/certificateStore';

export interface BackupOf {
  readonly mac: string | undefined;
  readonly label: string;
}

export interface SavedFlash {
  /** Where the copy is while the board is written. */
  readonly file: string | undefined;
  /** The write is done. Returns where the copy stays. */
  readonly done: () => Promise<string | undefined>;
  /** The write failed before it changed a byte of the board. */
  readonly untouched: () => Promise<void>;
}

/** Readable by its owner only. Returns the file, absolute. */
export async function backUp(folder: string, of: BackupOf, bytes: Uint8Array, now: Date): Promise<string> {
  await openCertificateStore(folder).prepare(); // its .gitignore first
  const time = now
    .toISOString()
    .replace(/[-:]|\..*/g, '')
    .replace('T', '-');
  for (let n = 1; ; n++) {
    const file = join(folder, 'backups', `${stem(of)}-${time}${n === 1 ? '' : `-${n}`}.bin`);
    try {
      await writeNewFile(file, bytes, { mode: 0o600 });
      return file;
    } catch (error) {
      if ((error as { code?: string }).code !== 'file-exists' || n > 99) throw error;
    }
  }
}

/** A write that a power cut may leave half done is announced first; `interruptedBackup` finds it the next time. */
export async function announceWrite(folder: string, of: BackupOf, bytes: Uint8Array, now: Date): Promise<SavedFlash> {
  await openCertificateStore(folder).prepare();
  const pending = pendingFile(folder, of);
  await replaceFile(pending, bytes, { mode: 0o600 });
  return {
    file: pending,
    done: async () => {
      const kept = await backUp(folder, of, bytes, now);
      await rm(pending, { force: true });
      return kept;
    },
    untouched: () => rm(pending, { force: true }),
  };
}

/** What the partition held before a write that never ended. */
export async function interruptedBackup(folder: string, of: BackupOf): Promise<Uint8Array | undefined> {
  const file = pendingFile(folder, of);
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw fileError(error, 'read', relative(process.cwd(), file));
  });
}

function pendingFile(folder: string, of: BackupOf): string {
  return join(folder, 'backups', `${stem(of)}.interrupted.bin`);
}

function stem({ mac, label }: BackupOf): string {
  return `${(mac ?? 'unknown').replaceAll(':', '')}-${label.replace(/[^\w.-]/g, '_')}`;
}
