// `secure-iot certs verify`: exit code 0 if every file verifies, 1 if one does not.
import { visibleLines } from '../core/mqtt/visibleText';
import type { Verification } from '../io/pki/verifyCertificate';
import { verifyInStore } from '../io/pki/verifyInStore';
import { CliUsageError, parseOptions } from './arguments';
import { folderOptions, storeOf } from './certsOptions';
import { withFilePassphrase } from './passphrase';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...folderOptions,
    ca: { type: 'string' },
    'export-passphrase-file': { type: 'string' },
  } as const);
  if (positionals.length === 0) throw new CliUsageError('which file?');
  const store = storeOf(values);
  const results: Verification[] = [];
  for (const file of positionals) {
    const verify = (passphrase?: string) =>
      verifyInStore(store, file, { caFile: values.ca, ...(passphrase === undefined ? {} : { passphrase }) });
    results.push(await withFilePassphrase(verify, values['export-passphrase-file']));
  }
  if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(visibleLines(results.map(describe).join('')));
  return results.every((r) => r.good) ? 0 : 1;
}

function describe({ file, good, chain, problems, facts, boards = [] }: Verification): string {
  const eyes = boards.map(
    ({ label, accepted, why }) => `${accepted ? 'accepted' : 'REFUSED'} by ${label}${why && `: ${why}`}`,
  );
  const lines = [...problems.map((p) => `problem: ${p}`), ...facts, ...eyes];
  return `${file}: ${good ? 'OK' : 'NOT OK'}\n  ${chain.join(' <- ')}\n${lines.map((l) => `  ${l}\n`).join('')}`;
}
