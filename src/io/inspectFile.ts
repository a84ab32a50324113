// Reads the certificates of a file, PEM or DER, for showing.
import { readFile } from 'node:fs/promises';
import { UserError } from '../core/errors';
import type { InspectedCertificate } from '../core/pki/certificatePage';
import { parseCertificate } from '../core/x509/certificate';
import { readCertificates } from '../core/x509/readCertificates';
import { fileError } from './fileErrors';
import { fingerprint } from './signatureCheck';

/** A certificate file is small; anything else is a mistake. */
const LARGEST = 4 * 1024 * 1024;

/** In the order of the file. Throws UserError with the file's name if there is none, or one is damaged. */
export async function inspectFile(file: string): Promise<InspectedCertificate[]> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw fileError(error, 'read', file);
  });
  if (bytes.length > LARGEST) throw new UserError('certificate-file', `${file} is too large to be a certificate.`);
  try {
    const certificates = bytes[0] === 0x30 ? [parseCertificate(bytes)] : readCertificates(bytes.toString('utf8'));
    return certificates.map((certificate) => ({ certificate, fingerprint: fingerprint(certificate.der) }));
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.code, `${file}: ${error.message}`);
    throw error;
  }
}
