// `secure-iot certs csr` makes a signing request; `secure-iot certs sign` signs one made elsewhere.
import { makeRequest, signRequest } from '../io/pki/certificateRequests';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, issueOptions, noPositionals, required, storeOf, unlock } from './certsOptions';

const options = {
  ...issueOptions,
  dns: { type: 'string', multiple: true },
  ip: { type: 'string', multiple: true },
  role: { type: 'string', default: 'device' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  noPositionals(positionals);
  const commonName = required(values.cn, '--cn');
  const { keyKind } = commonOptions(values);
  const hosts = [...(values.dns ?? []), ...(values.ip ?? [])];
  const made = await makeRequest(storeOf(values), { commonName, hosts, ...(keyKind ? { keyKind } : {}) });
  process.stdout.write(values.json ? `${JSON.stringify(made, null, 2)}\n` : `${made.request}\n${made.key}\n`);
  return 0;
}

export async function runSign(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, options);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new CliUsageError('give one request file');
  const { role } = values;
  if (role !== 'device' && role !== 'broker' && role !== 'operator') {
    throw new CliUsageError('--role takes device, broker or operator');
  }
  const { days, stack, crlUrl } = commonOptions(values);
  const store = storeOf(values);
  const issuer = await unlock(store, values);
  const { record, paths, notes } = await signRequest(store, issuer, file, {
    role,
    hosts: [...(values.dns ?? []), ...(values.ip ?? [])],
    ...(stack ? { stack } : {}),
    ...(crlUrl ? { crlUrl } : {}),
    ...(values.cn === undefined ? {} : { commonName: values.cn }),
    ...(days ? { days } : {}),
  });
  process.stdout.write(values.json ? `${JSON.stringify(record, null, 2)}\n` : `${paths.certificate}\n`);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
  return 0;
}
