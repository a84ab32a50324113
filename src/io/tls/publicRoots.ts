// The well-known CAs that Node brings (Mozilla's list).
import { rootCertificates } from 'node:tls';
import type { Certificate } from '../../core/x509/certificate';
import { readCertificates } from '../../core/x509/readCertificates';

export function publicRoots(): Certificate[] {
  return rootCertificates.flatMap((pem) => {
    try {
      return readCertificates(pem);
    } catch {
      return []; // a root that this reader does not take trusts nothing
    }
  });
}
