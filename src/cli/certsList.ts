// `secure-iot certs list`: the inventory as a table or as JSON, with the sketches
// and boards that carry each device's certificate.
import { visibleLines } from '../core/mqtt/visibleText';
import type { InventoryRecord } from '../core/pki/inventory';
import { certificateUses } from '../io/pki/certificateUses';
import { parseOptions } from './arguments';
import { folderOptions, noPositionals, storeOf } from './certsOptions';

interface ListedRecord extends InventoryRecord {
  readonly usedIn?: readonly string[];
  readonly boards?: readonly string[];
}

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, folderOptions);
  noPositionals(positionals);
  const store = storeOf(values);
  const inventory = await store.list();
  const usesOf = await certificateUses(store, inventory);
  const records = inventory.map((record): ListedRecord => {
    const { sketches, boards } = record.role === 'device' ? usesOf(record) : { sketches: [], boards: [] };
    return {
      ...record,
      ...(sketches.length > 0 ? { usedIn: sketches } : {}),
      ...(boards.length > 0 ? { boards } : {}),
    };
  });
  if (values.json) process.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
  else if (records.length === 0) process.stderr.write('No certificates here.\n');
  else process.stdout.write(visibleLines(table(records, new Date())));
  return 0;
}

function table(records: readonly ListedRecord[], now: Date): string {
  const rows = [
    ['ROLE', 'NAME', 'VALID UNTIL', 'STATUS', 'FILE', 'USED IN'],
    ...records.map((r) => [
      r.role,
      r.name,
      r.notAfter.slice(0, 10),
      statusOf(r, now),
      r.file,
      [...(r.usedIn ?? []), ...(r.boards ?? [])].join(', '),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

function statusOf(record: InventoryRecord, now: Date): string {
  if (record.status !== 'valid') return record.status;
  return new Date(record.notAfter) <= now ? 'expired' : 'valid';
}
