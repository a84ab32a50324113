// Where certificates are used: in sketches of the workspace that name a device in their secure-iot.json, and on boards
// that got an identity (provisioned.csv).
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { InventoryRecord } from '../../core/pki/inventory';
import { readBoards } from '../provisioning/provisionLedger';
import type { CertificateStore } from './certificateStore';

export interface CertificateUses {
  /** Folders of sketches that carry it, relative to the workspace. */
  readonly sketches: readonly string[];
  /** MAC addresses of boards that hold it. */
  readonly boards: readonly string[];
}

/**
 * Where a certificate of `store` is used. An authority's certificate is wherever a device's is that it signed; the root's
 * is everywhere.
 */
export async function certificateUses(
  store: CertificateStore,
  records: readonly InventoryRecord[],
): Promise<(record: InventoryRecord) => CertificateUses> {
  const sketches = await sketchesByDevice(dirname(store.folder));
  const boards = await boardsByDevice(store.folder);
  const of = (devices: Iterable<string>): CertificateUses => ({
    sketches: unique([...devices].flatMap((name) => sketches.get(name) ?? [])),
    boards: unique([...devices].flatMap((name) => boards.get(name) ?? [])),
  });
  return ({ role, name, status }) => {
    if (status === 'replaced') return of([]);
    switch (role) {
      case 'device':
        return of([name]);
      case 'intermediate':
        return of(records.filter((one) => one.role === 'device' && one.issuer === name).map((one) => one.name));
      case 'authority':
        return of(new Set([...sketches.keys(), ...boards.keys()]));
      default:
        return of([]);
    }
  };
}

/** A board counts for what it became last. */
async function boardsByDevice(folder: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const [mac, { device }] of await readBoards(folder)) found.set(device, [...(found.get(device) ?? []), mac]);
  return found;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

const DEEPEST = 4;
const SKIPPED = new Set(['node_modules', 'build', '.git', '.pio', 'managed_components']);

/** Device name -> folders of the sketches that carry its certificate, relative to `root`. Unreadable files are skipped. */
export async function sketchesByDevice(root: string): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for (const file of await findSketches(root, DEEPEST)) {
    const device = await deviceOf(file);
    if (device === undefined) continue;
    found.set(device, [...(found.get(device) ?? []), relative(root, dirname(file)) || '.']);
  }
  return found;
}

async function findSketches(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const here = entries.filter((e) => e.isFile() && e.name === 'secure-iot.json').map((e) => join(folder, e.name));
  if (depth === 0) return here;
  const folders = entries.filter((e) => e.isDirectory() && !SKIPPED.has(e.name));
  const below = await Promise.all(folders.map((e) => findSketches(join(folder, e.name), depth - 1)));
  return [...here, ...below.flat()];
}

async function deviceOf(file: string): Promise<string | undefined> {
  try {
    const project = JSON.parse(await readFile(file, 'utf8')) as { certificates?: { device?: unknown } };
    return typeof project.certificates?.device === 'string' ? project.certificates.device : undefined;
  } catch {
    return undefined;
  }
}
