// A file size as people write it: `500K`, `10M`, `1G`, or bytes.
import { UserError } from '../errors';

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
/** Less would rename files several times a second. */
const LEAST = 4096;

/** Throws UserError `size-invalid`. */
export function parseLogSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim());
  const bytes = match ? Math.round(Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? 1)) : Number.NaN;
  if (!(bytes >= LEAST))
    throw new UserError('size-invalid', `"${text}" is not a size for a log file. Write it as 500K, 10M or 1G.`);
  return bytes;
}
