// The fleet's ledger: one JSON record a line, only ever appended to. A line that a kill cut off does not count.
import type { InventoryRecord } from './inventory';

export interface Ledger {
  readonly records: readonly InventoryRecord[];
  /** Length in characters of the good lines; what follows is the torn end of a killed run. */
  readonly goodLength: number;
}

export function ledgerLine(record: InventoryRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function parseLedger(text: string): Ledger {
  const records: InventoryRecord[] = [];
  let goodLength = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const record = end < 0 ? undefined : parse(text.slice(at, end));
    if (!record) break;
    records.push(record);
    at = end + 1;
    goodLength = at;
  }
  return { records, goodLength };
}

function parse(line: string): InventoryRecord | undefined {
  try {
    return JSON.parse(line) as InventoryRecord;
  } catch {
    return undefined;
  }
}

/**
 * The inventory over the ledger: a record of the inventory, which may be revoked or replaced, wins. A name that the
 * ledger has twice (its files were lost in a power cut, or it was asked for again) is in use once: the last.
 */
export function mergeLedger(
  inventory: readonly InventoryRecord[],
  ledger: readonly InventoryRecord[],
): InventoryRecord[] {
  const own = new Set(inventory.map((record) => record.serial));
  const last = new Map(ledger.map((record) => [record.file, record.serial]));
  const current = (record: InventoryRecord): InventoryRecord =>
    last.get(record.file) === record.serial ? record : { ...record, status: 'replaced' };
  return [...inventory, ...ledger.filter((record) => !own.has(record.serial)).map(current)];
}

/** What the inventory has to keep beside the ledger: everything that does not stand in the ledger word for word. */
export function withoutLedger(
  records: readonly InventoryRecord[],
  ledger: readonly InventoryRecord[],
): InventoryRecord[] {
  const lines = new Set(ledger.map(ledgerLine));
  return records.filter((record) => !lines.has(ledgerLine(record)));
}
