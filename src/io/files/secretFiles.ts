// Secrets that are made along the way: into the certificates folder, which tells git to ignore them first.
import { resolve } from 'node:path';
import { openCertificateStore } from '../pki/certificateStore';
import { writeNewFile } from './newFile';

export interface SecretFile {
  /** Inside the certificates folder, with a name that its .gitignore covers (*.key). */
  readonly path: string;
  readonly text: string;
}

/** Writes each, readable by its owner only. Throws UserError `file-exists` where one came meanwhile. */
export async function writeSecretFiles(certificates: string, files: readonly SecretFile[]): Promise<void> {
  if (files.length === 0) return;
  await openCertificateStore(resolve(certificates)).prepare();
  for (const { path, text } of files) await writeNewFile(path, text, { mode: 0o600 });
}
