// `secure-iot certs revoke NAME|SERIAL` and `secure-iot certs crl`.
import { parseRevocationReason } from '../core/pki/revocation';
import { unlockAuthority } from '../io/issueCertificates';
import { type RevocationList, revokeCertificate, writeRevocationList } from '../io/revocationList';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, folderOptions, storeOf } from './certsOptions';
import { readPassphrase } from './passphrase';

const options = {
  ...folderOptions,
  reason: { type: 'string', default: 'unspecified' },
  days: { type: 'string' },
  'passphrase-file': { type: 'string' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new CliUsageError('give one name or serial number');
  const reason = parseRevocationReason(values.reason);
  const { days } = commonOptions(values);
  const store = storeOf(values);
  const issuer = await unlockAuthority(store, await readPassphrase(values['passphrase-file']));
  print(await revokeCertificate(store, issuer, { target, reason, ...(days ? { days } : {}) }), values.json);
  return 0;
}

/** Only the list, for when its day comes. */
export async function runCrl(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  if (positionals.length > 0) throw new CliUsageError(`unexpected "${positionals[0]}"`);
  const { days } = commonOptions(values);
  const store = storeOf(values);
  const issuer = await unlockAuthority(store, await readPassphrase(values['passphrase-file']));
  print(await writeRevocationList(store, issuer, days ? { days } : {}), values.json);
  return 0;
}

function print({ path, entries, nextUpdate, notes }: RevocationList, json: boolean | undefined): void {
  if (json) process.stdout.write(`${JSON.stringify({ path, entries, nextUpdate }, null, 2)}\n`);
  else process.stdout.write(`${path}\n`);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}
