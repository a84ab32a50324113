// `secure-iot certs inspect FILE…`: what is in a certificate file, and what a board would mind about it.
import { visibleLine } from '../core/mqtt/visibleText';
import type { InspectedItem } from '../core/pki/inspection';
import { inspectFile } from '../io/pki/inspectFile';
import { CliUsageError, parseOptions } from './arguments';
import { withFilePassphrase } from './passphrase';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    json: { type: 'boolean' },
    dir: { type: 'string' },
    'export-passphrase-file': { type: 'string' },
  } as const);
  if (positionals.length === 0) throw new CliUsageError('which file?');
  const shown: { file: string; kind: string; facts: Record<string, string>; remarks: readonly string[] }[] = [];
  for (const file of positionals) {
    for (const item of await withFilePassphrase(
      (passphrase) => inspectFile(file, passphrase === undefined ? {} : { passphrase }),
      values['export-passphrase-file'],
    )) {
      shown.push({ file, kind: item.kind, facts: Object.fromEntries(item.facts), remarks: item.remarks });
      if (!values.json) process.stdout.write(describe(file, item));
    }
  }
  if (values.json) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  return 0;
}

function describe(file: string, { kind, place, facts, remarks }: InspectedItem): string {
  const what = kind === 'Certificate' ? '' : `: ${kind.toLowerCase()}`;
  const head = `${file}${what}${place ? ` (${place})` : ''}`;
  const lines = facts.map(([label, value]) => `  ${`${label}:`.padEnd(17)} ${visibleLine(value)}`);
  return `${[head, ...lines, ...remarks.map((remark) => `  ! ${visibleLine(remark)}`)].join('\n')}\n`;
}
