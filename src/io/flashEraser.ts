// Erases a region of a board's flash, or all of it.
import { UserError } from '../core/errors';
import { hex, SECTOR } from '../core/firmware/flashFile';
import type { BoardPort } from './boardPort';
import { type SessionOptions, withLoader } from './espSession';

export interface Region {
  readonly offset: number;
  readonly size: number;
}

/** Without a region everything goes. Resolves to what was erased. */
export async function eraseBoard(
  port: BoardPort,
  region: Region | undefined,
  options: SessionOptions,
): Promise<Region> {
  if (region && (region.size === 0 || region.offset % SECTOR !== 0 || region.size % SECTOR !== 0))
    throw new UserError('range-invalid', 'Flash is erased in sectors: offset and size must be multiples of 0x1000.');
  return withLoader(port, options, async ({ loader, info }) => {
    if (info.security.secureDownload)
      throw new UserError('erase-refused', 'This chip does not allow erasing (Secure Download Mode).');
    if (info.security.flashEncryption)
      throw new UserError(
        'flash-encrypted',
        'This board has flash encryption switched on; erasing would make it unbootable.',
      );
    if (info.security.secureBoot)
      throw new UserError(
        'secure-boot',
        'This board has Secure Boot switched on; erasing its signed bootloader or application could make it unbootable.',
      );
    const end = info.flashBytes ?? 0;
    if (!region) {
      await loader.eraseFlash();
      return { offset: 0, size: end };
    }
    if (region.offset + region.size > end)
      throw new UserError(
        'range-invalid',
        `${hex(region.offset + region.size)} is beyond the ${end / 1024 / 1024} MB of flash on this board.`,
      );
    await loader.eraseRegion(region.offset, region.size);
    return region;
  });
}
