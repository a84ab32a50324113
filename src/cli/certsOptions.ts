// Options that the certificate actions share, and how they print what was issued.
import { resolve } from 'node:path';
import { parseBoardStack } from '../core/pki/boardStack';
import { parseCrlUrl } from '../core/pki/crlUrl';
import { parseKeyKind } from '../core/pki/keyKind';
import type { Issuer } from '../io/pki/certificateAuthority';
import { type CertificateStore, openCertificateStore } from '../io/pki/certificateStore';
import { type Issued, unlockAuthority } from '../io/pki/issueCertificates';
import { CliUsageError } from './arguments';
import { readPassphrase } from './passphrase';

export const folderOptions = { dir: { type: 'string', default: 'certs' }, json: { type: 'boolean' } } as const;

/** What unlocks the authority that signs. */
export const signerOptions = { 'passphrase-file': { type: 'string' }, issuer: { type: 'string' } } as const;

export const issueOptions = {
  ...folderOptions,
  ...signerOptions,
  cn: { type: 'string' },
  days: { type: 'string' },
  'key-type': { type: 'string' },
  stack: { type: 'string' },
  'crl-url': { type: 'string' },
} as const;

/** The authority that signs: the root, or the intermediate authority that --issuer (or `issuer`) names. */
export async function unlock(
  store: CertificateStore,
  values: { readonly 'passphrase-file'?: string | undefined; readonly issuer?: string | undefined },
  issuer = values.issuer,
): Promise<Issuer> {
  await store.readAuthority(issuer); // before anybody is asked for a passphrase
  return unlockAuthority(store, await readPassphrase(values['passphrase-file']), issuer);
}

export function storeOf(values: { readonly dir?: string | undefined }) {
  return openCertificateStore(resolve(values.dir ?? 'certs'));
}

/** `days`, `keyKind`, `stack` and `crlUrl` where they are given. */
export function commonOptions(values: {
  readonly days?: string | undefined;
  readonly 'key-type'?: string | undefined;
  readonly stack?: string | undefined;
  readonly 'crl-url'?: string | undefined;
}) {
  if (values.days !== undefined && !/^\d+$/.test(values.days)) throw new CliUsageError('--days takes a whole number');
  return {
    ...(values.days === undefined ? {} : { days: Number(values.days) }),
    ...(values['key-type'] === undefined ? {} : { keyKind: parseKeyKind(values['key-type']) }),
    ...(values.stack === undefined ? {} : { stack: parseBoardStack(values.stack) }),
    ...(values['crl-url'] === undefined ? {} : { crlUrl: parseCrlUrl(values['crl-url']) }),
  };
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined) throw new CliUsageError(`${option} is missing`);
  return value;
}

export function noPositionals(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new CliUsageError(`unexpected "${positionals[0]}"`);
}

/** The files to stdout (or the record as JSON), what to know to stderr. */
export function printIssued({ record, paths, notes }: Issued, json: boolean | undefined): void {
  if (json) process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
  else process.stdout.write(`${paths.certificate}\n${paths.key}\n`);
  for (const note of notes) process.stderr.write(`note: ${note}\n`);
}
