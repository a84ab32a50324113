// Writes the registration files of a cloud for all devices of a certificates folder.
import type { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import {
  type Cloud,
  type RegisteredDevice,
  registrationFiles,
  registrationSteps,
} from '../../core/pki/cloudRegistration';
import type { InventoryRecord } from '../../core/pki/inventory';
import { writeNewFile } from '../files/newFile';
import type { CertificateStore } from './certificateStore';
import type { Exported } from './exportCertificate';
import { pemCertificates } from './pemCertificates';

/** Into `out`, or a new folder of certs/export. Devices that are revoked, replaced or expired are left out. */
export async function exportRegistration(
  store: CertificateStore,
  cloud: Cloud,
  options: { readonly out?: string; readonly now?: Date } = {},
): Promise<Exported & { readonly devices: number }> {
  const now = options.now ?? new Date();
  const records = (await store.list()).filter(
    ({ role, status, notAfter }) => role === 'device' && status === 'valid' && new Date(notAfter) > now,
  );
  if (records.length === 0) {
    throw new UserError('no-devices', `There is no device in ${store.folder} to register. Issue one first.`);
  }
  const root = pemCertificates((await store.readCa()).certificate, 'ca.crt');
  const devices: RegisteredDevice[] = [];
  for (const record of records) devices.push(await readDevice(store, record, root));
  const files = registrationFiles(cloud, devices);
  await store.prepare();
  const folder = options.out ?? (await freeFolder(join(store.folder, 'export', cloud)));
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await writeNewFile(path, content);
    paths.push(path);
  }
  const authorities = new Set(devices.map(({ authority }) => authority)).size;
  return { files: paths, notes: registrationSteps(cloud, authorities), devices: devices.length };
}

async function readDevice(
  store: CertificateStore,
  { name, file }: InventoryRecord,
  root: readonly X509Certificate[],
): Promise<RegisteredDevice> {
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.crt$/, '');
  const [leaf, ...above] = pemCertificates(await store.readCertificate('device', stem), file);
  const authority = [...above, ...root].find((one) => leaf?.checkIssued(one));
  if (!leaf || !authority) {
    throw new UserError(
      'no-authority',
      `The authority that signed ${file} is not here, so its device cannot be registered.`,
    );
  }
  return { name, certificate: leaf.toString(), authority: authority.toString() };
}

/** `base`, or `base`-2 and so on: an export is never written over another. */
async function freeFolder(base: string): Promise<string> {
  for (let n = 1; ; n++) {
    const folder = n === 1 ? base : `${base}-${n}`;
    const there = await stat(folder).catch(() => undefined);
    if (!there) return folder;
  }
}
