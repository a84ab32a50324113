// The layout of an NVS partition: pages of 126 entries of 32 bytes, their states, types and checksums.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-reference/storage/nvs_flash.html#internals
import { crc32 } from './crc32';

export const NVS_PAGE_SIZE = 4096;
export const NVS_ENTRY_SIZE = 32;
export const NVS_ENTRIES_PER_PAGE = 126;
export const NVS_BITMAP_OFFSET = 32;
export const NVS_FIRST_ENTRY = 64;
export const NVS_MAX_KEY = 15;
/** A string with its closing NUL has to fit one page. */
export const NVS_MAX_STRING = 4000;
export const NVS_CHUNK_ANY = 0xff;
/** Where a blob's chunks are numbered from in every second version of it, so that old and new can stand side by side. */
export const NVS_BLOB_VERSION_1 = 0x80;
/** Format version 2: blobs may span pages. */
export const NVS_VERSION_2 = 0xfe;

/** Each step of a page's life clears one more bit. */
export const NvsPageState = { empty: 0xffffffff, active: 0xfffffffe, full: 0xfffffffc, freeing: 0xfffffff8 } as const;

export const nvsIntegers = {
  u8: { code: 0x01, bytes: 1, signed: false },
  i8: { code: 0x11, bytes: 1, signed: true },
  u16: { code: 0x02, bytes: 2, signed: false },
  i16: { code: 0x12, bytes: 2, signed: true },
  u32: { code: 0x04, bytes: 4, signed: false },
  i32: { code: 0x14, bytes: 4, signed: true },
  u64: { code: 0x08, bytes: 8, signed: false },
  i64: { code: 0x18, bytes: 8, signed: true },
} as const;
export type NvsIntegerType = keyof typeof nvsIntegers;

export const NvsType = { string: 0x21, oldBlob: 0x41, blobData: 0x42, blobIndex: 0x48 } as const;

/** A value of the types that the NVS API has. */
export type NvsValue =
  | { readonly kind: 'integer'; readonly type: NvsIntegerType; readonly value: bigint }
  /** UTF-8 without the closing NUL. */
  | { readonly kind: 'string'; readonly bytes: Uint8Array }
  | { readonly kind: 'blob'; readonly bytes: Uint8Array };

/** One line of a description of an NVS image, in order: entries belong to the namespace before them. */
export type NvsRow =
  | { readonly kind: 'namespace'; readonly key: string }
  | { readonly kind: 'entry'; readonly key: string; readonly value: NvsValue };

/**
 * AES-XTS over one 32-byte entry. `address` is the entry's offset from the start of the partition; it is the tweak,
 * little-endian in 16 bytes.
 */
export interface NvsCipher {
  encrypt(entry: Uint8Array, address: number): Uint8Array;
  decrypt(entry: Uint8Array, address: number): Uint8Array;
}

/** The checksum of an entry: all of it but the checksum itself. */
export function nvsEntryCrc(entry: Uint8Array): number {
  return crc32(entry.subarray(8, 32), crc32(entry.subarray(0, 4), 0xffffffff));
}

export function nvsDataCrc(data: Uint8Array): number {
  return crc32(data, 0xffffffff);
}

/** The checksum of a page's header: sequence number, version and what is unused. */
export function nvsHeaderCrc(page: Uint8Array): number {
  return crc32(page.subarray(4, 28), 0xffffffff);
}

export function nvsIntegerRange(type: NvsIntegerType): { readonly min: bigint; readonly max: bigint } {
  const { bytes, signed } = nvsIntegers[type];
  const bits = BigInt(bytes * 8);
  return signed ? { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n } : { min: 0n, max: (1n << bits) - 1n };
}
