// `secure-iot certs list`: the inventory as a table or as JSON, with the sketches that carry each device's certificate.
import { dirname } from 'node:path';
import type { InventoryRecord } from '../core/pki/inventory';
import { sketchesByDevice } from '../io/certificateUses';
import { parseOptions } from './arguments';
import { folderOptions, noPositionals, storeOf } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, folderOptions);
  noPositionals(positionals);
  const store = storeOf(values);
  const sketches = await sketchesByDevice(dirname(store.folder));
  const records = (await store.list()).map((record) => {
    const usedIn = record.role === 'device' && record.status !== 'replaced' ? (sketches.get(record.name) ?? []) : [];
    return usedIn.length > 0 ? { ...record, usedIn } : record;
  });
  if (values.json) process.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
  else if (records.length === 0) process.stderr.write('No certificates here.\n');
  else process.stdout.write(table(records, new Date()));
  return 0;
}

function table(records: readonly (InventoryRecord & { readonly usedIn?: readonly string[] })[], now: Date): string {
  const rows = [
    ['ROLE', 'NAME', 'VALID UNTIL', 'STATUS', 'FILE', 'USED IN'],
    ...records.map((r) => [
      r.role,
      r.name,
      r.notAfter.slice(0, 10),
      statusOf(r, now),
      r.file,
      r.usedIn?.join(', ') ?? '',
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
