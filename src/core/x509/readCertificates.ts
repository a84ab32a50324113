// All certificates of a file's text, in their order: the chain as a server would send it.
import { UserError } from '../errors';
import { type Certificate, parseCertificate } from './certificate';
import { readPem } from './pem';

const LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE'];

/**
 * The certificates of a PEM text; other blocks (keys) are skipped. Throws UserError: `pem-damaged`, `pem-missing`,
 * `der-damaged`, or `no-certificate` when there are blocks but no certificate.
 */
export function readCertificates(text: string): Certificate[] {
  const blocks = readPem(text);
  const certificates = blocks.filter((block) => LABELS.includes(block.label));
  if (certificates.length === 0) {
    const labels = [...new Set(blocks.map((block) => block.label))].join(', ');
    throw new UserError('no-certificate', `This text holds no certificate, only: ${labels}.`);
  }
  return certificates.map((block) => {
    try {
      return parseCertificate(block.der);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.code, `The certificate in line ${block.line} cannot be read. ${error.message}`);
    }
  });
}
