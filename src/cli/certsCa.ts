// `secure-iot certs ca`: creates the certificate authority.
import { createAuthority } from '../io/issueCertificates';
import { parseOptions } from './arguments';
import { commonOptions, issueOptions, noPositionals, printIssued, required, storeOf } from './certsOptions';
import { readPassphrase } from './passphrase';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, issueOptions);
  noPositionals(positionals);
  const commonName = required(values.cn, '--cn');
  const options = commonOptions(values);
  const store = storeOf(values);
  await store.refuseExisting('authority', 'ca');
  const passphrase = await readPassphrase(values['passphrase-file'], { confirm: true });
  printIssued(await createAuthority(store, { commonName, passphrase, ...options }), values.json);
  return 0;
}
