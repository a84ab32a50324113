// `secure-iot certs device`: issues a client certificate for a board, or for a person with --operator.
import { issueDevice } from '../io/pki/issueCertificates';
import { parseOptions } from './arguments';
import { commonOptions, issueOptions, noPositionals, printIssued, required, storeOf, unlock } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, { ...issueOptions, operator: { type: 'boolean' } } as const);
  noPositionals(positionals);
  const commonName = required(values.cn, '--cn');
  const role = values.operator ? 'operator' : 'device';
  const options = commonOptions(values);
  const store = storeOf(values);
  const authority = await unlock(store, values);
  printIssued(await issueDevice(store, authority, { commonName, role, ...options }), values.json);
  return 0;
}
