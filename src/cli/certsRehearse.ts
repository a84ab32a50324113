// `secure-iot certs rehearse --on DATE`: what breaks by that day, and which sketches carry it. Exit code 1 if anything.
import { dirname } from 'node:path';
import { rehearse } from '../core/pki/rehearsal';
import { sketchesByDevice } from '../io/certificateUses';
import { CliUsageError, parseOptions } from './arguments';
import { folderOptions, noPositionals, required, storeOf } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...folderOptions, on: { type: 'string' } } as const);
  noPositionals(positionals);
  const on = required(values.on, '--on');
  const day = /^\d{4}-\d{2}-\d{2}$/.test(on) ? Date.parse(`${on}T23:59:59Z`) : Number.NaN;
  // JavaScript takes 31 February for 3 March
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(on))
    throw new CliUsageError('--on takes a date such as 2030-01-31');
  const store = storeOf(values);
  const sketches = await sketchesByDevice(dirname(store.folder));
  const breakages = rehearse(await store.list(), day).map(({ record, effect }) => ({
    name: record.name,
    role: record.role,
    file: record.file,
    notAfter: record.notAfter,
    effect,
    sketches: record.role === 'device' ? (sketches.get(record.name) ?? []) : [],
  }));
  if (values.json) process.stdout.write(`${JSON.stringify(breakages, null, 2)}\n`);
  else if (breakages.length === 0) process.stdout.write(`On ${on} everything still works.\n`);
  for (const { name, role, file, effect, sketches: used } of values.json ? [] : breakages) {
    process.stdout.write(`${role} ${name} (${file})\n  ${effect}\n`);
    if (used.length > 0) process.stdout.write(`  Built into: ${used.join(', ')}\n`);
  }
  return breakages.length > 0 ? 1 : 0;
}
