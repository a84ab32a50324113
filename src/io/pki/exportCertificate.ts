// Writes an identity in the form that another tool wants. Exports with a key go to certs/export, which git ignores.
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { profiles } from '../../core/pki/certificateProfile';
import { cHeader, ESP_IDF_CMAKE, manifestCsv } from '../../core/pki/exportText';
import { fileNameOf } from '../../core/pki/fileName';
import type { InventoryRecord } from '../../core/pki/inventory';
import { writePem } from '../../core/x509/pem';
import { writeNewFile } from '../files/newFile';
import type { CertificateStore, Identity } from './certificateStore';
import { checkPassphrase } from './keyPair';
import { pemCertificates } from './pemCertificates';
import { writePkcs12 } from './pkcs12';

export const exportFormats = ['pem', 'der', 'p12', 'header', 'progmem', 'esp-idf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface Exported {
  /** Absolute paths of what was written. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** `passphrase` is for PKCS#12 only. `out` is a folder; without it certs/export/<name>. */
export async function exportIdentity(
  store: CertificateStore,
  record: InventoryRecord,
  format: ExportFormat,
  options: { readonly out?: string; readonly passphrase?: string } = {},
): Promise<Exported> {
  const stem = record.file.slice(record.file.lastIndexOf('/') + 1).replace(/\.crt.*$/, '');
  const folder = options.out ?? join(store.folder, 'export', stem);
  const identity = await readIdentity(store, record, stem);
  const { certificate: ca } = await store.readCa();
  const files = await contents(identity, ca, stem, format, options.passphrase);
  await store.prepare();
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    if (await isThere(path, content)) continue; // ca.pem, of an export in another form
    await writeNewFile(path, content, { mode: /\.(?:key|p12|h)$|key\.der$/.test(name) ? 0o600 : 0o644 });
  }
  const notes =
    format === 'esp-idf' ? [`Put them into main/certs, and into main/CMakeLists.txt:\n${ESP_IDF_CMAKE}`] : [];
  if (options.out) notes.push('The export holds the private key: keep it out of git.');
  return { files: paths, notes };
}

/** The whole inventory without secrets, for a production line or a cloud's registration. */
export async function exportManifest(store: CertificateStore, format: 'csv' | 'json'): Promise<string> {
  const records = (await store.list()).filter((record) => !profiles[record.role].isAuthority);
  return format === 'csv' ? manifestCsv(records) : `${JSON.stringify(records, null, 2)}\n`;
}

async function contents(
  { certificate, key }: Identity,
  ca: string,
  stem: string,
  format: ExportFormat,
  passphrase: string | undefined,
): Promise<Record<string, string | Uint8Array>> {
  const certificates = pemCertificates(certificate, `${stem}.crt`);
  switch (format) {
    case 'pem':
      return { 'ca.pem': ca, [`${stem}.crt`]: certificate, [`${stem}.key`]: key };
    case 'der': {
      const der = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
      const [authority] = pemCertificates(ca, 'ca.crt');
      const leaf = certificates[0]?.raw ?? new Uint8Array();
      return { 'ca.der': authority?.raw ?? new Uint8Array(), [`${stem}.der`]: leaf, [`${stem}.key.der`]: der };
    }
    case 'p12': {
      if (passphrase === undefined)
        throw new UserError('export-passphrase', 'A PKCS#12 file needs a passphrase of its own.');
      checkPassphrase(passphrase);
      const chain = [...certificates, ...pemCertificates(ca, 'ca.crt')];
      return {
        [`${stem}.p12`]: await writePkcs12({ certificates: chain, key: createPrivateKey(key), name: stem }, passphrase),
      };
    }
    case 'header':
    case 'progmem':
      return { 'identity.h': cHeader({ ca, certificate, key }, format === 'progmem') };
    case 'esp-idf':
      return {
        'ca.pem': ca,
        'client.crt': certificates.map((c) => writePem('CERTIFICATE', c.raw)).join(''),
        'client.key': key,
      };
  }
}

async function isThere(path: string, content: string | Uint8Array): Promise<boolean> {
  const old = await readFile(path).catch(() => undefined);
  return old?.equals(Buffer.from(content)) ?? false;
}

async function readIdentity(store: CertificateStore, record: InventoryRecord, stem: string): Promise<Identity> {
  if (profiles[record.role].isAuthority) {
    throw new UserError(
      'export-authority',
      "The authority's key stays where it is. Boards and brokers need only ca/ca.crt.",
    );
  }
  fileNameOf(stem);
  if (!(await store.hasKey(record.role, stem))) {
    throw new UserError('no-key', `The key of "${record.name}" is not here: it was made elsewhere, and stays there.`);
  }
  return { certificate: await store.readCertificate(record.role, stem), key: await store.readKey(record.role, stem) };
}
