// The pair that a board holds whose firmware loads it at run time: the certificate folder's, by the device's name.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ProjectFacts } from '../../core/diagnose/projectFacts';
import { fileNameOf } from '../../core/pki/fileName';
import { belongTogether } from '../pki/signatureCheck';

/** `key` is a secret: it is for the replay, and must not leave this process. */
export interface StoredIdentity {
  /** Of the certificate, relative to `base`. */
  readonly path: string;
  readonly certificate: string;
  readonly key: string;
}

/** Undefined where the sketch holds its own pair, names no device, or no folder has a pair for it. */
export async function storedIdentity(
  { atRunTime, identity, clientId }: ProjectFacts,
  folders: readonly string[],
  base: string,
): Promise<StoredIdentity | undefined> {
  const device = identity?.device ?? clientId;
  if (!atRunTime.clientCertificate || device === undefined) return undefined;
  for (const folder of folders) {
    try {
      const file = join(folder, 'devices', fileNameOf(device));
      const [certificate, key] = await Promise.all([readFile(`${file}.crt`, 'utf8'), readFile(`${file}.key`, 'utf8')]);
      const path = relative(base, `${file}.crt`).replaceAll('\\', '/');
      if (belongTogether(certificate, key)) return { path, certificate, key };
    } catch {
      // not in this folder, or no name of a file: then there is nothing to try with
    }
  }
  return undefined;
}
