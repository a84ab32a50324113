// A certificate revocation list (RFC 5280, 5) as a record. Reads only.
import type { SignatureAlgorithm } from './algorithms';
import { readSignatureAlgorithm, serialText } from './certificate';
import { children, type DerElement, derDamaged, expectTag, oid, readElement, Tag, toHex, value } from './der';
import { derTime } from './derTime';
import { readExtensions } from './extensions';
import { type DistinguishedName, readName } from './name';

export interface RevokedEntry {
  /** As Certificate.serial. */
  readonly serial: string;
  /** Epoch milliseconds. */
  readonly date: number;
  /** RFC 5280, 5.3.1; missing where the list gives none. */
  readonly reason?: string;
}

export interface RevocationListFacts {
  readonly issuer: DistinguishedName;
  /** Epoch milliseconds. */
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly revoked: readonly RevokedEntry[];
  /** Hex. */
  readonly number?: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
}

const CRL_NUMBER = '2.5.29.20';
const REASON_CODE = '2.5.29.21';
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'reason 7',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** Throws UserError `der-damaged` for what is no list. */
export function parseRevocationList(der: Uint8Array): RevocationListFacts {
  const outer = expectTag(readElement(der), Tag.sequence, 'a revocation list');
  const [tbs, algorithm, signature] = children(outer);
  const body = expectTag(tbs, Tag.sequence, 'the body of the list', outer);
  expectTag(signature, Tag.bitString, 'the signature of the list', outer);
  const fields = children(body);
  if (fields[0]?.tag === Tag.integer) fields.shift(); // the version
  const [, issuer, thisUpdate, ...rest] = fields;
  if (!thisUpdate) throw derDamaged('the list has no date', body.start);
  const nextUpdate = rest.find(({ tag }) => tag === Tag.utcTime || tag === Tag.generalizedTime);
  const entries = rest.find(({ tag }) => tag === Tag.sequence);
  const wrapper = rest.find(({ tag }) => tag === 0xa0);
  const number = wrapper && readExtensions(wrapper).find((one) => one.oid === CRL_NUMBER);
  return {
    issuer: readName(expectTag(issuer, Tag.sequence, 'the issuer', body)),
    thisUpdate: derTime(thisUpdate),
    ...(nextUpdate ? { nextUpdate: derTime(nextUpdate) } : {}),
    revoked: entries ? children(entries).map(readEntry) : [],
    ...(number ? { number: toHex(value(readElement(number.value))) } : {}),
    signatureAlgorithm: readSignatureAlgorithm(expectTag(algorithm, Tag.sequence, 'the signature algorithm', outer)),
  };
}

function readEntry(element: DerElement): RevokedEntry {
  const [serial, date, extensions] = children(expectTag(element, Tag.sequence, 'an entry of the list'));
  const number = expectTag(serial, Tag.integer, 'a serial number', element);
  if (!date) throw derDamaged('an entry of the list has no date', element.start);
  const reason = extensions && reasonIn(extensions);
  return { serial: serialText(value(number), number), date: derTime(date), ...(reason ? { reason } : {}) };
}

function reasonIn(extensions: DerElement): string | undefined {
  for (const extension of children(expectTag(extensions, Tag.sequence, 'the extensions of an entry'))) {
    const [type, ...rest] = children(extension);
    const content = rest.at(-1); // a critical flag may stand between
    if (type?.tag !== Tag.oid || oid(type) !== REASON_CODE || !content) continue;
    return REASONS[value(readElement(value(content)))[0] ?? 0];
  }
  return undefined;
}
