// The records of a certificates folder: inventory.json, and fleet.jsonl, which fleet runs append to.
import { join } from 'node:path';
import { formatInventory, type InventoryRecord, parseInventory } from '../../core/pki/inventory';
import { type Ledger, mergeLedger, parseLedger, withoutLedger } from '../../core/pki/ledger';
import { replaceFile } from '../files/newFile';
import { readIfThere } from '../files/readIfThere';

/** Of both files; empty where there is none. */
export async function readInventory(folder: string): Promise<InventoryRecord[]> {
  const path = inventoryPath(folder);
  const text = await readIfThere(path);
  const { records } = await readLedger(folder);
  return mergeLedger(text === undefined ? [] : parseInventory(text, path), records);
}

/** Only what the ledger has not. Call it while the folder is locked. */
export async function writeInventory(folder: string, records: readonly InventoryRecord[]): Promise<void> {
  const ledger = await readLedger(folder);
  await replaceFile(inventoryPath(folder), formatInventory(withoutLedger(records, ledger.records)));
}

export async function readLedger(folder: string): Promise<Ledger> {
  return parseLedger((await readIfThere(ledgerPath(folder))) ?? '');
}

export function ledgerPath(folder: string): string {
  return join(folder, 'fleet.jsonl');
}

function inventoryPath(folder: string): string {
  return join(folder, 'inventory.json');
}
