// What is burnt into a chip's eFuses: its MAC and revision, and the security features that a factory switches on.
// Bit positions: the tables of espefuse (espefuse/efuse_defs/*.yaml), word by word as READ_REG sees them.

/** Burnt once, for ever. Nothing is burnt on a board from a shop. */
export interface BurntFuses {
  readonly secureBoot?: boolean;
  readonly flashEncryption?: boolean;
  /** Secure Download Mode: the ROM takes writes only, no registers, no stub. */
  readonly secureDownload?: boolean;
  readonly jtagDisabled?: boolean;
  /** Purpose numbers of BLOCK_KEY0 and following. */
  readonly keyPurposes?: readonly number[];
  /** Numbers (0 to 2) of revoked Secure Boot digests. */
  readonly revokedKeys?: readonly number[];
  /** Any others: bits burnt besides those above, by the register that reads them. */
  readonly others?: ReadonlyMap<number, number>;
}

/** A field of eFuse block 0: word (0 is WR_DIS), lowest bit, width. */
export type Field = readonly [word: number, bit: number, width: number];

export interface FuseLayout {
  readonly cryptCount: Field;
  readonly secureBoot: Field;
  readonly secureDownload: Field;
  readonly jtag: Field;
  readonly revoke: Field;
  readonly keyPurposes: readonly Field[];
}

/** ESP32-S3, C3, C6, H2 and P4 agree; others say where they differ. */
export const usualLayout: FuseLayout = {
  cryptCount: [2, 18, 3],
  revoke: [2, 21, 3],
  keyPurposes: [
    [2, 24, 4],
    [2, 28, 4],
    [3, 0, 4],
    [3, 4, 4],
    [3, 8, 4],
    [3, 12, 4],
  ],
  secureBoot: [3, 20, 1],
  secureDownload: [4, 5, 1],
  jtag: [1, 19, 1],
};

/** Words 0 to 5 of block 0. */
export function block0(layout: FuseLayout, burnt: BurntFuses): number[] {
  const words = [0, 0, 0, 0, 0, 0];
  const burn = ([word, bit, width]: Field, value: number) => {
    words[word] = ((words[word] ?? 0) | ((value & (2 ** width - 1)) << bit)) >>> 0;
  };
  burn(layout.cryptCount, burnt.flashEncryption ? 1 : 0);
  burn(layout.secureBoot, burnt.secureBoot ? 1 : 0);
  burn(layout.secureDownload, burnt.secureDownload ? 1 : 0);
  burn(layout.jtag, burnt.jtagDisabled ? 1 : 0);
  burn(
    layout.revoke,
    (burnt.revokedKeys ?? []).reduce((bits, key) => bits | (1 << key), 0),
  );
  layout.keyPurposes.forEach((field, key) => {
    burn(field, burnt.keyPurposes?.[key] ?? 0);
  });
  return words;
}

/** The answer to GET_SECURITY_INFO; the ESP32-S2 ends it before the chip id. */
export function securityInfo(burnt: BurntFuses, imageId: number, bytes: 12 | 20): Uint8Array {
  const info = new Uint8Array(20);
  const view = new DataView(info.buffer);
  let flags = 0;
  if (burnt.secureBoot) flags |= 1 << 0;
  if (burnt.secureDownload) flags |= 1 << 2;
  for (const key of burnt.revokedKeys ?? []) flags |= 1 << (3 + key);
  if (burnt.jtagDisabled) flags |= 1 << 7;
  view.setUint32(0, flags, true);
  info[4] = burnt.flashEncryption ? 1 : 0;
  info.set((burnt.keyPurposes ?? []).slice(0, 7), 5);
  view.setUint32(12, imageId, true);
  return info.subarray(0, bytes);
}
