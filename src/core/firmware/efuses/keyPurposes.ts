// What the key blocks of a chip are for.
import type { EfuseReader, KeyPurposes } from './efuseTable';

export const KEY_BLOCKS = [0, 1, 2, 3, 4, 5] as const;

/** Numbers that Espressif gave no meaning are for whoever made the firmware: `CUSTOM_13`. */
export function keyPurposeName(purposes: KeyPurposes, value: number): string {
  return purposes[value] ?? `CUSTOM_${value}`;
}

/** Undefined where the chip's key blocks have no purposes. The ESP32-P4 from v3.0 on keeps the fifth bit elsewhere. */
export function keyPurpose(read: EfuseReader, block: number): number | undefined {
  const low = read(`KEY_PURPOSE_${block}`);
  return low === undefined ? undefined : low | ((read(`KEY_PURPOSE_${block}_H`) ?? 0) << 4);
}
