// The certificates of a PEM text as node:crypto's objects, with our errors: which file, which line, what to do.
import { X509Certificate } from 'node:crypto';
import { UserError } from '../../core/errors';
import { readPem } from '../../core/x509/pem';

/**
 * All certificates of `text`, in order; keys and other blocks are skipped. `source` names the file in errors. Throws
 * UserError `pem-damaged`, `pem-missing` or `no-certificate`.
 */
export function pemCertificates(text: string, source: string): X509Certificate[] {
  const blocks = named(source, () => readPem(text)).filter((block) => block.label.endsWith('CERTIFICATE'));
  if (blocks.length === 0) throw new UserError('no-certificate', `${source} holds no certificate.`);
  return blocks.map(({ der, line }) => {
    try {
      return new X509Certificate(der);
    } catch (error) {
      const message = `${source}: the certificate in line ${line} is damaged. Copy it again, with all its line breaks.`;
      throw new UserError('pem-damaged', message, undefined, { cause: error });
    }
  });
}

/** The leaf of a chain file, or the only certificate. Throws as `pemCertificates` does. */
export function firstCertificate(text: string, source: string): X509Certificate {
  const [first] = pemCertificates(text, source);
  if (!first) throw new Error('pemCertificates gave none, and no error');
  return first;
}

function named<T>(source: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.code, `${source}: ${error.message}`);
    throw error;
  }
}
