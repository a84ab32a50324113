// A region of flash as people write it: where it begins and how long it is.
import { UserError } from '../errors';
import { SECTOR } from './flashFile';

export interface FlashRegion {
  readonly offset: number;
  readonly size: number;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2 };

/** Reads `0x9000 0x5000`, `0x9000, 20K` and, from first to last byte, `0x9000-0xdfff`. Throws UserError `region-invalid`. */
export function parseRegion(text: string): FlashRegion {
  const match = /^\s*(0x[0-9a-f]+|\d+)(?:\s*(-)\s*|\s*[,\s]\s*)(0x[0-9a-f]+|\d+)([km]?)\s*$/i.exec(text);
  const offset = Number(match?.[1] ?? Number.NaN);
  const second = Number(match?.[3] ?? Number.NaN) * (UNITS[(match?.[4] ?? '').toLowerCase()] ?? 1);
  const size = match?.[2] ? second - offset + 1 : second;
  if (!match || offset + size > 0x1_0000_0000)
    throw new UserError(
      'region-invalid',
      `"${text.trim()}" is not a region of flash. Write offset and size, such as 0x9000 0x5000.`,
    );
  if (size <= 0) throw new UserError('region-invalid', 'The region is empty: its size must be more than 0.');
  return { offset, size };
}

/** Why flash cannot be erased so, or undefined: it is erased in sectors. */
export function notErasable({ offset, size }: FlashRegion): string | undefined {
  if (offset % SECTOR === 0 && size % SECTOR === 0 && size > 0) return undefined;
  return 'Flash is erased in sectors: offset and size must be multiples of 0x1000.';
}
