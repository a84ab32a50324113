// Writes ca/ca.crl: the serial numbers that mosquitto (`crlfile`) and other servers must refuse. Each authority signs a
// list of what it issued; they stand in that file one after another, since a server asks for the list of every issuer.
import 'reflect-metadata'; // @peculiar/x509 throws on load without it
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { UserError } from '../../core/errors';
import { integer } from '../../core/pki/der';
import type { InventoryRecord } from '../../core/pki/inventory';
import { findRecord, type RevocationReason, revocationReasons, revoke } from '../../core/pki/revocation';
import { day } from '../../core/pki/validity';
import { writePem } from '../../core/x509/pem';
import { replaceFile } from '../files/newFile';
import { readIfThere } from '../files/readIfThere';
import { authorityKeyIdentifier, type Issuer } from './certificateAuthority';
import { issuerNameOf } from './certificateRecord';
import type { CertificateStore } from './certificateStore';
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

export interface ListOptions {
  readonly days?: number;
  /** Other authorities of the folder that are unlocked: their lists are written anew too. */
  readonly others?: readonly Issuer[];
  readonly now?: Date;
}

/** Revokes the certificate with this name or serial number and writes the list anew. */
export async function revokeCertificate(
  store: CertificateStore,
  issuer: Issuer,
  options: ListOptions & { readonly target: string; readonly reason: RevocationReason },
): Promise<RevocationList & { readonly record: InventoryRecord }> {
  const now = options.now ?? new Date();
  const record = await store.locked(async () => {
    const records = await store.list();
    const target = findRecord(records, options.target);
    checkIssuer(target, issuer);
    await store.writeInventory(revoke(records, target, options.reason, now));
    return target;
  });
  return { record, ...(await writeRevocationList(store, issuer, options)) };
}

/** Signs a list of everything that the inventory has as revoked; lists of authorities that are not given stay. */
export async function writeRevocationList(
  store: CertificateStore,
  issuer: Issuer,
  options: ListOptions = {},
): Promise<RevocationList> {
  const now = options.now ?? new Date();
  const path = join(store.folder, 'ca', 'ca.crl');
  // Locked from reading to writing: a list that was begun before another revocation would else be written after its list.
  const { records, signed, kept } = await store.locked(async () => {
    const records = await store.readInventory();
    const signed = await Promise.all(
      [issuer, ...(options.others ?? [])].map((one) => signList(one, records, now, options.days ?? DAYS)),
    );
    const old = splitLists((await readIfThere(path)) ?? '').map((pem) => ({ pem, issuer: issuerOf(pem, path) }));
    const kept = old.filter((list) => !signed.some(({ issuer: name }) => list.issuer === name));
    await replaceFile(path, [...signed, ...kept].map(({ pem }) => pem).join(''));
    return { records, signed, kept };
  });
  const nextUpdate = new Date(Math.min(...signed.map((list) => list.nextUpdate.getTime())));
  const listed = new Set([...signed, ...kept].map(({ issuer: name }) => name));
  const notes = [
    `Tell the broker: "crlfile ${path}" in mosquitto.conf, and restart it after every change of the list.`,
    `The list is good until ${day(nextUpdate)}; after that day the broker refuses every client. "secure-iot certs crl" makes a new one.`,
    ...(await withoutList(store, records, listed)).map(
      (name) =>
        `"${name}" has no list yet, and with crlfile the broker refuses whom it issued until it has: secure-iot certs crl --issuer "${name}".`,
    ),
  ];
  return { path, entries: signed.reduce((sum, { entries }) => sum + entries, 0), nextUpdate, notes };
}

/** The lists of a text, each with its line end. */
export function splitLists(text: string): string[] {
  const lists = text.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? [];
  return lists.map((pem) => `${pem}\n`);
}

interface SignedList {
  readonly issuer: string;
  readonly pem: string;
  readonly entries: number;
  readonly nextUpdate: Date;
}

async function signList(
  issuer: Issuer,
  records: readonly InventoryRecord[],
  now: Date,
  days: number,
): Promise<SignedList> {
  const authority = new x509.X509Certificate(issuer.certificate.raw);
  const own = issuerNameOf(issuer.certificate.subject);
  const revoked = records.filter((record) => record.status === 'revoked' && record.issuer === own);
  const wanted = new Date(now.getTime() + days * DAY);
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
  const pem = writePem('X509 CRL', new Uint8Array(list.rawData)); // the library's own PEM says "CRL"
  return { issuer: authority.subject, pem, entries: revoked.length, nextUpdate };
}

/** Throws UserError "list-damaged": it may be the list of another authority, so it is not dropped. */
function issuerOf(pem: string, path: string): string {
  try {
    return new x509.X509Crl(pem).issuer;
  } catch (error) {
    throw new UserError(
      'list-damaged',
      `A revocation list in ${path} is damaged. Restore the file, or move it away and make the list of each authority anew: secure-iot certs crl.`,
      undefined,
      { cause: error },
    );
  }
}

/** Common names of the authorities here that are not in `listed` (distinguished names). */
async function withoutList(
  store: CertificateStore,
  records: readonly InventoryRecord[],
  listed: ReadonlySet<string>,
): Promise<string[]> {
  const names = records.filter((r) => r.role === 'intermediate' && r.status === 'valid').map(({ name }) => name);
  const missing: string[] = [];
  for (const name of names) {
    const authority = new x509.X509Certificate(await store.readAuthority(name));
    if (!listed.has(authority.subject)) missing.push(name);
  }
  return missing;
}

/** A list counts only for what its signer issued. */
function checkIssuer(record: InventoryRecord, issuer: Issuer): void {
  const own = issuerNameOf(issuer.certificate.subject);
  if (record.issuer === own) return;
  throw new UserError(
    'other-issuer',
    `"${record.name}" was issued by "${record.issuer}", so only that authority can revoke it, not "${own}".`,
  );
}

/** RFC 5280 section 5.3.1: "unspecified" is expressed by leaving the reason out. */
function reasonOf(record: InventoryRecord): { reason?: x509.X509CrlReason } {
  const code = revocationReasons[record.reason as RevocationReason] ?? 0;
  return code === 0 ? {} : { reason: code };
}
