// `secure-iot certs revoke NAME|SERIAL` and `secure-iot certs crl`.
import { findRecord, parseRevocationReason } from '../core/pki/revocation';
import { intermediateOf } from '../io/pki/issueIntermediate';
import { type RevocationList, revokeCertificate, writeRevocationList } from '../io/pki/revocationList';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, folderOptions, signerOptions, storeOf, unlock } from './certsOptions';

const options = {
  ...folderOptions,
  reason: { type: 'string', default: 'unspecified' },
  days: { type: 'string' },
  ...signerOptions,
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new CliUsageError('give one name or serial number');
  const reason = parseRevocationReason(values.reason);
  const { days } = commonOptions(values);
  const store = storeOf(values);
  const records = await store.list();
  const issuer = await unlock(store, values, intermediateOf(records, findRecord(records, target)));
  print(await revokeCertificate(store, issuer, { target, reason, ...(days ? { days } : {}) }), values.json);
  return 0;
}

/** Only the list, for when its day comes. */
export async function runCrl(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  if (positionals.length > 0) throw new CliUsageError(`unexpected "${positionals[0]}"`);
  const { days } = commonOptions(values);
  const store = storeOf(values);
  const issuer = await unlock(store, values);
  print(await writeRevocationList(store, issuer, days ? { days } : {}), values.json);
  return 0;
}

function print({ path, entries, nextUpdate, notes }: RevocationList, json: boolean | undefined): void {
  if (json) process.stdout.write(`${JSON.stringify({ path, entries, nextUpdate }, null, 2)}\n`);
  else process.stdout.write(`${path}\n`);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}
