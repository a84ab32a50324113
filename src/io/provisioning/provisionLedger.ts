// Which board got which identity, and when: `provisioned.csv` in the certificates folder, one line each time.
import { join } from 'node:path';
import { formatCsvField, parseCsv } from '../../core/firmware/csvText';
import { withFolderLock } from '../files/folderLock';
import { TEMPORARY_PREFIX } from '../files/newFile';
import { readIfThere } from '../files/readIfThere';
import { rewriteFile } from '../files/rewriteFile';

export interface Provisioned {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly mac: string;
  readonly device: string;
  readonly chip: string;
}

const HEADER = 'time,mac,device,chip\n';
/** Not the folder's own lock, which a run that issues thousands of certificates holds for longer than a board waits. */
const LOCK = `${TEMPORARY_PREFIX}provisioned.lock`;
const PATIENCE_MS = 15_000;

/** In the order in which it happened. A line that is not whole, as a kill may leave one at the end, is no entry. */
export async function readProvisioned(folder: string): Promise<Provisioned[]> {
  return entriesOf((await readIfThere(provisionedPath(folder))) ?? '');
}

/** By MAC: what each board is now. */
export async function readBoards(folder: string): Promise<ReadonlyMap<string, Provisioned>> {
  return new Map((await readProvisioned(folder)).map((entry) => [entry.mac, entry]));
}

/** The board that got this identity last, where that is another one. A board that became something else since is none. */
export async function findTwin(
  folder: string,
  { mac, device }: Pick<Provisioned, 'mac' | 'device'>,
): Promise<Provisioned | undefined> {
  return [...(await readBoards(folder)).values()].find((one) => one.device === device && one.mac !== mac);
}

/** Adds a line, also where other processes do. What a kill cut off is taken away first. Throws `file-write`, `folder-busy`. */
export async function recordProvisioned(folder: string, entry: Provisioned): Promise<void> {
  const line = `${[entry.time, entry.mac, entry.device, entry.chip].map(formatCsvField).join(',')}\n`;
  await withProvisionedLock(folder, async () => {
    const path = provisionedPath(folder);
    const text = wholeLines((await readIfThere(path, 'write')) ?? '');
    await rewriteFile(path, `${text === '' ? HEADER : text}${line}`);
  });
}

/** One process at a time says which board is what. */
export function withProvisionedLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return withFolderLock(folder, work, PATIENCE_MS, LOCK);
}

function entriesOf(text: string): Provisioned[] {
  return parseCsv(wholeLines(text))
    .slice(1)
    .flatMap(([time = '', mac = '', device = '', chip]) => (chip === undefined ? [] : [{ time, mac, device, chip }]));
}

/**
 * Without a torn last line. An editor may leave out the last line's end, so it is torn only where it has no fourth field:
 * then the name of the device may be cut.
 */
function wholeLines(text: string): string {
  if (text === '' || text.endsWith('\n')) return text;
  const start = text.lastIndexOf('\n') + 1;
  return (parseCsv(text.slice(start))[0]?.length ?? 0) < 4 ? text.slice(0, start) : `${text}\n`;
}

function provisionedPath(folder: string): string {
  return join(folder, 'provisioned.csv');
}
