// Which board is about to become which device: written before the board is, so that a kill in between gives no device to
// two boards. `provision-started.csv` in the certificates folder; the ledger says which of them ended well.
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { formatCsvField, parseCsv } from '../../core/firmware/csvText';
import { replaceFile } from '../files/newFile';
import { readIfThere } from '../files/readIfThere';
import { readBoards, readProvisioned, withProvisionedLock } from './provisionLedger';

/** MAC -> device, for boards whose provisioning began and did not end. */
export async function readStarted(folder: string): Promise<ReadonlyMap<string, string>> {
  const text = (await readIfThere(startedPath(folder))) ?? '';
  const given = new Set((await readProvisioned(folder)).map(({ device }) => device));
  return new Map(
    parseCsv(text)
      .slice(1)
      .flatMap(([mac = '', device = '']) => (mac === '' || given.has(device) ? [] : [[mac, device] as const])),
  );
}

/** Throws UserError `device-taken` where another run on this folder gave the device to another board meanwhile. */
export async function recordStarted(folder: string, mac: string, device: string): Promise<void> {
  await withProvisionedLock(folder, async () => {
    const before = await readStarted(folder);
    const boards = await readBoards(folder);
    const given = [...boards.values(), ...[...before].map(([at, name]) => ({ mac: at, device: name }))];
    const other = given.find((one) => one.device === device && one.mac !== mac);
    if (other)
      throw new UserError(
        'device-taken',
        `Another run gave "${device}" to the board with MAC ${other.mac} meanwhile. Nothing was written: this board gets the next device.`,
      );
    const started = new Map([...before, [mac, device]]);
    const lines = [...started].map((line) => `${line.map(formatCsvField).join(',')}\n`);
    await replaceFile(startedPath(folder), `mac,device\n${lines.join('')}`);
  });
}

function startedPath(folder: string): string {
  return join(folder, 'provision-started.csv');
}
