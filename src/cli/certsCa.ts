// `secure-iot certs ca`: creates the certificate authority, or takes over one that exists.
import { readFile } from 'node:fs/promises';
import { parseNameConstraints } from '../core/pki/nameConstraints';
import { fileError } from '../io/files/fileErrors';
import { importAuthority, importAuthorityFromPkcs12 } from '../io/pki/importAuthority';
import { createAuthority } from '../io/pki/issueCertificates';
import { issueIntermediate } from '../io/pki/issueIntermediate';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, issueOptions, noPositionals, printIssued, required, storeOf, unlock } from './certsOptions';
import { readPassphrase } from './passphrase';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...issueOptions,
    intermediate: { type: 'boolean' },
    'path-length': { type: 'string' },
    'permit-dns': { type: 'string', multiple: true },
    'permit-ip': { type: 'string', multiple: true },
    'new-passphrase-file': { type: 'string' },
    'import-cert': { type: 'string' },
    'import-p12': { type: 'string' },
    'import-key': { type: 'string' },
    'import-passphrase-file': { type: 'string' },
  } as const);
  noPositionals(positionals);
  const store = storeOf(values);
  const file = values['import-p12'];
  if (file !== undefined) {
    if (values.cn !== undefined) throw new CliUsageError('an imported authority keeps its name: leave --cn out');
    const filePassphrase = await readPassphrase(required(values['import-passphrase-file'], '--import-passphrase-file'));
    await store.refuseExisting('authority', 'ca');
    const passphrase = await readPassphrase(values['passphrase-file'], { confirm: true });
    printIssued(await importAuthorityFromPkcs12(store, { file, filePassphrase, passphrase }), values.json);
    return 0;
  }
  const certificateFile = values['import-cert'];
  if (certificateFile !== undefined || values['import-key'] !== undefined) {
    if (values.cn !== undefined) throw new CliUsageError('an imported authority keeps its name: leave --cn out');
    const keyFile = required(values['import-key'], '--import-key');
    const source = required(certificateFile, '--import-cert');
    const [certificate, key] = [await readText(source), await readText(keyFile)];
    await store.refuseExisting('authority', 'ca');
    const passphrase = await readPassphrase(values['passphrase-file'], { confirm: true });
    const old = values['import-passphrase-file'];
    const keyPassphrase = old === undefined ? passphrase : await readPassphrase(old);
    const options = { certificate, key, source, keySource: keyFile, keyPassphrase, passphrase };
    printIssued(await importAuthority(store, options), values.json);
    return 0;
  }
  const commonName = required(values.cn, '--cn');
  const options = { ...commonOptions(values), ...limits(values) };
  if (values.intermediate) {
    const issuer = await unlock(store, values);
    const passphrase = await readPassphrase(values['new-passphrase-file'] ?? values['passphrase-file']);
    printIssued(await issueIntermediate(store, issuer, { commonName, passphrase, ...options }), values.json);
    return 0;
  }
  if (values.issuer !== undefined) throw new CliUsageError('--issuer goes with --intermediate');
  await store.refuseExisting('authority', 'ca');
  const passphrase = await readPassphrase(values['passphrase-file'], { confirm: true });
  printIssued(await createAuthority(store, { commonName, passphrase, ...options }), values.json);
  return 0;
}

/** What the new authority may sign. */
function limits(values: {
  readonly 'path-length'?: string | undefined;
  readonly 'permit-dns'?: string[] | undefined;
  readonly 'permit-ip'?: string[] | undefined;
}) {
  const length = values['path-length'];
  if (length !== undefined && !/^\d$/.test(length)) throw new CliUsageError('--path-length takes a number from 0 to 9');
  const nameConstraints = parseNameConstraints(values['permit-dns'] ?? [], values['permit-ip'] ?? []);
  return {
    ...(length === undefined ? {} : { pathLength: Number(length) }),
    ...(nameConstraints ? { nameConstraints } : {}),
  };
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
}
