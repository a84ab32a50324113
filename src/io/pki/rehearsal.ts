// What of a certificates folder no longer works on a day to come, and which sketches and boards carry it.
import { UserError } from '../../core/errors';
import { rehearse } from '../../core/pki/rehearsal';
import type { CertificateStore } from './certificateStore';
import { certificateUses } from './certificateUses';
import { revocationListDates } from './revocationListDates';

export interface RehearsedBreakage {
  readonly name: string;
  readonly role: string;
  /** Relative to the certificates folder. */
  readonly file: string;
  readonly notAfter: string;
  /** A sentence. */
  readonly effect: string;
  /** Folders of sketches that carry it, relative to the workspace. */
  readonly sketches: readonly string[];
  /** MAC addresses of boards that hold it. */
  readonly boards: readonly string[];
}

/** The end of that day in UTC, in epoch milliseconds. Throws UserError for what is no date. */
export function parseRehearsalDay(text: string): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T23:59:59Z`) : Number.NaN;
  // JavaScript takes 31 February for 3 March
  if (!Number.isNaN(day) && new Date(day).toISOString().startsWith(text)) return day;
  throw new UserError('date', `"${text}" is no date. Write it as 2030-01-31.`);
}

/** In the order in which they end. */
export async function rehearseStore(store: CertificateStore, dayMs: number): Promise<RehearsedBreakage[]> {
  const records = await store.list();
  const usesOf = await certificateUses(store, records);
  const certificates = rehearse(records, dayMs).map(({ record, effect }) => {
    const { name, role, file, notAfter } = record;
    return { name, role, file, notAfter, effect, ...usesOf(record) };
  });
  const lists = (await revocationListDates(store))
    .filter(({ nextUpdate }) => nextUpdate <= dayMs)
    .map(({ issuer, nextUpdate }) => ({
      name: issuer,
      role: 'revocation list',
      file: 'ca/ca.crl',
      notAfter: new Date(nextUpdate).toISOString(),
      effect: `Since ${new Date(nextUpdate).toISOString().slice(0, 10)} a broker that reads the list refuses every client, until it gets a new list (secure-iot certs crl).`,
      sketches: [],
      boards: [],
    }));
  return [...certificates, ...lists].sort((a, b) => a.notAfter.localeCompare(b.notAfter));
}
