// Builds a LittleFS image that esp_littlefs, Arduino's LittleFS and littlefs-python mount and go on writing to.
import { UserError } from '../errors';
import { LFS_DISK_VERSION, LFS_NO_ID, LfsType, lfsWords, MetadataBlock, tagSize } from './littlefsFormat';
import {
  buildLittlefsTree,
  INLINE_LIMIT,
  type LittlefsDirectory,
  type LittlefsEntry,
  type LittlefsFile,
  splitDirectory,
} from './littlefsTree';

export interface LittlefsOptions {
  /** Bytes, a multiple of the block size: the size of the partition. */
  readonly size: number;
  /** 4096 on ESP32; Arduino's ESP8266 core uses 8192. */
  readonly blockSize?: number;
  /** CONFIG_LITTLEFS_OBJ_NAME_LEN of esp_littlefs, 64 by default; 32 on ESP8266. */
  readonly nameMax?: number;
}

const FILE_MAX = 0x7fffffff;
const ATTRIBUTE_MAX = 1022;
const SUPERBLOCK_SIZE = tagSize(8) + tagSize(24);

/** Two blocks; only the first is written, the other stays for the next commit. */
type Pair = readonly [number, number];

/** One metadata block of a directory; a directory with many entries has several. */
interface Piece {
  readonly pair: Pair;
  readonly entries: readonly LittlefsEntry[];
  readonly isRoot: boolean;
  /** The next piece belongs to the same directory. */
  continues: boolean;
}

/** An image of `size` bytes. Throws UserError where the files do not fit or a name is not possible. */
export function buildLittlefsImage(files: readonly LittlefsFile[], options: LittlefsOptions): Uint8Array {
  const { size, blockSize = 4096, nameMax = 64 } = options;
  if (size % blockSize !== 0 || size < 2 * blockSize)
    throw new UserError(
      'littlefs-size',
      `The size of a LittleFS partition is a multiple of ${blockSize} and at least ${2 * blockSize}, not ${size}.`,
    );
  const writer = new LittlefsWriter(size, blockSize, nameMax);
  writer.write(buildLittlefsTree(files, nameMax));
  return writer.image;
}

class LittlefsWriter {
  readonly image: Uint8Array;
  readonly #blockCount: number;
  #nextBlock = 0;
  readonly #pieces: Piece[] = [];
  readonly #firstPair = new Map<LittlefsDirectory, Pair>();

  constructor(
    size: number,
    private readonly blockSize: number,
    private readonly nameMax: number,
  ) {
    this.image = new Uint8Array(size).fill(0xff);
    this.#blockCount = size / blockSize;
  }

  write(root: LittlefsDirectory): void {
    this.#layOut(root, true);
    const last = this.#pieces.length - 1;
    this.#pieces.forEach((piece, index) => {
      const next = index < last ? this.#pieces[index + 1] : undefined;
      this.#put(piece.pair[0], this.#metadata(piece, next?.pair));
    });
    if (this.#nextBlock > this.#blockCount)
      throw new UserError(
        'littlefs-full',
        `The files need ${this.#nextBlock * this.blockSize} bytes of LittleFS; the partition has ${this.image.length}. ` +
          'Make it larger, or leave files out.',
      );
  }

  /** Gives every directory its blocks; the order is that of the list that links them all. */
  #layOut(directory: LittlefsDirectory, isRoot: boolean): void {
    const pieces = splitDirectory(directory, this.blockSize, isRoot ? SUPERBLOCK_SIZE : 0);
    pieces.forEach((entries, index) => {
      const pair: Pair = [this.#allocate(), this.#allocate()];
      if (index === 0) this.#firstPair.set(directory, pair);
      this.#pieces.push({ pair, entries, isRoot: isRoot && index === 0, continues: index < pieces.length - 1 });
    });
    for (const entries of pieces)
      for (const entry of entries) if (entry.kind === 'directory') this.#layOut(entry.directory, false);
  }

  #metadata(piece: Piece, next: Pair | undefined): Uint8Array {
    const block = new MetadataBlock(this.blockSize);
    let id = 0;
    if (piece.isRoot) {
      const words = [LFS_DISK_VERSION, this.blockSize, this.#blockCount, this.nameMax, FILE_MAX, ATTRIBUTE_MAX];
      block.add(LfsType.superblock, id, new TextEncoder().encode('littlefs'));
      block.add(LfsType.inlineStruct, id, lfsWords(...words));
      id++;
    }
    for (const entry of piece.entries) {
      if (entry.kind === 'directory') {
        block.add(LfsType.directory, id, entry.name);
        block.add(LfsType.directoryStruct, id, lfsWords(...(this.#firstPair.get(entry.directory) ?? [])));
      } else {
        block.add(LfsType.regularFile, id, entry.name);
        if (entry.bytes.length <= INLINE_LIMIT) block.add(LfsType.inlineStruct, id, entry.bytes);
        else block.add(LfsType.skipListStruct, id, lfsWords(this.#skipList(entry.bytes), entry.bytes.length));
      }
      id++;
    }
    if (next) block.add(piece.continues ? LfsType.hardTail : LfsType.softTail, LFS_NO_ID, lfsWords(...next));
    return block.finish();
  }

  /**
   * A file as a backwards skip-list: block n starts with pointers to the blocks n - 1, n - 2, n - 4 ... as often as 2
   * divides n. Returns its head, which is the last block.
   */
  #skipList(bytes: Uint8Array): number {
    const blocks: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const n = blocks.length;
      const pointers: number[] = [];
      for (let step = 1; n > 0; step *= 2) {
        pointers.push(blocks[n - step] ?? 0);
        if (n % (step * 2) !== 0) break;
      }
      const head = lfsWords(...pointers);
      const chunk = bytes.subarray(at, at + this.blockSize - head.length);
      const block = this.#allocate();
      this.#put(block, head);
      this.#put(block, chunk, head.length);
      blocks.push(block);
      at += chunk.length;
    }
    return blocks.at(-1) ?? 0;
  }

  #allocate(): number {
    return this.#nextBlock++;
  }

  /** Blocks beyond the end are only counted: the count makes the message. */
  #put(block: number, bytes: Uint8Array, offset = 0): void {
    if (block < this.#blockCount) this.image.set(bytes, block * this.blockSize + offset);
  }
}
