// Which board is about to become which device: written before the board is, so that a kill in between gives no device to
// two boards. `provision-started.csv` in the certificates folder; the ledger says which of them ended well.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCsvField, parseCsv } from '../../core/firmware/csvText';
import { fileError } from '../files/fileErrors';
import { replaceFile } from '../files/newFile';
import { readLedger } from './provisionLedger';

/** MAC -> device, for boards whose provisioning began and did not end. */
export async function readStarted(folder: string): Promise<ReadonlyMap<string, string>> {
  const path = startedPath(folder);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw fileError(error, 'read', path);
  });
  const given = new Set((await readLedger(folder)).map(({ device }) => device));
  return new Map(
    parseCsv(text)
      .slice(1)
      .flatMap(([mac = '', device = '']) => (mac === '' || given.has(device) ? [] : [[mac, device] as const])),
  );
}

export async function recordStarted(folder: string, mac: string, device: string): Promise<void> {
  const started = new Map([...(await readStarted(folder)), [mac, device]]);
  const lines = [...started].map((line) => `${line.map(formatCsvField).join(',')}\n`);
  await replaceFile(startedPath(folder), `mac,device\n${lines.join('')}`);
}

function startedPath(folder: string): string {
  return join(folder, 'provision-started.csv');
}
