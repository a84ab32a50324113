// Certificates and keys that another client kept inside its settings, as files of the certificates folder.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ForeignFile } from '../../core/mqtt/foreignConnection';
import { writePem } from '../../core/x509/pem';
import { writeNewFile } from '../files/newFile';
import { openCertificateStore } from '../pki/certificateStore';

const KINDS = {
  authority: { ending: 'ca.crt', label: 'CERTIFICATE' },
  certificate: { ending: 'client.crt', label: 'CERTIFICATE' },
  // A DER key does not say which of its forms it is; PKCS#8 is what nearly all tools write.
  key: { ending: 'client.key', label: 'PRIVATE KEY' },
} as const;

/**
 * The path of `file`: where it is, or where its content was written, `imported/NAME-client.key` for example, readable by
 * its owner only and out of git. The same content is written once; nothing is ever overwritten.
 */
export async function placeImportedFile(
  certificates: string,
  connection: string,
  kind: keyof typeof KINDS,
  file: ForeignFile,
): Promise<string> {
  if (file.type === 'path') return file.path;
  const { ending, label } = KINDS[kind];
  const text = pemText(file.bytes, label);
  const folder = resolve(certificates);
  await openCertificateStore(folder).prepare();
  const name = connection.replace(/[^\w.-]+/g, '_').slice(0, 60) || 'connection';
  for (let number = 1; ; number++) {
    const path = join(folder, 'imported', `${number === 1 ? name : `${name}-${number}`}-${ending}`);
    const there = await contentOf(path);
    if (there === text) return path;
    if (there !== undefined) continue;
    await writeNewFile(path, text, { mode: 0o600 });
    return path;
  }
}

function pemText(bytes: Uint8Array, label: string): string {
  const text = Buffer.from(bytes).toString('utf8');
  return text.includes('-----BEGIN') ? text : writePem(label, bytes);
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
