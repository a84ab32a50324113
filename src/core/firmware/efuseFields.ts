// Where the eFuses of each chip say its revision and what was burnt for security: register addresses and bits.
// Source: the tables of Espressif's espefuse (espefuse/efuse_defs/*.yaml, mem_definition.py).

/** `register` is an address for READ_REG; the field is `width` bits from `bit` on. */
export interface EfuseField {
  readonly register: number;
  readonly bit: number;
  readonly width: number;
}

export interface EfuseFields {
  readonly revisionMajor: readonly EfuseField[];
  readonly revisionMinor: readonly EfuseField[];
  /** SPI_BOOT_CRYPT_CNT, FLASH_CRYPT_CNT on the ESP32. */
  readonly cryptCount: EfuseField;
  /** SECURE_BOOT_EN; ABS_DONE_0 on the ESP32. */
  readonly secureBoot: EfuseField;
  /** ABS_DONE_1 of the ESP32: Secure Boot V2. */
  readonly secureBootV2?: EfuseField;
  readonly jtagHard: EfuseField;
  readonly jtagSoft?: EfuseField;
  /** DIS_DOWNLOAD_MODE; UART_DOWNLOAD_DIS on the ESP32. */
  readonly downloadDisabled: EfuseField;
  /** ENABLE_SECURITY_DOWNLOAD. */
  readonly secureDownload?: EfuseField;
  /** DIS_DOWNLOAD_MANUAL_ENCRYPT; DISABLE_DL_ENCRYPT on the ESP32: the loader can no longer write encrypted. */
  readonly manualEncryptDisabled: EfuseField;
  /** SECURE_BOOT_KEY_REVOKE0 to 2, one bit each. */
  readonly revokedKeys?: EfuseField;
  /** KEY_PURPOSE_0 to 5. */
  readonly keyPurposes: readonly EfuseField[];
}

type Bits = readonly [word: number, bit: number, width: number];

/** Block 0 from its first word on (WR_DIS). */
const block0 = (base: number) => at(base + 0x2c);

function at(start: number): (bits: Bits) => EfuseField {
  return ([word, bit, width]) => ({ register: start + word * 4, bit, width });
}

interface Later {
  readonly base: number;
  /** Words of the block with MAC and revision. */
  readonly major: readonly Bits[];
  /** From the highest bits down. */
  readonly minor: readonly Bits[];
  readonly about?: number;
  readonly fields?: Partial<Record<'crypt' | 'secureBoot' | 'hard' | 'manual' | 'download' | 'secureDownload', Bits>>;
  readonly soft?: Bits | undefined;
  readonly revoked?: Bits | undefined;
  readonly purposes?: readonly Bits[];
}

const usualPurposes: readonly Bits[] = [
  [2, 24, 4],
  [2, 28, 4],
  [3, 0, 4],
  [3, 4, 4],
  [3, 8, 4],
  [3, 12, 4],
];

/** The scheme of every chip after the ESP32, with what differs. */
function later(chip: Later): EfuseFields {
  const { crypt, secureBoot, hard, manual, download, secureDownload } = chip.fields ?? {};
  const field = block0(chip.base);
  const about = at(chip.base + (chip.about ?? 0x44));
  const soft: Bits | undefined = 'soft' in chip ? chip.soft : [1, 16, 3];
  const revoked: Bits | undefined = 'revoked' in chip ? chip.revoked : [2, 21, 3];
  return {
    revisionMajor: chip.major.map(about),
    revisionMinor: chip.minor.map(about),
    cryptCount: field(crypt ?? [2, 18, 3]),
    secureBoot: field(secureBoot ?? [3, 20, 1]),
    jtagHard: field(hard ?? [1, 19, 1]),
    downloadDisabled: field(download ?? [4, 0, 1]),
    secureDownload: field(secureDownload ?? [4, 5, 1]),
    manualEncryptDisabled: field(manual ?? [1, 20, 1]),
    keyPurposes: (chip.purposes ?? usualPurposes).map(field),
    ...(soft && { jtagSoft: field(soft) }),
    ...(revoked && { revokedKeys: field(revoked) }),
  };
}

const esp32 = at(0x3ff5a000);
const afterC5: Pick<Later, 'base' | 'major' | 'minor'> = { base: 0x600b4800, major: [[2, 4, 2]], minor: [[2, 0, 4]] };

/** By target name (`esp32c3`). The ESP8266 has none of this. */
export const efuseFields: Readonly<Record<string, EfuseFields>> = {
  esp32: {
    revisionMajor: [], // scattered over three registers, with gaps: the loader library knows
    revisionMinor: [esp32([5, 24, 2])],
    cryptCount: esp32([0, 20, 7]),
    secureBoot: esp32([6, 4, 1]),
    secureBootV2: esp32([6, 5, 1]),
    jtagHard: esp32([6, 6, 1]),
    downloadDisabled: esp32([0, 27, 1]),
    manualEncryptDisabled: esp32([6, 7, 1]),
    keyPurposes: [],
  },
  esp32s2: later({
    base: 0x3f41a000,
    major: [[3, 18, 2]],
    minor: [
      [3, 20, 1],
      [4, 4, 3],
    ],
    fields: { hard: [1, 18, 1], manual: [1, 19, 1] },
    soft: [1, 17, 1],
  }),
  esp32s3: later({
    base: 0x60007000,
    major: [[5, 24, 2]],
    minor: [
      [5, 23, 1],
      [3, 18, 3],
    ],
  }),
  esp32c2: later({
    base: 0x60008800,
    about: 0x40,
    major: [[1, 20, 2]],
    minor: [[1, 16, 4]],
    fields: {
      crypt: [1, 7, 3],
      secureBoot: [1, 21, 1],
      hard: [1, 4, 1],
      manual: [1, 6, 1],
      download: [1, 14, 1],
      secureDownload: [1, 16, 1],
    },
    soft: undefined,
    revoked: undefined,
    purposes: [],
  }),
  esp32c3: later({
    base: 0x60008800,
    major: [[5, 24, 2]],
    minor: [
      [5, 23, 1],
      [3, 18, 3],
    ],
  }),
  esp32c5: later({
    ...afterC5,
    fields: { crypt: [2, 16, 3], secureBoot: [3, 25, 1] },
    revoked: [2, 19, 3],
    purposes: [
      [2, 22, 5],
      [2, 27, 5],
      [3, 0, 5],
      [3, 5, 5],
      [3, 10, 5],
      [3, 15, 5],
    ],
  }),
  esp32c6: later({ base: 0x600b0800, major: [[3, 22, 2]], minor: [[3, 18, 4]] }),
  esp32c61: later({
    ...afterC5,
    fields: {
      crypt: [1, 23, 3],
      secureBoot: [2, 26, 1],
      hard: [1, 13, 1],
      manual: [1, 14, 1],
      download: [3, 0, 1],
      secureDownload: [3, 4, 1],
    },
    soft: undefined,
    revoked: [1, 26, 3],
    purposes: [
      [2, 0, 4],
      [2, 4, 4],
      [2, 8, 4],
      [2, 12, 4],
      [2, 16, 4],
      [2, 20, 4],
    ],
  }),
  esp32h2: later({ base: 0x600b0800, major: [[3, 21, 2]], minor: [[3, 18, 3]] }),
  esp32p4: later({
    base: 0x5012d000,
    major: [
      [2, 23, 1],
      [2, 4, 2],
    ],
    minor: [[2, 0, 4]],
  }),
};

/** Every register that these fields stand in, once. */
export function efuseRegisters(fields: EfuseFields): number[] {
  const all = Object.values(fields).flat() as EfuseField[];
  return [...new Set(all.map(({ register }) => register))];
}

/** Reads one field; several are joined, the first one being the highest bits. */
export function efuseValue(
  field: EfuseField | readonly EfuseField[] | undefined,
  words: ReadonlyMap<number, number>,
): number {
  const parts: readonly EfuseField[] = field === undefined ? [] : 'register' in field ? [field] : field;
  return parts.reduce(
    (value, { register, bit, width }) => (value << width) | (((words.get(register) ?? 0) >>> bit) & (2 ** width - 1)),
    0,
  );
}
