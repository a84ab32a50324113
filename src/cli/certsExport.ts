// `secure-iot certs export`: an identity for another tool, the whole fleet's manifest on stdout, or what registers it at
// a cloud.
import { resolve } from 'node:path';
import { clouds } from '../core/pki/cloudRegistration';
import { findRecord } from '../core/pki/revocation';
import { exportFormats, exportIdentity, exportManifest } from '../io/pki/exportCertificate';
import { exportRegistration } from '../io/pki/exportRegistration';
import { CliUsageError, parseOptions } from './arguments';
import { folderOptions, storeOf } from './certsOptions';
import { readExportPassphrase } from './passphrase';

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, {
    ...folderOptions,
    format: { type: 'string', default: 'pem' },
    manifest: { type: 'string' },
    registration: { type: 'string' },
    out: { type: 'string' },
    'export-passphrase-file': { type: 'string' },
  } as const);
  const store = storeOf(values);
  if (values.manifest !== undefined) {
    if (values.manifest !== 'csv' && values.manifest !== 'json')
      throw new CliUsageError('--manifest takes csv or json');
    process.stdout.write(await exportManifest(store, values.manifest));
    return 0;
  }
  if (values.registration !== undefined) {
    const cloud = clouds.find((known) => known === values.registration);
    if (!cloud) throw new CliUsageError(`--registration takes ${clouds.join(' or ')}`);
    const out = values.out === undefined ? {} : { out: resolve(values.out) };
    const { files, notes } = await exportRegistration(store, cloud, out);
    print(files, notes, values.json);
    return 0;
  }
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new CliUsageError('give one name or serial number');
  const format = exportFormats.find((known) => known === values.format);
  if (!format) throw new CliUsageError(`--format takes ${exportFormats.join(', ')}`);
  const record = findRecord(await store.list(), name);
  const { files, notes } = await exportIdentity(store, record, format, {
    ...(values.out === undefined ? {} : { out: resolve(values.out) }),
    ...(format === 'p12'
      ? { passphrase: await readExportPassphrase(values['export-passphrase-file'], { confirm: true }) }
      : {}),
  });
  print(files, notes, values.json);
  return 0;
}

function print(files: readonly string[], notes: readonly string[], json: boolean | undefined): void {
  process.stdout.write(json ? `${JSON.stringify(files, null, 2)}\n` : files.map((f) => `${f}\n`).join(''));
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}
