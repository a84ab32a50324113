// `secure-iot certs verify`: exit code 0 if every file verifies, 1 if one does not.
import { readFile } from 'node:fs/promises';
import { fileError } from '../io/fileErrors';
import { type Verification, verifyCertificate } from '../io/verifyCertificate';
import { CliUsageError, parseOptions } from './arguments';
import { folderOptions, storeOf } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...folderOptions, ca: { type: 'string' } } as const);
  if (positionals.length === 0) throw new CliUsageError('which file?');
  const store = storeOf(values);
  const trustedSource = values.ca ?? store.pathsOf('authority', 'ca').certificate;
  const trusted = values.ca
    ? await readFile(values.ca, 'utf8').catch((error: unknown) => {
        throw fileError(error, 'read', trustedSource);
      })
    : (await store.readCa()).certificate;
  const records = await store.readInventory();
  const revoked = new Set(records.filter((r) => r.status === 'revoked').map((r) => r.serial));
  const results: Verification[] = [];
  for (const file of positionals) results.push(await verifyCertificate(file, { trusted, trustedSource, revoked }));
  if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(results.map(describe).join(''));
  return results.every((r) => r.good) ? 0 : 1;
}

function describe({ file, good, chain, problems, facts }: Verification): string {
  const lines = [...problems.map((p) => `problem: ${p}`), ...facts];
  return `${file}: ${good ? 'OK' : 'NOT OK'}\n  ${chain.join(' <- ')}\n${lines.map((l) => `  ${l}\n`).join('')}`;
}
