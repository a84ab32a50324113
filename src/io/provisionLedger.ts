// Which board got which identity, and when: `provisioned.csv` in the certificates folder, one line each time.
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCsvField, parseCsv } from '../core/firmware/csvText';
import { fileError } from './fileErrors';

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

/** Adds a line; returns what is odd about it: an identity that another board has as well. */
export async function recordProvisioned(folder: string, entry: Provisioned): Promise<string | undefined> {
  const before = await readLedger(folder);
  const line = [entry.time, entry.mac, entry.device, entry.chip].map(formatCsvField).join(',');
  const start = before.length === 0 ? HEADER : '';
  await appendFile(ledgerPath(folder), `${start}${line}\n`).catch((error: unknown) => {
    throw fileError(error, 'write', ledgerPath(folder));
  });
  const latest = new Map(before.map((one) => [one.mac, one]));
  const twin = [...latest.values()].find((one) => one.device === entry.device && one.mac !== entry.mac);
  return twin
    ? `The board with MAC ${twin.mac} has the identity "${entry.device}" as well, since ${twin.time.slice(0, 10)}. Give each board a certificate of its own: a broker takes two clients with one name for one, and only both can be revoked.`
    : undefined;
}

function ledgerPath(folder: string): string {
  return join(folder, 'provisioned.csv');
}
