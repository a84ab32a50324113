// Verifies a file against an authority: the folder's own, or another file's. What the folder has revoked counts.
import { readFile } from 'node:fs/promises';
import { fileError } from '../files/fileErrors';
import type { CertificateStore } from './certificateStore';
import { type Verification, verifyCertificate } from './verifyCertificate';

/** `caFile`: PEM, instead of the folder's authority. `passphrase`: of a PKCS#12 file. */
export async function verifyInStore(
  store: CertificateStore,
  file: string,
  { caFile, passphrase }: { readonly caFile?: string | undefined; readonly passphrase?: string } = {},
): Promise<Verification> {
  const trustedSource = caFile ?? store.pathsOf('authority', 'ca').certificate;
  const trusted = caFile
    ? await readFile(caFile, 'utf8').catch((error: unknown) => {
        throw fileError(error, 'read', trustedSource);
      })
    : (await store.readCa()).certificate;
  const records = await store.readInventory();
  const revoked = new Set(records.filter((r) => r.status === 'revoked').map((r) => r.serial));
  return verifyCertificate(file, {
    trusted,
    trustedSource,
    revoked,
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}
