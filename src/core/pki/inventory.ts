// The record of every certificate a folder's authority issued: certs/inventory.json, one record a line for small diffs.
import { UserError } from '../errors';
import type { CertificateRole } from './certificateProfile';

export interface InventoryRecord {
  /** Common name. */
  readonly name: string;
  readonly role: CertificateRole;
  /** Upper-case hex, two digits a byte, as node:crypto and openssl print it. */
  readonly serial: string;
  /** SHA-256 over the DER, upper-case hex with colons, as openssl prints it. */
  readonly fingerprint: string;
  /** Common name of the issuer. */
  readonly issuer: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** DNS names and addresses of the SAN. */
  readonly hosts?: readonly string[];
  /** Relative to the certificates folder, with forward slashes. */
  readonly file: string;
  readonly status: 'valid' | 'revoked' | 'replaced';
  readonly revokedAt?: string;
  readonly reason?: string;
}

const HEAD = '{ "version": 1, "certificates": [';

export function formatInventory(records: readonly InventoryRecord[]): string {
  if (records.length === 0) return `${HEAD}] }\n`;
  return `${HEAD}\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n] }\n`;
}

/** Throws UserError if the text is no inventory; a damaged one is never replaced by an empty one. */
export function parseInventory(text: string, file: string): InventoryRecord[] {
  const problem = (what: string) =>
    new UserError(
      'inventory',
      `${file} ${what}. Restore it from your version control, or move it away: it is then made anew from the certificates.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw problem(`is damaged (${error instanceof Error ? error.message : String(error)})`);
  }
  const { version, certificates } = (value ?? {}) as { version?: unknown; certificates?: unknown };
  if (version !== 1) throw problem('was written by another version of Secure IoT');
  if (!Array.isArray(certificates) || !certificates.every(isRecord)) throw problem('has a record that we cannot read');
  return certificates;
}

function isRecord(value: unknown): value is InventoryRecord {
  const record = (value ?? {}) as Record<string, unknown>;
  return ['name', 'role', 'serial', 'fingerprint', 'issuer', 'notBefore', 'notAfter', 'file', 'status'].every(
    (key) => typeof record[key] === 'string',
  );
}
