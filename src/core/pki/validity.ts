// From when until when a certificate is valid: set back an hour for slow clocks, never beyond its issuer.
import { UserError } from '../errors';

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** An issuer that ends sooner than this signs nothing more without a word about it. */
const SOON_DAYS = 60;

/**
 * `days` from `now`, in whole seconds. `issuer` limits both ends; `notes` says if it did.
 * Throws UserError if the issuer has expired or is not valid yet.
 */
export function validityFor(
  now: Date,
  days: number,
  issuer?: Validity,
): Validity & { readonly notes: readonly string[] } {
  if (!Number.isInteger(days) || days < 1 || days > 36_500) {
    throw new UserError('days', `A certificate cannot live ${days} days: give a whole number from 1 to 36500.`);
  }
  const second = Math.floor(now.getTime() / 1000) * 1000;
  const wanted = { notBefore: new Date(second - HOUR), notAfter: new Date(second + days * DAY) };
  if (!issuer) return { ...wanted, notes: [] };
  if (issuer.notAfter.getTime() <= second) {
    throw new UserError(
      'authority-expired',
      `The certificate authority expired on ${day(issuer.notAfter)}: nothing it signs now would be accepted. Renew it, or create a new one in another folder.`,
    );
  }
  if (issuer.notBefore.getTime() > second) {
    throw new UserError(
      'authority-not-yet-valid',
      `The certificate authority is valid only from ${day(issuer.notBefore)} on. Check this computer's clock.`,
    );
  }
  const notes: string[] = [];
  const left = Math.floor((issuer.notAfter.getTime() - second) / DAY);
  const shortened = issuer.notAfter < wanted.notAfter;
  if (shortened) notes.push(`Valid until ${day(issuer.notAfter)} only: a certificate must not outlive its authority.`);
  if (left < SOON_DAYS) notes.push(`The certificate authority expires in ${left} days. Plan its renewal now.`);
  return {
    notBefore: new Date(Math.max(issuer.notBefore.getTime(), wanted.notBefore.getTime())),
    notAfter: shortened ? issuer.notAfter : wanted.notAfter,
    notes,
  };
}

/** "2027-03-01", UTC. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
