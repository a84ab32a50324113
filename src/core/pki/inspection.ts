// What a file of certificates holds, item by item, as label and value pairs with remarks: for a page and for a terminal.
import type { CertificationRequest } from '../x509/certificationRequest';
import { keyText } from '../x509/keyText';
import type { PublicKeyInfo } from '../x509/publicKey';
import type { RevocationListFacts } from '../x509/revocationList';
import { certificateFacts, type InspectedCertificate } from './certificateFacts';
import { certificateRemarks } from './certificateRemarks';

export type Fact = readonly [label: string, value: string];

export interface InspectedItem {
  readonly kind: 'Certificate' | 'Signing request' | 'Revocation list' | 'Private key';
  readonly name: string;
  /** Where in the file: a line, or the name that a source gives it. */
  readonly place?: string;
  readonly facts: readonly Fact[];
  /** What its reader should know: sentences. */
  readonly remarks: readonly string[];
  readonly certificate?: InspectedCertificate;
}

export function certificateItem(one: InspectedCertificate, nowMs: number): InspectedItem {
  const { subject } = one.certificate;
  return {
    kind: 'Certificate',
    name: subject.commonName ?? subject.text,
    facts: certificateFacts(one),
    remarks: certificateRemarks(one.certificate, nowMs),
    certificate: one,
  };
}

/** `genuine`: its signature proves that its maker holds the key. */
export function requestItem(request: CertificationRequest, genuine: boolean): InspectedItem {
  const { subject, publicKey, wishes, signatureAlgorithm } = request;
  const names = wishes.subjectAltNames?.map(({ type, value }) => `${type}:${value}`).join(', ');
  return {
    kind: 'Signing request',
    name: subject.commonName ?? subject.text,
    facts: [
      ['Subject', subject.text],
      ...optional('Names', names),
      ...optional('Key usage', wishes.keyUsage?.join(', ')),
      ...optional('Purpose', wishes.extendedKeyUsage?.join(', ')),
      ...(wishes.basicConstraints?.ca ? [['Authority', 'yes, if the signer grants it'] as const] : []),
      ['Key', keyText(publicKey)],
      ['Signature', signatureAlgorithm.name],
    ],
    remarks: [
      ...(genuine ? [] : ['Its signature is wrong: whoever made it does not hold its key, or it was changed.']),
      ...(subject.commonName ? [] : ['It has no common name: give one when you sign it.']),
    ],
  };
}

const MOST_ENTRIES = 20;
const DAY = 86_400_000;

export function revocationListItem(list: RevocationListFacts, nowMs: number): InspectedItem {
  const { issuer, thisUpdate, nextUpdate, revoked, number, signatureAlgorithm } = list;
  const entries = revoked
    .slice(0, MOST_ENTRIES)
    .map(({ serial, date, reason }): Fact => [serial, `${day(date)}${reason ? `, ${reason}` : ''}`]);
  const left = nextUpdate === undefined ? undefined : Math.floor((nextUpdate - nowMs) / DAY);
  return {
    kind: 'Revocation list',
    name: issuer.commonName ?? issuer.text,
    facts: [
      ['Issuer', issuer.text],
      ['Made', day(thisUpdate)],
      ...(nextUpdate === undefined ? [] : [['Good until', day(nextUpdate)] as const]),
      ...optional('Number', number),
      ['Signature', signatureAlgorithm.name],
      ['Revoked', String(revoked.length)],
      ...entries,
      ...(revoked.length > MOST_ENTRIES ? [['…', `and ${revoked.length - MOST_ENTRIES} more`] as const] : []),
    ],
    remarks: listRemarks(left),
  };
}

function listRemarks(daysLeft: number | undefined): string[] {
  if (daysLeft === undefined) return ['It does not say when the next one comes, so nobody notices when it is old.'];
  const renew = 'Make a new one: secure-iot certs crl, or Update Revocation List.';
  if (daysLeft < 0) return [`It is out of date: a broker that reads it refuses every client. ${renew}`];
  return daysLeft < 30 ? [`In ${daysLeft} days it is out of date, and brokers refuse every client. ${renew}`] : [];
}

export interface InspectedKey {
  /** Undefined when it is encrypted. */
  readonly publicKey?: PublicKeyInfo;
  readonly encrypted: boolean;
  /** Names of the certificates of the same file, or beside it, whose key it is. */
  readonly belongsTo: readonly string[];
  /** There were certificates to compare with. */
  readonly compared: boolean;
}

/** Says nothing of the key itself but its kind. */
export function keyItem({ publicKey, encrypted, belongsTo, compared }: InspectedKey): InspectedItem {
  return {
    kind: 'Private key',
    name: 'Private key',
    facts: [
      ...(publicKey ? [['Key', keyText(publicKey)] as const] : []),
      ['Encrypted', encrypted ? 'yes' : 'no'],
      ...optional('Belongs to', belongsTo.join(', ')),
    ],
    remarks:
      publicKey && compared && belongsTo.length === 0
        ? ['It is not the key of the certificate that it lies with: a board or broker with the two cannot connect.']
        : [],
  };
}

function optional(label: string, text: string | undefined): Fact[] {
  return text ? [[label, text]] : [];
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
