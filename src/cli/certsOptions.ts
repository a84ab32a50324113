// Options that the certificate actions share, and how they print what was issued.
import { resolve } from 'node:path';
import { parseKeyKind } from '../core/pki/keyKind';
import { openCertificateStore } from '../io/certificateStore';
import type { Issued } from '../io/issueCertificates';
import { CliUsageError } from './arguments';

export const folderOptions = { dir: { type: 'string', default: 'certs' }, json: { type: 'boolean' } } as const;

export const issueOptions = {
  ...folderOptions,
  cn: { type: 'string' },
  days: { type: 'string' },
  'key-type': { type: 'string' },
  'passphrase-file': { type: 'string' },
} as const;

export function storeOf(values: { readonly dir?: string | undefined }) {
  return openCertificateStore(resolve(values.dir ?? 'certs'));
}

/** `days` and `keyKind` where they are given. */
export function commonOptions(values: {
  readonly days?: string | undefined;
  readonly 'key-type'?: string | undefined;
}) {
  if (values.days !== undefined && !/^\d+$/.test(values.days)) throw new CliUsageError('--days takes a whole number');
  return {
    ...(values.days === undefined ? {} : { days: Number(values.days) }),
    ...(values['key-type'] === undefined ? {} : { keyKind: parseKeyKind(values['key-type']) }),
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
