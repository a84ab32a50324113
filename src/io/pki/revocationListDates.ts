// Until when the revocation lists of a certificates folder are good. After that brokers refuse every client.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPem } from '../../core/x509/pem';
import { parseRevocationList } from '../../core/x509/revocationList';
import type { CertificateStore } from './certificateStore';

export interface RevocationListDate {
  /** Common name of the authority. */
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly nextUpdate: number;
}

/** One for each authority in ca/ca.crl; none without that file, and none for a list that cannot be read. */
export async function revocationListDates(store: CertificateStore): Promise<RevocationListDate[]> {
  try {
    const text = await readFile(join(store.folder, 'ca', 'ca.crl'), 'utf8');
    return readPem(text).flatMap(({ der }) => {
      const { issuer, nextUpdate } = parseRevocationList(der);
      return nextUpdate === undefined ? [] : [{ issuer: issuer.commonName ?? issuer.text, nextUpdate }];
    });
  } catch {
    return [];
  }
}
