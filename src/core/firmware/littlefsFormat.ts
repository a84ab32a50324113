// One commit in a metadata block of littlefs 2: tags that are XORed with the one before them, data, and a checksum.
// https://github.com/littlefs-project/littlefs/blob/master/SPEC.md
import { crc32 } from './crc32';

export const LfsType = {
  regularFile: 0x001,
  directory: 0x002,
  superblock: 0x0ff,
  directoryStruct: 0x200,
  inlineStruct: 0x201,
  skipListStruct: 0x202,
  checksum: 0x500,
  softTail: 0x600,
  hardTail: 0x601,
} as const;

/** On-disk version 2.0: every littlefs 2 mounts it; newer ones raise it when they write. */
export const LFS_DISK_VERSION = 0x00020000;
/** The id of what belongs to the whole block, not to an entry. */
export const LFS_NO_ID = 0x3ff;
/** Commits end on a multiple of this: all usual program sizes divide it. */
const COMMIT_ALIGNMENT = 256;

/** Collects the tags of a block's only commit. */
export class MetadataBlock {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 4;
  #previous = 0xffffffff;

  constructor(blockSize: number) {
    this.#bytes = new Uint8Array(blockSize).fill(0xff);
    this.#view = new DataView(this.#bytes.buffer);
    this.#view.setUint32(0, 1, true); // revision
  }

  add(type: number, id: number, data: Uint8Array): void {
    this.#tag(type, id, data.length);
    this.#bytes.set(data, this.#at);
    this.#at += data.length;
  }

  /** Seals the commit and returns the block. */
  finish(): Uint8Array {
    const blockSize = this.#bytes.length;
    const end = Math.min(blockSize, Math.ceil((this.#at + 8) / COMMIT_ALIGNMENT) * COMMIT_ALIGNMENT);
    this.#tag(LfsType.checksum, LFS_NO_ID, end - (this.#at + 4));
    this.#view.setUint32(this.#at, littlefsCrc(this.#bytes.subarray(0, this.#at)), true);
    return this.#bytes;
  }

  /** A valid bit (0), 11 bits of type, 10 of id, 10 of length; big-endian. */
  #tag(type: number, id: number, length: number): void {
    const tag = (type << 20) | (id << 10) | length;
    this.#view.setUint32(this.#at, (tag ^ this.#previous) >>> 0);
    this.#previous = tag;
    this.#at += 4;
  }
}

/** Room that a tag takes in a commit. */
export function tagSize(dataLength: number): number {
  return 4 + dataLength;
}

/** Room for revision, tail and checksum, with the checksum's padding. */
export const METADATA_OVERHEAD = 4 + tagSize(8) + 8 + COMMIT_ALIGNMENT;

/** CRC-32 without the closing inversion. */
export function littlefsCrc(bytes: Uint8Array): number {
  return ~crc32(bytes) >>> 0;
}

/** Little-endian words. */
export function lfsWords(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  return bytes;
}
