// Which board got which identity, and when: `provisioned.csv` in the certificates folder, one line each time.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCsvField, parseCsv } from '../../core/firmware/csvText';
import { fileError } from '../files/fileErrors';

export interface Provisioned {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly mac: string;
  readonly device: string;
  readonly chip: string;
}

const HEADER = 'time,mac,device,chip\n';

export async function readLedger(folder: string): Promise<Provisioned[]> {
  const text = await readFile(ledgerPath(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw fileError(error, 'read', ledgerPath(folder));
  });
  return parseCsv(text)
    .slice(1)
    .map(([time = '', mac = '', device = '', chip = '']) => ({ time, mac, device, chip }));
}

/** The board that got this identity last, where that is another one. A board that became something else since is none. */
export async function findTwin(
  folder: string,
  { mac, device }: Pick<Provisioned, 'mac' | 'device'>,
): Promise<Provisioned | undefined> {
  const latest = new Map((await readLedger(folder)).map((one) => [one.mac, one]));
  return [...latest.values()].find((one) => one.device === device && one.mac !== mac);
}

/** Adds a line. A line that a kill cut off is ended first. */
export async function recordProvisioned(folder: string, entry: Provisioned): Promise<void> {
  const path = ledgerPath(folder);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw fileError(error, 'read', path);
  });
  const line = [entry.time, entry.mac, entry.device, entry.chip].map(formatCsvField).join(',');
  const start = text === '' ? HEADER : text.endsWith('\n') ? '' : '\n';
  await appendFile(path, `${start}${line}\n`).catch((error: unknown) => {
    throw fileError(error, 'write', path);
  });
}

function ledgerPath(folder: string): string {
  return join(folder, 'provisioned.csv');
}
