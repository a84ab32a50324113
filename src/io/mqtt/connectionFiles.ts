// Reads the certificates that a connection uses: the workspace's, or files that the user picked.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../core/errors';
import { fileNameOf } from '../../core/pki/fileName';
import { readCertificates } from '../../core/x509/readCertificates';

export type TrustSource =
  | { readonly type: 'workspace' }
  | { readonly type: 'system' }
  | { readonly type: 'file'; readonly path: string };

export type IdentitySource =
  | { readonly type: 'none' }
  | { readonly type: 'device'; readonly name: string }
  | { readonly type: 'file'; readonly certificate: string; readonly key: string };

/** PEM texts; `key` is a secret. */
export interface ConnectionFiles {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

const GENERATE = { title: 'Generate Certificates', command: 'secureIot.generateCertificates' };

/**
 * `folder`: the workspace's certificates folder. Throws UserError `certificate-missing`, `certificate-unreadable`, or
 * what `readCertificates` says of a broken PEM, with the file's name in front.
 */
export async function readConnectionFiles(
  folder: string,
  trust: TrustSource,
  identity: IdentitySource,
): Promise<ConnectionFiles> {
  const ca = await readAuthority(folder, trust);
  if (identity.type === 'none') return ca === undefined ? {} : { ca };
  const pair =
    identity.type === 'file'
      ? identity
      : {
          certificate: join(folder, 'devices', `${fileStem(identity.name)}.crt`),
          key: join(folder, 'devices', `${fileStem(identity.name)}.key`),
        };
  const certificate = await readPemFile(pair.certificate, 'client certificate');
  checkCertificates(certificate, pair.certificate);
  const key = await readPemFile(pair.key, 'private key of the client certificate');
  return { ...(ca === undefined ? {} : { ca }), certificate, key };
}

/** `name` as an operator's certificate where there is one in `folder`, else as a device's. */
export function namedIdentity(folder: string, name: string): IdentitySource {
  const operator = join(folder, 'operators', fileStem(name));
  if (!existsSync(`${operator}.crt`)) return { type: 'device', name };
  return { type: 'file', certificate: `${operator}.crt`, key: `${operator}.key` };
}

/** Who can connect with the certificates of `folder`: operators first, then devices, the newest first. */
export async function identityNames(folder: string): Promise<readonly string[]> {
  const [{ listDevices }, operators] = await Promise.all([
    import('../pki/identityFiles'),
    readdir(join(folder, 'operators')).catch(() => [] as string[]),
  ]);
  const named = operators.filter((file) => file.endsWith('.crt')).map((file) => file.slice(0, -'.crt'.length));
  const withKey = named.filter((name) => existsSync(join(folder, 'operators', `${name}.key`)));
  return [...withKey.sort(), ...(await listDevices(folder))];
}

/** Subject of the workspace's authority, or null when there is none that can be read. */
export async function authoritySubject(folder: string): Promise<string | null> {
  try {
    const text = await readFile(join(folder, 'ca', 'ca.crt'), 'utf8');
    const subject = readCertificates(text)[0]?.subject;
    return subject?.commonName ?? subject?.text ?? null;
  } catch {
    return null; // shown as "none yet"; connecting says what is wrong with the file
  }
}

async function readAuthority(folder: string, trust: TrustSource): Promise<string | undefined> {
  if (trust.type === 'system') return undefined;
  const path = trust.type === 'file' ? trust.path : join(folder, 'ca', 'ca.crt');
  const text = await readPemFile(path, trust.type === 'file' ? 'certificate authority' : "workspace's authority");
  checkCertificates(text, path);
  return text;
}

async function readPemFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UserError(
        'certificate-missing',
        `The ${what} is not there: ${path}. Pick another, or generate one.`,
        GENERATE,
      );
    throw new UserError('certificate-unreadable', `The ${what} cannot be read (${code}): ${path}.`);
  }
}

function checkCertificates(text: string, path: string): void {
  try {
    readCertificates(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.code, `${path}: ${error.message}`);
  }
}

/** A name from a profile becomes part of a path: the file that was made for it, and nothing that leaves the folder. */
function fileStem(name: string): string {
  try {
    return fileNameOf(name);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError('certificate-missing', `"${name.slice(0, 60)}" is not the name of a device certificate.`);
  }
}
