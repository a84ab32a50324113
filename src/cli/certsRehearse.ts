// `secure-iot certs rehearse --on DATE`: what breaks by that day, and which sketches and boards carry it. Exit code 1 if anything.

import { UserError } from '../core/errors';
import { visibleLines } from '../core/mqtt/visibleText';
import { parseRehearsalDay, rehearseStore } from '../io/pki/rehearsal';
import { CliUsageError, parseOptions } from './arguments';
import { folderOptions, noPositionals, required, storeOf } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...folderOptions, on: { type: 'string' } } as const);
  noPositionals(positionals);
  const on = required(values.on, '--on');
  const breakages = await rehearseStore(storeOf(values), dayOf(on));
  if (values.json) process.stdout.write(`${JSON.stringify(breakages, null, 2)}\n`);
  else if (breakages.length === 0) process.stdout.write(`On ${on} everything still works.\n`);
  for (const { name, role, file, effect, sketches, boards } of values.json ? [] : breakages) {
    process.stdout.write(visibleLines(`${role} ${name} (${file})\n  ${effect}\n`));
    if (sketches.length > 0) process.stdout.write(`  Built into: ${sketches.join(', ')}\n`);
    if (boards.length > 0) process.stdout.write(`  On boards: ${boards.join(', ')}\n`);
  }
  return breakages.length > 0 ? 1 : 0;
}

function dayOf(text: string): number {
  try {
    return parseRehearsalDay(text);
  } catch (error) {
    throw error instanceof UserError ? new CliUsageError(`--on: ${error.message}`) : error;
  }
}
