// What will be written where: a plain value, checked against itself.
import { UserError } from '../errors';
import type { Chip } from './chips';
import { type FlashFile, hex, notFlashable, SECTOR } from './flashFile';

export interface FlashPlan {
  /** Sorted by offset, none overlapping. */
  readonly files: readonly FlashFile[];
  /** The chip that the build was made for, where the build says so. */
  readonly builtFor: Chip | undefined;
}

/** Checks what needs no board: files that are none, overlap, alignment. Throws UserError. */
export function planFlash(files: readonly FlashFile[], builtFor?: Chip): FlashPlan {
  if (files.length === 0) throw new UserError('nothing-to-flash', 'There is nothing to flash. Name at least one file.');
  const sorted = [...files].sort((a, b) => a.offset - b.offset);
  for (const [i, { offset, bytes, name }] of sorted.entries()) {
    const wrong = notFlashable(bytes);
    if (wrong) throw new UserError('not-an-image', `${name} ${wrong}.`);
    if (offset % SECTOR !== 0)
      throw new UserError(
        'offset-unaligned',
        `${name} would start at ${hex(offset)}, inside a flash sector, and erase what lies before it there. Use a multiple of 0x1000.`,
      );
    const next = sorted[i + 1];
    if (next && offset + bytes.length > next.offset)
      throw new UserError(
        'files-overlap',
        `${name} (${hex(offset)} to ${hex(offset + bytes.length)}) overlaps ${next.name} at ${hex(next.offset)}. Correct the offsets.`,
      );
  }
  return { files: sorted, builtFor };
}
