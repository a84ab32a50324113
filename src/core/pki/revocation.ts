// Why a certificate is revoked (RFC 5280 section 5.3.1), and how a revocation changes the inventory.
import { UserError } from '../errors';
import type { InventoryRecord } from './inventory';

/** Reason codes that a device maker meets. */
export const revocationReasons = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
} as const;

export type RevocationReason = keyof typeof revocationReasons;

export function parseRevocationReason(text: string): RevocationReason {
  const reasons = Object.keys(revocationReasons) as RevocationReason[];
  const reason = reasons.find((known) => known.toLowerCase() === text.toLowerCase());
  if (reason) return reason;
  throw new UserError('revocation-reason', `"${text}" is no reason that we know. Choose one of ${reasons.join(', ')}.`);
}

/**
 * The record that `text` means: a serial number, else the name of a certificate in use, else of one that was replaced.
 * Throws UserError if none or several fit.
 */
export function findRecord(records: readonly InventoryRecord[], text: string): InventoryRecord {
  const serial = text.replaceAll(':', '').toUpperCase();
  const bySerial = records.find((r) => r.serial === serial);
  if (bySerial) return bySerial;
  const named = records.filter((r) => r.name === text);
  const current = named.filter((r) => r.status === 'valid');
  const found = current.length > 0 ? current : named;
  const [first, second] = found;
  if (!first) {
    throw new UserError(
      'unknown-certificate',
      `There is no certificate "${text}" here. "secure-iot certs list" shows all.`,
    );
  }
  if (second) {
    throw new UserError(
      'ambiguous-certificate',
      `"${text}" names several certificates (${found.map((r) => r.file).join(', ')}). Give the serial number instead.`,
    );
  }
  return first;
}

/** Records with `target` revoked. Throws UserError if it is revoked already or is the authority itself. */
export function revoke(
  records: readonly InventoryRecord[],
  target: InventoryRecord,
  reason: RevocationReason,
  now: Date,
): InventoryRecord[] {
  if (target.status === 'revoked') {
    throw new UserError(
      'already-revoked',
      `"${target.name}" was revoked on ${target.revokedAt?.slice(0, 10)} already.`,
    );
  }
  if (target.role === 'authority') {
    throw new UserError(
      'revoke-authority',
      'An authority cannot revoke itself: boards would not look. Make a new authority, and put its certificate on the boards and the broker.',
    );
  }
  const revoked: InventoryRecord = { ...target, status: 'revoked', revokedAt: now.toISOString(), reason };
  return records.map((record) => (record.serial === target.serial ? revoked : record));
}
