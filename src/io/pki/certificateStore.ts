// A folder of certificates on disk: the layout, what may be written, and the inventory. It makes nothing itself
// (issueCertificates.ts and fleet.ts do) and writes no key before a .gitignore keeps keys out of git. Records are in
// inventory.json; those of fleet runs in fleet.jsonl, which is only appended to.
//
//   const store = openCertificateStore('/project/certs');
//   await store.list()                 InventoryRecord[], also for certificates that were copied in by hand
//   await store.readCa()               { certificate }         PEM; the CA's key stays encrypted on disk
//   await store.readDevice('esp32-1')  { certificate, key }    PEM, leaf first
//   await store.readBroker()           the same, for the named or the only (newest) broker
//
// Every read throws UserError "not-found" with what to do where a file is missing.
import { X509Certificate } from 'node:crypto';
import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../../core/errors';
import { type CertificateRole, profiles } from '../../core/pki/certificateProfile';
import { fileNameOf } from '../../core/pki/fileName';
import type { InventoryRecord } from '../../core/pki/inventory';
import type { Ledger } from '../../core/pki/ledger';
import { fileError } from '../files/fileErrors';
import { withFolderLock } from '../files/folderLock';
import { makeFolder, replaceFile, writeNewFile } from '../files/newFile';
import { readIfThere } from '../files/readIfThere';
import { recordOf } from './certificateRecord';
import { exists, freeSuffix, keepCopy } from './datedCopies';
import { ignoreKeys } from './ignoreKeys';
import { ledgerPath, readInventory, readLedger, writeInventory } from './inventoryFiles';
import { belongTogether } from './signatureCheck';

export interface Identity {
  /** PEM, leaf first, then intermediates. */
  readonly certificate: string;
  /** PKCS#8 PEM. */
  readonly key: string;
}

export interface IdentityPaths {
  readonly certificate: string;
  readonly key: string;
}

export function openCertificateStore(folder: string): CertificateStore {
  if (!isAbsolute(folder)) throw new Error(`certificates folder must be absolute: ${folder}`);
  return new CertificateStore(folder);
}

export class CertificateStore {
  constructor(readonly folder: string) {}

  /** Absolute paths of an identity's files; the authority's are always ca/ca.crt and ca/ca.key. */
  pathsOf(role: CertificateRole, name: string): IdentityPaths {
    const base = join(this.folder, profiles[role].folder, role === 'authority' ? 'ca' : fileNameOf(name));
    return { certificate: `${base}.crt`, key: `${base}.key` };
  }

  async readCa(): Promise<{ readonly certificate: string }> {
    return { certificate: await this.read(this.pathsOf('authority', 'ca').certificate, NO_AUTHORITY) };
  }

  /** The authority's key as it lies there: encrypted PKCS#8 PEM. */
  readCaKey(): Promise<string> {
    return this.read(this.pathsOf('authority', 'ca').key, NO_AUTHORITY);
  }

  /** PEM of the authority, or of the intermediate authority of that name with what is between it and the root. */
  async readAuthority(intermediate?: string): Promise<string> {
    if (intermediate === undefined) return (await this.readCa()).certificate;
    return this.read(this.pathsOf('intermediate', intermediate).certificate, noIntermediate(intermediate));
  }

  /** Its key as it lies there: encrypted PKCS#8 PEM. */
  readAuthorityKey(intermediate?: string): Promise<string> {
    if (intermediate === undefined) return this.readCaKey();
    return this.read(this.pathsOf('intermediate', intermediate).key, noIntermediate(intermediate));
  }

  readDevice(name: string): Promise<Identity> {
    return this.readIdentity('device', name);
  }

  /** Without a name: the newest broker certificate. */
  async readBroker(name?: string): Promise<Identity> {
    if (name !== undefined) return this.readIdentity('broker', name);
    const brokers = (await this.list()).filter((r) => r.role === 'broker' && r.status === 'valid');
    const newest = brokers.sort((a, b) => a.notBefore.localeCompare(b.notBefore)).at(-1);
    if (!newest) throw new UserError('not-found', `There is no broker certificate in ${this.folder}. ${GENERATE}`);
    return this.readIdentity('broker', newest.name);
  }

  async exists(role: CertificateRole, name = 'ca'): Promise<boolean> {
    return exists(this.pathsOf(role, name).certificate);
  }

  readCertificate(role: CertificateRole, name: string): Promise<string> {
    const { certificate } = this.pathsOf(role, name);
    return this.read(certificate, `There is no certificate ${certificate}.`);
  }

  async hasKey(role: CertificateRole, name: string): Promise<boolean> {
    return exists(this.pathsOf(role, name).key);
  }

  readKey(role: CertificateRole, name: string): Promise<string> {
    const { key } = this.pathsOf(role, name);
    return this.read(key, `There is no key ${key}.`);
  }

  /** The inventory, completed by certificates that lie in the folder without a record. Writes nothing. */
  async list(): Promise<InventoryRecord[]> {
    const records = await this.readInventory();
    const known = new Set(records.filter((r) => r.status !== 'replaced').map((r) => r.file));
    for (const [role, { folder }] of Object.entries(profiles) as [CertificateRole, { folder: string }][]) {
      for (const file of await listFolder(join(this.folder, folder))) {
        const relative = `${folder}/${file}`;
        if (!file.endsWith('.crt') || known.has(relative)) continue;
        const pem = await readFile(join(this.folder, relative), 'utf8').catch(() => '');
        const record = tryRecord(pem, role, relative);
        if (record && !records.some((r) => r.fingerprint === record.fingerprint)) records.push(record);
      }
    }
    return records;
  }

  /**
   * Writes key, certificate and record of a new identity. Nothing is overwritten: an existing certificate is a
   * UserError "file-exists". A key that lies there without a certificate (of a killed run) must be the one given.
   */
  async add(role: CertificateRole, name: string, pem: { certificate: string; key?: string }): Promise<InventoryRecord> {
    const paths = this.pathsOf(role, name);
    await this.prepare();
    return this.locked(async () => {
      await this.refuseExisting(role, name);
      await refuseForeignKey(paths.key, pem.certificate);
      if (pem.key !== undefined && !(await exists(paths.key))) await writeNewFile(paths.key, pem.key, { mode: 0o600 });
      await writeNewFile(paths.certificate, pem.certificate);
      const record = recordOf(new X509Certificate(pem.certificate), role, this.relative(role, name));
      await this.writeInventory([...(await this.readInventory()), record]);
      return record;
    });
  }

  /**
   * Puts a new certificate (and key) in the place of an identity's. The old files stay beside them as dated copies
   * ("localhost.crt.2026-05-01"), and the old record points there. `key: null`: the new key is elsewhere.
   */
  async replace(
    role: CertificateRole,
    name: string,
    pem: { readonly certificate: string; readonly key?: string | null },
    now: Date,
  ): Promise<InventoryRecord> {
    const paths = this.pathsOf(role, name);
    await this.prepare();
    return this.locked(async () => {
      const records = await this.list();
      const file = this.relative(role, name);
      const suffix = await freeSuffix([paths.certificate, paths.key], now);
      await keepCopy(paths.certificate, suffix);
      if (pem.key !== undefined) {
        if (await exists(paths.key)) await keepCopy(paths.key, suffix);
        if (pem.key === null) await rm(paths.key, { force: true });
        else await replaceFile(paths.key, pem.key, { mode: 0o600 });
      }
      await replaceFile(paths.certificate, pem.certificate);
      const record = recordOf(new X509Certificate(pem.certificate), role, file);
      const kept = records.map((old) => (old.file === file ? retired(old, `${file}${suffix}`) : old));
      await this.writeInventory([...kept, record]);
      return record;
    });
  }

  /** Throws UserError "file-exists" if the identity has a certificate already. */
  async refuseExisting(role: CertificateRole, name: string): Promise<void> {
    const { certificate } = this.pathsOf(role, name);
    if (!(await exists(certificate))) return;
    throw new UserError(
      'file-exists',
      `${certificate} exists already, and a certificate or key is never overwritten. Choose another name${role === 'authority' ? ' for the folder' : ', or renew it'}.`,
    );
  }

  /** Makes the folder and its .gitignore; before any key is written. */
  async prepare(): Promise<void> {
    try {
      await makeFolder(this.folder);
    } catch (error) {
      throw fileError(error, 'write', this.folder);
    }
    await ignoreKeys(this.folder);
  }

  readInventory(): Promise<InventoryRecord[]> {
    return readInventory(this.folder);
  }

  /** Call it inside `locked`. */
  writeInventory(records: readonly InventoryRecord[]): Promise<void> {
    return writeInventory(this.folder, records);
  }

  /** What fleet runs issued. */
  readLedger(): Promise<Ledger> {
    return readLedger(this.folder);
  }

  get ledgerPath(): string {
    return ledgerPath(this.folder);
  }

  locked<T>(work: () => Promise<T>): Promise<T> {
    return withFolderLock(this.folder, work);
  }

  /** The identity's files. A key that others may read is set to 0600 where the system knows such rights. */
  private async readIdentity(role: CertificateRole, name: string): Promise<Identity> {
    const paths = this.pathsOf(role, name);
    const missing = `There is no ${profiles[role].title} "${name}" in ${this.folder}. ${GENERATE}`;
    const [certificate, key] = await Promise.all([
      this.read(paths.certificate, missing),
      this.read(paths.key, missing),
    ]);
    const mode = (await stat(paths.key)).mode & 0o077;
    if (mode !== 0 && process.platform !== 'win32') await chmod(paths.key, 0o600).catch(() => undefined);
    return { certificate, key };
  }

  /** The certificate's path as the inventory has it. */
  private relative(role: CertificateRole, name: string): string {
    return `${profiles[role].folder}/${role === 'authority' ? 'ca' : fileNameOf(name)}.crt`;
  }

  private async read(path: string, missing: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') throw new UserError('not-found', missing, ACTION, { cause: error });
      throw fileError(error, 'read', path);
    }
  }
}

const ACTION = { title: 'Generate Certificates…', command: 'secureIot.generateCertificates' };
const GENERATE = 'Make it with "Secure IoT: Generate Certificates…" or "secure-iot certs".';
const NO_AUTHORITY = `There is no certificate authority here (ca/ca.crt, ca/ca.key). ${GENERATE}`;

function noIntermediate(name: string): string {
  return `There is no intermediate authority "${name}" here. "secure-iot certs list" shows what there is; "secure-iot certs ca --intermediate" makes one.`;
}

/** A key that lies there without a certificate: that of a killed run is used, another one is nobody's to write over. */
async function refuseForeignKey(path: string, certificate: string): Promise<void> {
  const there = await readIfThere(path, 'write');
  if (there === undefined || belongTogether(certificate, there)) return;
  throw new UserError(
    'file-exists',
    `${path} lies there without its certificate and is another key, and a key is never overwritten. Move it away, or choose another name.`,
  );
}

function retired(record: InventoryRecord, file: string): InventoryRecord {
  return { ...record, file, status: record.status === 'revoked' ? 'revoked' : 'replaced' };
}

async function listFolder(path: string): Promise<string[]> {
  return readdir(path).then(
    (files) => files.sort(),
    () => [],
  );
}

function tryRecord(pem: string, role: CertificateRole, file: string): InventoryRecord | undefined {
  try {
    return recordOf(new X509Certificate(pem), role, file);
  } catch {
    return undefined; // not a certificate; inspecting it says why
  }
}
