// Finds what a broker needs in the certificates folder: ca/ca.crt and one pair in broker/.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type UserAction, UserError } from '../../core/errors';

export interface BrokerFiles {
  /** File name without `.crt`. */
  readonly name: string;
  /** PEM texts. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  /** ca/ca.crl, where certificates were revoked. */
  readonly crl?: string;
}

const GENERATE: UserAction = { title: 'Generate Certificates', command: 'secureIot.generateCertificates' };

/**
 * Reads the CA and a broker's pair from `folder`: the one called `name`, else the only one, else the first by name.
 * Throws UserError `no-broker-certificates`, `no-broker-name` or `broker-key-encrypted`.
 */
export async function readBrokerFiles(folder: string, name?: string): Promise<BrokerFiles> {
  const names = await brokerNames(folder);
  const chosen = name ?? names[0];
  const ca = await readOrUndefined(join(folder, 'ca', 'ca.crt'));
  if (ca === undefined || chosen === undefined) {
    throw new UserError(
      'no-broker-certificates',
      `There is no ${ca === undefined ? 'certificate authority (ca/ca.crt)' : 'broker certificate (broker/*.crt)'} in ${folder}. Generate certificates first.`,
      GENERATE,
    );
  }
  const certificate = await readOrUndefined(join(folder, 'broker', `${chosen}.crt`));
  const key = await readOrUndefined(join(folder, 'broker', `${chosen}.key`));
  if (certificate === undefined || key === undefined) {
    const missing = `broker/${chosen}.${certificate === undefined ? 'crt' : 'key'}`;
    throw new UserError(
      'no-broker-name',
      `${missing} is not in ${folder}. ${names.length > 0 ? `There is: ${names.join(', ')}.` : 'Generate certificates first.'}`,
      GENERATE,
    );
  }
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(key)) {
    throw new UserError(
      'broker-key-encrypted',
      `broker/${chosen}.key is encrypted, and a broker that starts by itself has nobody to ask for the passphrase. Generate a broker certificate of its own for this broker.`,
      GENERATE,
    );
  }
  const crl = await readRevocationList(folder);
  return { name: chosen, ca, certificate, key, ...(crl === undefined ? {} : { crl }) };
}

/** The PEM text of ca/ca.crl in `folder`, or undefined where nothing was ever revoked. */
export function readRevocationList(folder: string): Promise<string | undefined> {
  return readOrUndefined(join(folder, 'ca', 'ca.crl'));
}

/** Names of the broker certificates in `folder`, sorted; none when there is no such folder. */
export function brokerNames(folder: string): Promise<readonly string[]> {
  return certificateNames(join(folder, 'broker'));
}

/** The same for the device certificates. */
export function deviceNames(folder: string): Promise<readonly string[]> {
  return certificateNames(join(folder, 'devices'));
}

async function certificateNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => file.endsWith('.crt'))
    .map((file) => file.slice(0, -'.crt'.length))
    .sort();
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new UserError('file-unreadable', `${file} cannot be read: you have no right to. Change its owner or mode.`);
    }
    throw error;
  }
}
