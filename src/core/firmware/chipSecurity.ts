// What was burnt into a chip for security, from its eFuse registers or from its ROM's own report.
import { type EfuseTable, type EfuseWords, efuseReader, type KeyPurposes, oddBits } from './efuses/efuseTable';
import { KEY_BLOCKS, keyPurpose, keyPurposeName } from './efuses/keyPurposes';

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

/** The eFuse fields that `securityFromEfuses` reads, of whatever chip. */
export const SECURITY_EFUSES: readonly string[] = [
  'FLASH_CRYPT_CNT',
  'SPI_BOOT_CRYPT_CNT',
  'ABS_DONE_0',
  'ABS_DONE_1',
  'SECURE_BOOT_EN',
  'ENABLE_SECURITY_DOWNLOAD',
  'JTAG_DISABLE',
  'HARD_DIS_JTAG',
  'DIS_PAD_JTAG',
  'SOFT_DIS_JTAG',
  'DISABLE_DL_ENCRYPT',
  'DIS_DOWNLOAD_MANUAL_ENCRYPT',
  'SECURE_BOOT_KEY_REVOKE0',
  'SECURE_BOOT_KEY_REVOKE1',
  'SECURE_BOOT_KEY_REVOKE2',
  ...KEY_BLOCKS.flatMap((key) => [`KEY_PURPOSE_${key}`, `KEY_PURPOSE_${key}_H`]),
];

/** `revision` times 100: the ESP32 has Secure Boot V2 from v3.0 on. */
export function securityFromEfuses(table: EfuseTable, words: EfuseWords, revision: number | undefined): ChipSecurity {
  const read = efuseReader(table, words);
  const first = (...names: string[]) => names.map(read).find((value) => value !== undefined) ?? 0;
  const cryptCount = first('SPI_BOOT_CRYPT_CNT', 'FLASH_CRYPT_CNT');
  const secureBootV1 = first('ABS_DONE_0') !== 0;
  const secureBootV2 = first('SECURE_BOOT_EN') !== 0 || (first('ABS_DONE_1') !== 0 && (revision ?? 0) >= 300);
  const version = secureBootV1 ? 1 : secureBootV2 ? 2 : undefined;
  const jtagHard = first('DIS_PAD_JTAG', 'HARD_DIS_JTAG', 'JTAG_DISABLE') !== 0;
  return {
    source: 'efuse',
    secureBoot: version !== undefined,
    ...(version && { secureBootVersion: version }),
    flashEncryption: oddBits(cryptCount),
    cryptCount,
    secureDownload: first('ENABLE_SECURITY_DOWNLOAD') !== 0,
    jtag: jtag(jtagHard, oddBits(first('SOFT_DIS_JTAG'))),
    manualEncrypt: first('DIS_DOWNLOAD_MANUAL_ENCRYPT', 'DISABLE_DL_ENCRYPT') === 0,
    revokedKeys: [0, 1, 2].filter((key) => first(`SECURE_BOOT_KEY_REVOKE${key}`) !== 0),
    keys: keyList(
      table.purposes,
      KEY_BLOCKS.map((block) => keyPurpose(read, block) ?? 0),
    ),
  };
}

/** For Secure Download Mode, where the ROM's report is all there is. */
export function securityFromReport(
  { flags, cryptCount, keyPurposes }: SecurityReport,
  purposes: KeyPurposes,
): ChipSecurity {
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
    keys: keyList(purposes, keyPurposes.slice(0, 6)),
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

function jtag(hard: boolean, soft: boolean): ChipSecurity['jtag'] {
  if (hard) return 'off';
  return soft ? 'soft' : 'open';
}

function keyList(purposes: KeyPurposes, values: readonly number[]): ChipSecurity['keys'] {
  return values.flatMap((value, block) => (value === 0 ? [] : [{ block, purpose: keyPurposeName(purposes, value) }]));
}
