// Writes ca/ca.crl: the serial numbers that mosquitto (`crlfile`) and other servers must refuse.
import 'reflect-metadata'; // @peculiar/x509 throws on load without it
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { integer } from '../core/pki/der';
import type { InventoryRecord } from '../core/pki/inventory';
import { findRecord, type RevocationReason, revocationReasons, revoke } from '../core/pki/revocation';
import { day } from '../core/pki/validity';
import { writePem } from '../core/x509/pem';
import { authorityKeyIdentifier, type Issuer } from './certificateAuthority';
import type { CertificateStore } from './certificateStore';
import { replaceFile } from './newFile';
import { hashFor, webCryptoKey } from './signingKey';

export interface RevocationList {
  /** Absolute path of ca/ca.crl. */
  readonly path: string;
  readonly entries: number;
  readonly nextUpdate: Date;
  readonly notes: readonly string[];
}

/** A broker refuses everybody once the list is older than that, so it is long; a new one is one command away. */
const DAYS = 365;
const DAY = 86_400_000;
const CRL_NUMBER = '2.5.29.20';

/** Revokes the certificate with this name or serial number and writes the list anew. */
export async function revokeCertificate(
  store: CertificateStore,
  issuer: Issuer,
  options: { readonly target: string; readonly reason: RevocationReason; readonly days?: number; readonly now?: Date },
): Promise<RevocationList & { readonly record: InventoryRecord }> {
  const now = options.now ?? new Date();
  const record = await store.locked(async () => {
    const records = await store.list();
    const target = findRecord(records, options.target);
    await store.writeInventory(revoke(records, target, options.reason, now));
    return target;
  });
  return { record, ...(await writeRevocationList(store, issuer, options)) };
}

/** Signs a list of everything that the inventory has as revoked. */
export async function writeRevocationList(
  store: CertificateStore,
  issuer: Issuer,
  options: { readonly days?: number; readonly now?: Date } = {},
): Promise<RevocationList> {
  const now = options.now ?? new Date();
  const authority = new x509.X509Certificate(issuer.certificate.raw);
  const revoked = (await store.readInventory()).filter((record) => record.status === 'revoked');
  const wanted = new Date(now.getTime() + (options.days ?? DAYS) * DAY);
  const nextUpdate = new Date(Math.min(wanted.getTime(), authority.notAfter.getTime()));
  const list = await x509.X509CrlGenerator.create(
    {
      issuer: authority.subjectName,
      thisUpdate: now,
      nextUpdate,
      signingAlgorithm: {
        name: issuer.key.asymmetricKeyType === 'ec' ? 'ECDSA' : 'RSASSA-PKCS1-v1_5',
        hash: hashFor(issuer.key),
      },
      signingKey: await webCryptoKey(issuer.key),
      entries: revoked.map((record) => ({
        serialNumber: record.serial,
        revocationDate: new Date(record.revokedAt ?? now),
        ...reasonOf(record),
      })),
      extensions: [
        await authorityKeyIdentifier(authority),
        new x509.Extension(CRL_NUMBER, false, integer(Math.floor(now.getTime() / 1000))), // must only ever grow
      ],
    },
    webcrypto as Crypto,
  );
  const path = join(store.folder, 'ca', 'ca.crl');
  await replaceFile(path, writePem('X509 CRL', new Uint8Array(list.rawData))); // the library's own PEM says "CRL"
  const notes = [
    `Tell the broker: "crlfile ${path}" in mosquitto.conf, and restart it after every change of the list.`,
    `The list is good until ${day(nextUpdate)}; after that day the broker refuses every client. "secure-iot certs crl" makes a new one.`,
  ];
  return { path, entries: revoked.length, nextUpdate, notes };
}

/** RFC 5280 section 5.3.1: "unspecified" is expressed by leaving the reason out. */
function reasonOf(record: InventoryRecord): { reason?: x509.X509CrlReason } {
  const code = revocationReasons[record.reason as RevocationReason] ?? 0;
  return code === 0 ? {} : { reason: code };
}
