// ESP-IDF's binary partition table: 32-byte entries from 0x8000 on.
// https://docs.espressif.com/projects/esp-idf/en/latest/esp32/api-guides/partition-tables.html

import { partitionSubtypeName, partitionTypeName } from './partitionNames';

const ENTRY = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
const ERASED = 0xffff;
const MAX_ADDRESS = 0x1_0000_0000;
/** The default; CONFIG_PARTITION_TABLE_OFFSET can move it. */
export const PARTITION_TABLE_OFFSET = 0x8000;
/** Large bootloaders move it in steps of a sector; further than this nobody does. */
export const LAST_TABLE_OFFSET = 0x20000;
/** The table and its MD5 fill at most this many bytes. */
export const PARTITION_TABLE_SIZE = 0xc00;

export interface Partition {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly size: number;
  readonly encrypted: boolean;
  readonly readOnly: boolean;
}

export const PARTITION_TYPE_APP = 0;
export const PARTITION_TYPE_DATA = 1;
export const PARTITION_SUBTYPE_NVS = 2;
export const PARTITION_SUBTYPE_NVS_KEYS = 4;

/** By its first bytes alone. */
export function startsLikePartitionTable(bytes: Uint8Array): boolean {
  return bytes[0] === 0xaa && bytes[1] === 0x50;
}

/**
 * The partitions at the start of `bytes`, or undefined where there is no table, its MD5 does not match, it is cut off, or
 * an entry cannot be one. Old tables have no MD5.
 */
export function readPartitionTable(
  bytes: Uint8Array,
  md5?: (bytes: Uint8Array) => Uint8Array,
): Partition[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const partitions: Partition[] = [];
  const length = Math.min(bytes.length, PARTITION_TABLE_SIZE);
  for (let at = 0; at + ENTRY <= length; at += ENTRY) {
    const magic = view.getUint16(at, true);
    if (magic === MD5_MAGIC) {
      const stored = bytes.subarray(at + 16, at + ENTRY);
      const sound = !md5 || md5(bytes.subarray(0, at)).every((byte, i) => byte === stored[i]);
      return sound && at > 0 ? partitions : undefined;
    }
    if (magic === ERASED && bytes[at + 2] === 0xff) return at > 0 ? partitions : undefined;
    if (magic !== ENTRY_MAGIC) return undefined; // neither an entry nor the end: the bootloader stops here
    const label = bytes.subarray(at + 12, at + 28);
    const end = label.indexOf(0);
    partitions.push({
      label: new TextDecoder().decode(end < 0 ? label : label.subarray(0, end)),
      type: bytes[at + 2] ?? 0,
      subtype: bytes[at + 3] ?? 0,
      offset: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
      encrypted: (view.getUint32(at + 28, true) & 1) !== 0,
      readOnly: (view.getUint32(at + 28, true) & 2) !== 0,
    });
    const { offset, size } = partitions.at(-1) ?? { offset: 0, size: 0 };
    if (offset + size > MAX_ADDRESS) return undefined;
  }
  return partitions.length > 0 && length % ENTRY === 0 ? partitions : undefined; // else the last entry is cut off
}

/** Type and subtype by the names of ESP-IDF's gen_esp32part.py; what has none is a number. */
export function partitionKind({ type, subtype }: Partition): { readonly type: string; readonly subtype: string } {
  return { type: partitionTypeName(type), subtype: partitionSubtypeName(type, subtype) };
}
