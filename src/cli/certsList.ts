// `secure-iot certs list`: the inventory as a table or as JSON.
import type { InventoryRecord } from '../core/pki/inventory';
import { parseOptions } from './arguments';
import { folderOptions, noPositionals, storeOf } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, folderOptions);
  noPositionals(positionals);
  const records = await storeOf(values).list();
  if (values.json) process.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
  else if (records.length === 0) process.stderr.write('No certificates here.\n');
  else process.stdout.write(table(records, new Date()));
  return 0;
}

function table(records: readonly InventoryRecord[], now: Date): string {
  const rows = [
    ['ROLE', 'NAME', 'VALID UNTIL', 'STATUS', 'FILE'],
    ...records.map((r) => [r.role, r.name, r.notAfter.slice(0, 10), statusOf(r, now), r.file]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

function statusOf(record: InventoryRecord, now: Date): string {
  if (record.status !== 'valid') return record.status;
  return new Date(record.notAfter) <= now ? 'expired' : 'valid';
}
