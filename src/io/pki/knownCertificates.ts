// The certificates that lie in a workspace's certificate folder: candidates for the CA that a board should hold.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { KnownCertificate } from '../../core/diagnose/diagnosisFacts';
import { parseCertificate } from '../../core/x509/certificate';
import { scanPem } from '../../core/x509/pem';

const MAX_FILES = 500;

/** Paths are relative to `base`. Files that are no certificates are passed over. CAs come first. */
export async function knownCertificates(folders: readonly string[], base: string): Promise<KnownCertificate[]> {
  const found: KnownCertificate[] = [];
  for (const folder of new Set(folders)) {
    for (const sub of ['ca', '.', 'broker']) {
      const entries = await readdir(join(folder, sub)).catch(() => []);
      for (const name of entries.filter((entry) => /\.(crt|pem|cer)$/i.test(entry)).slice(0, MAX_FILES)) {
        const file = join(folder, sub, name);
        const text = await readFile(file, 'utf8').catch(() => '');
        for (const { label, der } of scanPem(text).blocks) {
          if (label !== 'CERTIFICATE') continue;
          try {
            const path = relative(base, file).replaceAll('\\', '/');
            found.push({ path, text, certificate: parseCertificate(der) });
          } catch {
            // a damaged file is no candidate; the certificates view says what is wrong with it
          }
        }
      }
    }
  }
  return found;
}
