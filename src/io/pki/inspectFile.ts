// Reads a file of certificates for showing: each item with its facts and what its reader should know.
import 'reflect-metadata'; // @peculiar/x509 throws on load without it
import { webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as x509 from '@peculiar/x509';
import { UserError } from '../../core/errors';
import {
  certificateItem,
  type InspectedItem,
  keyItem,
  requestItem,
  revocationListItem,
} from '../../core/pki/inspection';
import { parseCertificate } from '../../core/x509/certificate';
import { parseRequest } from '../../core/x509/certificationRequest';
import { readElement } from '../../core/x509/der';
import { readPublicKey } from '../../core/x509/publicKey';
import { parseRevocationList } from '../../core/x509/revocationList';
import { type FilePart, publicKeyOf, readCertificateFile } from './certificateFile';
import { commonNameOf } from './certificateRecord';
import { pemCertificates } from './pemCertificates';
import { fingerprint } from './signatureCheck';

export interface InspectOptions {
  /** Of a PKCS#12 file. */
  readonly passphrase?: string;
  readonly now?: Date;
}

/** In the order of the file. Throws UserError as readCertificateFile does, and for an item that is damaged inside. */
export async function inspectFile(file: string, options: InspectOptions = {}): Promise<InspectedItem[]> {
  const nowMs = (options.now ?? new Date()).getTime();
  const parts = await readCertificateFile(file, options.passphrase);
  const partners = await certificatesFor(file, parts);
  const items: InspectedItem[] = [];
  for (const part of parts) {
    const { place } = part;
    try {
      items.push({ ...(await itemOf(part, partners, nowMs)), ...(place && parts.length > 1 ? { place } : {}) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.code, `${file}${place ? `, ${place}` : ''}: ${error.message}`);
    }
  }
  if (items.length > 0) return items;
  throw new UserError('no-certificate', `${file} holds no certificate, request, revocation list or private key.`);
}

async function itemOf(part: FilePart, partners: readonly X509Certificate[], nowMs: number): Promise<InspectedItem> {
  switch (part.kind) {
    case 'certificate': {
      const certificate = parseCertificate(part.der);
      return certificateItem({ certificate, fingerprint: fingerprint(certificate.der) }, nowMs);
    }
    case 'request':
      return requestItem(parseRequest(part.der), await isGenuine(part.der));
    case 'list':
      return revocationListItem(parseRevocationList(part.der), nowMs);
    case 'key': {
      const { key } = part;
      const own = key ? partners.filter((one) => one.checkPrivateKey(key)) : [];
      return keyItem({
        ...(key ? { publicKey: readPublicKey(readElement(publicKeyOf(key))) } : {}),
        encrypted: key === undefined,
        belongsTo: own.map((one) => commonNameOf(one.subject) ?? one.serialNumber),
        compared: partners.length > 0,
      });
    }
  }
}

async function isGenuine(der: Uint8Array): Promise<boolean> {
  try {
    return await new x509.Pkcs10CertificateRequest(new Uint8Array(der)).verify(webcrypto as Crypto);
  } catch {
    return false;
  }
}

/** What a key of the file may belong to: the file's own certificates, else those of the .crt beside it. */
async function certificatesFor(file: string, parts: readonly FilePart[]): Promise<X509Certificate[]> {
  const own = parts.flatMap((part) => (part.kind === 'certificate' ? [part.der] : []));
  try {
    if (own.length > 0) return own.map((der) => new X509Certificate(der));
    const beside = file.replace(/\.key$/i, '.crt');
    return beside === file ? [] : pemCertificates(await readFile(beside, 'utf8'), beside);
  } catch {
    return []; // nothing to compare with
  }
}
