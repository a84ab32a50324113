// `secure-iot certs broker`: issues a certificate for a broker.
import { parseDnsName, parseIp } from '../core/pki/hostNames';
import { issueBroker } from '../io/pki/issueCertificates';
import { parseOptions } from './arguments';
import { commonOptions, issueOptions, noPositionals, printIssued, required, storeOf, unlock } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...issueOptions,
    dns: { type: 'string', multiple: true },
    ip: { type: 'string', multiple: true },
  } as const);
  noPositionals(positionals);
  const commonName = required(values.cn, '--cn');
  const hosts = [...(values.dns ?? []).map(parseDnsName), ...(values.ip ?? []).map(parseIp)];
  const options = commonOptions(values);
  const store = storeOf(values);
  const authority = await unlock(store, values);
  printIssued(await issueBroker(store, authority, { commonName, hosts, ...options }), values.json);
  return 0;
}
