// What of a certificates folder no longer works on a day to come, and which sketches beside it carry it.
import { dirname } from 'node:path';
import { UserError } from '../core/errors';
import { rehearse } from '../core/pki/rehearsal';
import type { CertificateStore } from './certificateStore';
import { sketchesByDevice } from './certificateUses';

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
}

/** The end of that day in UTC, in epoch milliseconds. Throws UserError for what is no date. */
export function parseRehearsalDay(text: string): number {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T23:59:59Z`) : Number.NaN;
  // JavaScript takes 31 February for 3 March
  if (!Number.isNaN(day) && new Date(day).toISOString().startsWith(text)) return day;
  throw new UserError('date', `"${text}" is no date. Write it as 2030-01-31.`);
}

export async function rehearseStore(store: CertificateStore, dayMs: number): Promise<RehearsedBreakage[]> {
  const sketches = await sketchesByDevice(dirname(store.folder));
  return rehearse(await store.list(), dayMs).map(({ record, effect }) => ({
    name: record.name,
    role: record.role,
    file: record.file,
    notAfter: record.notAfter,
    effect,
    sketches: record.role === 'device' ? (sketches.get(record.name) ?? []) : [],
  }));
}
