// What a chip says about itself over the loader, as a plain value, and how it is shown.
import type { Chip } from './chips';

export interface ChipSecurity {
  /** Where it was read: the ROM's own report, the eFuse registers, or nowhere (the chip has neither). */
  readonly source: 'rom' | 'efuse' | 'none';
  readonly secureBoot: boolean;
  readonly flashEncryption: boolean;
  /** Secure Download Mode: only writing is possible, no reading and no stub. */
  readonly secureDownload: boolean;
  readonly jtagDisabled: boolean;
}

export interface ChipInfo {
  readonly chip: Chip;
  /** With package and revision: `ESP32-D0WD-V3 (revision 3)`. */
  readonly description: string;
  /** Times 100 (`301` is v3.1); undefined where the chip does not tell. */
  readonly revision: number | undefined;
  readonly features: readonly string[];
  readonly crystalMHz: number | undefined;
  /** `aa:bb:cc:dd:ee:ff`; undefined in Secure Download Mode. */
  readonly mac: string | undefined;
  readonly flashBytes: number | undefined;
  /** JEDEC id, for example `0x1640c8`. */
  readonly flashId: number | undefined;
  readonly security: ChipSecurity;
}

export const NO_SECURITY: ChipSecurity = {
  source: 'none',
  secureBoot: false,
  flashEncryption: false,
  secureDownload: false,
  jtagDisabled: false,
};

/** Reads `(revision v1.3)` and the ESP32's `(revision 3)`. */
export function revisionOf(description: string): number | undefined {
  const match = /\(revision v?(\d+)(?:\.(\d+))?\)/.exec(description);
  return match ? Number(match[1]) * 100 + Number(match[2] ?? 0) : undefined;
}

/** Block 0 of the ESP32's eFuses, words 0 and 6: FLASH_CRYPT_CNT, ABS_DONE_0, ABS_DONE_1, JTAG_DISABLE. */
export function esp32Security(word0: number, word6: number, revision: number | undefined): ChipSecurity {
  const count = (word0 >>> 20) & 0x7f;
  return {
    source: 'efuse',
    flashEncryption: oddBits(count),
    secureBoot: (word6 & (1 << 4)) !== 0 || ((revision ?? 0) >= 300 && (word6 & (1 << 5)) !== 0),
    secureDownload: false,
    jtagDisabled: (word6 & (1 << 6)) !== 0,
  };
}

/** Each step burns one more bit; an odd number of them means on. */
export function oddBits(value: number): boolean {
  let odd = false;
  for (let rest = value; rest !== 0; rest >>>= 1) odd = (rest & 1) === 1 ? !odd : odd;
  return odd;
}

/** Label and value, in the order to show. */
export function chipRows(info: ChipInfo): [string, string][] {
  const { security } = info;
  const rows: [string, string | undefined][] = [
    ['Chip', info.description],
    ['Features', info.features.join(', ') || undefined],
    ['Crystal', info.crystalMHz === undefined ? undefined : `${info.crystalMHz} MHz`],
    ['MAC', info.mac],
    ['Flash', info.flashBytes === undefined ? undefined : `${info.flashBytes / 1024 / 1024} MB`],
    ['Secure boot', security.source === 'none' ? undefined : onOff(security.secureBoot)],
    ['Flash encryption', security.source === 'none' ? undefined : onOff(security.flashEncryption)],
    ['Secure download', security.source === 'rom' ? onOff(security.secureDownload) : undefined],
    ['JTAG', security.source === 'none' ? undefined : security.jtagDisabled ? 'disabled' : 'enabled'],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, value]]));
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off';
}
