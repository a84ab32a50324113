// What was burnt into a chip for security, from its eFuse registers or from its ROM's own report.
import { type EfuseFields, efuseValue } from './efuseFields';

export interface ChipSecurity {
  /** Where it was read: the eFuse registers, the ROM's report only (registers are closed), or nowhere (ESP8266). */
  readonly source: 'efuse' | 'rom' | 'none';
  readonly secureBoot: boolean;
  /** 1 checks the bootloader with a key inside the ESP32, 2 by a signature. Undefined while it is off. */
  readonly secureBootVersion?: 1 | 2;
  readonly flashEncryption: boolean;
  /** SPI_BOOT_CRYPT_CNT (FLASH_CRYPT_CNT on the ESP32): an odd number of burnt bits is on. */
  readonly cryptCount: number;
  /** Secure Download Mode: only writing is possible, no reading and no stub. */
  readonly secureDownload: boolean;
  /** `soft`: a program with the right HMAC key can open it again. */
  readonly jtag: 'open' | 'soft' | 'off';
  /** The loader can write encrypted images itself; undefined where registers are closed. */
  readonly manualEncrypt?: boolean;
  /** Revoked Secure Boot digests, by number. */
  readonly revokedKeys: readonly number[];
  /** What the key blocks are for, as espefuse names it, by block; empty ones are left out. */
  readonly keys: readonly { readonly block: number; readonly purpose: string }[];
}

/** GET_SECURITY_INFO, decoded by the loader library. */
export interface SecurityReport {
  readonly flags: Readonly<Record<string, boolean>>;
  readonly cryptCount: number;
  readonly keyPurposes: readonly number[];
}

export const NO_SECURITY: ChipSecurity = {
  source: 'none',
  secureBoot: false,
  flashEncryption: false,
  cryptCount: 0,
  secureDownload: false,
  jtag: 'open',
  revokedKeys: [],
  keys: [],
};

/** KEY_PURPOSE values; 1 is ECDSA_KEY on chips that have that block. */
const PURPOSES: Readonly<Record<number, string>> = {
  1: 'ECDSA_KEY',
  2: 'XTS_AES_256_KEY_1',
  3: 'XTS_AES_256_KEY_2',
  4: 'XTS_AES_128_KEY',
  5: 'HMAC_DOWN_ALL',
  6: 'HMAC_DOWN_JTAG',
  7: 'HMAC_DOWN_DIGITAL_SIGNATURE',
  8: 'HMAC_UP',
  9: 'SECURE_BOOT_DIGEST0',
  10: 'SECURE_BOOT_DIGEST1',
  11: 'SECURE_BOOT_DIGEST2',
  12: 'KM_INIT_KEY',
  15: 'XTS_AES_128_PSRAM_KEY',
  16: 'ECDSA_KEY_P192',
  17: 'ECDSA_KEY_P384_L',
  18: 'ECDSA_KEY_P384_H',
};

/** `revision` times 100: the ESP32 has Secure Boot V2 from v3.0 on. */
export function securityFromEfuses(
  fields: EfuseFields,
  words: ReadonlyMap<number, number>,
  revision: number | undefined,
): ChipSecurity {
  const read = (field: EfuseFields[keyof EfuseFields]) => efuseValue(field, words);
  const cryptCount = read(fields.cryptCount);
  const first = read(fields.secureBoot) !== 0;
  const second = fields.secureBootV2 !== undefined && (revision ?? 0) >= 300 && read(fields.secureBootV2) !== 0;
  const version = first ? (fields.secureBootV2 ? 1 : 2) : second ? 2 : undefined;
  return {
    source: 'efuse',
    secureBoot: first || second,
    ...(version && { secureBootVersion: version }),
    flashEncryption: oddBits(cryptCount),
    cryptCount,
    secureDownload: read(fields.secureDownload) !== 0,
    jtag: jtag(read(fields.jtagHard) !== 0, oddBits(read(fields.jtagSoft))),
    manualEncrypt: read(fields.manualEncryptDisabled) === 0,
    revokedKeys: [0, 1, 2].filter((key) => (read(fields.revokedKeys) >> key) & 1),
    keys: keyList(fields.keyPurposes.map(read)),
  };
}

/** For Secure Download Mode, where the ROM's report is all there is. */
export function securityFromReport({ flags, cryptCount, keyPurposes }: SecurityReport): ChipSecurity {
  const on = (name: string) => flags[name] ?? false;
  const secureBoot = on('SECURE_BOOT_EN');
  return {
    source: 'rom',
    secureBoot,
    ...(secureBoot && { secureBootVersion: 2 }),
    flashEncryption: oddBits(cryptCount),
    cryptCount,
    secureDownload: on('SECURE_DOWNLOAD_ENABLE'),
    jtag: jtag(on('HARD_DIS_JTAG'), on('SOFT_DIS_JTAG')),
    revokedKeys: [0, 1, 2].filter((key) => on(`SECURE_BOOT_KEY_REVOKE${key}`)),
    keys: keyList(keyPurposes.slice(0, 6)),
  };
}

/** Label and value, in the order to show; nothing for a chip without eFuses for it. */
export function securityRows(security: ChipSecurity): [string, string][] {
  if (security.source === 'none') return [];
  const { secureBootVersion: version, revokedKeys, keys, cryptCount, manualEncrypt } = security;
  const revoked = revokedKeys.length > 0 ? `, revoked: digest ${revokedKeys.join(', ')}` : '';
  const closed = manualEncrypt === false ? ', the loader cannot write encrypted' : '';
  return [
    ['Secure boot', `${security.secureBoot ? `on (V${version})` : 'off'}${revoked}`],
    ['Flash encryption', `${security.flashEncryption ? 'on' : 'off'} (count 0x${cryptCount.toString(16)})${closed}`],
    ['Download mode', security.secureDownload ? 'secure: writing only' : 'open'],
    ['JTAG', { open: 'open', soft: 'disabled by software', off: 'disabled for ever' }[security.jtag]],
    ['eFuse keys', keys.map(({ block, purpose }) => `KEY${block} ${purpose}`).join(', ') || 'none'],
  ];
}

/** Each step burns one more bit; an odd number of them means on. */
export function oddBits(value: number): boolean {
  let odd = false;
  for (let rest = value; rest !== 0; rest >>>= 1) odd = (rest & 1) === 1 ? !odd : odd;
  return odd;
}

function jtag(hard: boolean, soft: boolean): ChipSecurity['jtag'] {
  if (hard) return 'off';
  return soft ? 'soft' : 'open';
}

function keyList(purposes: readonly number[]): ChipSecurity['keys'] {
  return purposes.flatMap((value, block) =>
    value === 0 ? [] : [{ block, purpose: PURPOSES[value] ?? `purpose ${value}` }],
  );
}
