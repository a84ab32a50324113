// Takes over an authority made elsewhere: checks that it is one and that key and certificate belong together, and
// keeps its key encrypted our way.
import { readFile } from 'node:fs/promises';
import { UserError } from '../../core/errors';
import { parseCertificate } from '../../core/x509/certificate';
import { fileError } from '../files/fileErrors';
import type { CertificateStore } from './certificateStore';
import type { Issued } from './issueCertificates';
import { checkPassphrase, encryptedPrivateKeyPem, keyKindOf, privateKeyPem, readPrivateKey } from './keyPair';
import { pemCertificates } from './pemCertificates';
import { readPkcs12 } from './readPkcs12';

export interface ImportOptions {
  /** PEM: the authority first, then those above it. */
  readonly certificate: string;
  /** PEM, encrypted or not. */
  readonly key: string;
  /** File names, for errors. */
  readonly source: string;
  readonly keySource: string;
  /** Of the key as it is given, if it is encrypted. */
  readonly keyPassphrase?: string;
  /** Of the key as it is kept. */
  readonly passphrase: string;
}

/** The same from a PKCS#12 file, whose passphrase is `filePassphrase`. */
export async function importAuthorityFromPkcs12(
  store: CertificateStore,
  options: { readonly file: string; readonly filePassphrase: string; readonly passphrase: string },
): Promise<Issued> {
  const { file, filePassphrase, passphrase } = options;
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  const { certificates, key } = readPkcs12(bytes, filePassphrase, file);
  if (!key) throw new UserError('no-key', `${file} holds no private key. Export the authority again, with its key.`);
  if (certificates.length === 0) throw new UserError('no-certificate', `${file} holds no certificate.`);
  const certificate = certificates.map((one) => one.toString()).join('');
  return importAuthority(store, { certificate, key: privateKeyPem(key), source: file, keySource: file, passphrase });
}

/** Writes ca/ca.crt and ca/ca.key. Throws UserError "file-exists" if the folder has an authority already. */
export async function importAuthority(store: CertificateStore, options: ImportOptions): Promise<Issued> {
  checkPassphrase(options.passphrase);
  const certificates = pemCertificates(options.certificate, options.source);
  const [authority] = certificates;
  if (!authority?.ca) {
    throw new UserError(
      'not-an-authority',
      `${options.source} is no authority's certificate (basicConstraints does not say CA), so nothing it signs would be trusted. Give the CA's certificate, not a broker's or a device's.`,
    );
  }
  const { keyUsage } = parseCertificate(authority.raw);
  if (keyUsage && !keyUsage.includes('keyCertSign')) {
    throw new UserError('not-an-authority', `The key usage of ${options.source} does not let it sign certificates.`);
  }
  if (new Date(authority.validTo) <= new Date()) {
    throw new UserError(
      'authority-expired',
      `${options.source} expired on ${authority.validTo}. Renew it where it was made.`,
    );
  }
  const key = readPrivateKey(options.key, options.keySource, options.keyPassphrase);
  if (!keyKindOf(key)) {
    throw new UserError(
      'authority-key',
      `The key ${options.keySource} is of a kind that boards cannot verify. Use an authority with an ECDSA P-256, P-384 or RSA key of at least 2048 bits.`,
    );
  }
  if (!authority.checkPrivateKey(key)) {
    throw new UserError(
      'key-mismatch',
      `${options.keySource} is not the key of ${options.source}. Find the pair that belongs together.`,
    );
  }
  if (await store.hasKey('authority', 'ca')) await refuseKey(store);
  const record = await store.add('authority', 'ca', {
    certificate: certificates.map((c) => c.toString()).join(''),
    key: await encryptedPrivateKeyPem(key, options.passphrase),
  });
  const notes = [
    ...strictRemark(keyUsage),
    'The old key file is still where it was. Delete it, or keep it somewhere safe.',
  ];
  return { record, paths: store.pathsOf('authority', 'ca'), notes };
}

function strictRemark(keyUsage: readonly string[] | undefined): string[] {
  if (keyUsage) return [];
  return [
    'This authority has no key usage extension. Boards accept that; strict checkers (openssl -x509_strict, Python 3.13 and later) refuse all that it signs.',
  ];
}

async function refuseKey(store: CertificateStore): Promise<never> {
  const { key } = store.pathsOf('authority', 'ca');
  throw new UserError('file-exists', `${key} exists already, and a key is never overwritten. Move it away first.`);
}
