// What a chip says about itself over the loader, as a plain value, and how it is shown.
import type { ChipSecurity } from './chipSecurity';
import { securityRows } from './chipSecurity';
import type { Chip } from './chips';
import { megabytes } from './sizeText';

/** What the chip is, read from its registers. */
export interface ChipIdentity {
  readonly chip: Chip;
  /** With package and revision: `ESP32-D0WDQ6 (revision v1.0)`. */
  readonly description: string;
  /** Times 100 (`301` is v3.1); undefined where the chip does not tell. */
  readonly revision: number | undefined;
  readonly features: readonly string[];
  readonly crystalMHz: number | undefined;
  /** `aa:bb:cc:dd:ee:ff`; undefined in Secure Download Mode. */
  readonly mac: string | undefined;
  readonly security: ChipSecurity;
}

/** The flash chip beside it. */
export interface FlashInfo {
  /** Undefined in Secure Download Mode, and where the flash does not answer. */
  readonly flashBytes: number | undefined;
  /** JEDEC id, for example `0x1640c8`. */
  readonly flashId: number | undefined;
}

export type ChipInfo = ChipIdentity & FlashInfo;

/** Reads `(revision v1.3)` and the ESP32's `(revision 3)`. */
export function revisionOf(description: string): number | undefined {
  const match = /\(revision v?(\d+)(?:\.(\d+))?\)/.exec(description);
  return match ? Number(match[1]) * 100 + Number(match[2] ?? 0) : undefined;
}

/** `v1.3` for 103. */
export function revisionText(revision: number): string {
  return `v${Math.floor(revision / 100)}.${revision % 100}`;
}

/** Label and value, in the order to show. */
export function chipRows(info: ChipInfo): [string, string][] {
  const rows: [string, string | undefined][] = [
    ['Chip', info.description],
    ['Features', info.features.join(', ') || undefined],
    ['Crystal', info.crystalMHz === undefined ? undefined : `${info.crystalMHz} MHz`],
    ['MAC', info.mac],
    ['Flash', flashText(info)],
    ...securityRows(info.security),
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]]));
}

function flashText({ flashBytes, flashId, security }: ChipInfo): string | undefined {
  if (flashBytes !== undefined) return megabytes(flashBytes);
  if (security.secureDownload) return undefined;
  return `does not answer${flashId === undefined ? '' : ` (id 0x${flashId.toString(16)})`}`;
}
