// The ledger of a fleet run on disk: opened with what a killed run left put right, appended to, flushed once at the end.
import { X509Certificate } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ledgerLine } from '../../core/pki/ledger';
import { fileError } from '../files/fileErrors';
import { TEMPORARY_PREFIX } from '../files/newFile';
import { recordOf } from './certificateRecord';
import type { CertificateStore } from './certificateStore';

export interface FleetLedger {
  /** File names, without ending, of the devices that the folder's records have as issued and in use. */
  readonly issuedBefore: readonly string[];
  append(lines: string): Promise<void>;
  /** After this the lines are on the disk. */
  close(): Promise<void>;
}

/**
 * Cuts off the torn last line of a killed run, removes its temporary files, and writes down the certificates in `folder`
 * (devices, absolute) that it finished without a line.
 */
export async function openFleetLedger(store: CertificateStore, folder: string): Promise<FleetLedger> {
  const path = store.ledgerPath;
  const handle = await open(path, 'a', 0o644).catch((error: unknown) => {
    throw fileError(error, 'write', path);
  });
  const append = async (lines: string) => {
    await handle.appendFile(lines).catch((error: unknown) => {
      throw fileError(error, 'write', path);
    });
  };
  try {
    const issuedBefore = await repair(store, folder, handle, append);
    return {
      issuedBefore,
      append,
      async close() {
        await handle.datasync();
        await handle.close();
      },
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function repair(
  store: CertificateStore,
  folder: string,
  handle: FileHandle,
  append: (lines: string) => Promise<void>,
): Promise<string[]> {
  const { records, goodLength } = await store.readLedger();
  await handle.truncate(goodLength);
  const inUse = (await store.readInventory()).filter((record) => record.status !== 'replaced');
  const known = new Set([...records, ...inUse].map((record) => record.file));
  for (const file of await readdir(folder)) {
    if (file.startsWith(TEMPORARY_PREFIX)) await rm(join(folder, file), { force: true });
    if (!file.endsWith('.crt') || known.has(`devices/${file}`)) continue;
    const certificate = tryCertificate(await readFile(join(folder, file), 'utf8'));
    if (certificate) await append(ledgerLine(recordOf(certificate, 'device', `devices/${file}`)));
  }
  const devices = inUse.filter((record) => record.role === 'device');
  return devices.map(({ file }) => basename(file, '.crt'));
}

function tryCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
