// `secure-iot certs renew NAME|SERIAL`: a new term for a certificate; the old files stay as dated copies.
import { findRecord } from '../core/pki/revocation';
import { intermediateOf } from '../io/pki/issueIntermediate';
import { renewCertificate } from '../io/pki/renewCertificate';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, folderOptions, printIssued, signerOptions, storeOf, unlock } from './certsOptions';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...folderOptions,
    days: { type: 'string' },
    'same-key': { type: 'boolean' },
    request: { type: 'string' },
    dns: { type: 'string', multiple: true },
    ip: { type: 'string', multiple: true },
    stack: { type: 'string' },
    'crl-url': { type: 'string' },
    ...signerOptions,
  } as const);
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new CliUsageError('give one name or serial number');
  const common = commonOptions(values);
  const store = storeOf(values);
  const records = await store.list();
  const record = findRecord(records, target);
  const issuer = await unlock(store, values, values.issuer ?? intermediateOf(records, record));
  const addHosts = [...(values.dns ?? []), ...(values.ip ?? [])];
  const sameKey = values['same-key'] ?? false;
  if (sameKey && values.request) throw new CliUsageError('--same-key and --request exclude each other');
  const requested = values.request
    ? {
        requestedKey: await (await import('../io/pki/certificateRequests')).readRequestedKey(
          values.request,
          record.name,
        ),
      }
    : {};
  const options = { sameKey, addHosts, ...common, ...requested };
  printIssued(await renewCertificate(store, issuer, record, options), values.json);
  return 0;
}
