// `secure-iot certs ca`: creates the certificate authority, or takes over one that exists.
import { readFile } from 'node:fs/promises';
import { fileError } from '../io/fileErrors';
import { importAuthority } from '../io/importAuthority';
import { createAuthority } from '../io/issueCertificates';
import { CliUsageError, parseOptions } from './arguments';
import { commonOptions, issueOptions, noPositionals, printIssued, required, storeOf } from './certsOptions';
import { readPassphrase } from './passphrase';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...issueOptions,
    'import-cert': { type: 'string' },
    'import-key': { type: 'string' },
    'import-passphrase-file': { type: 'string' },
  } as const);
  noPositionals(positionals);
  const store = storeOf(values);
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
  const options = commonOptions(values);
  await store.refuseExisting('authority', 'ca');
  const passphrase = await readPassphrase(values['passphrase-file'], { confirm: true });
  printIssued(await createAuthority(store, { commonName, passphrase, ...options }), values.json);
  return 0;
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
}
