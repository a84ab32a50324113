// Reads the files of a LittleFS image, built or long used by a board.
import { UserError } from '../errors';
import { type LfsEntry, type LfsMetadata, type LfsPair, readMetadataPair } from './littlefsBlock';
import { LfsType } from './littlefsFormat';
import type { LittlefsFile } from './littlefsTree';

export interface LittlefsContent {
  readonly files: readonly LittlefsFile[];
  /** Folders without a file in them or below. */
  readonly emptyFolders: readonly string[];
  readonly blockSize: number;
  readonly nameMax: number;
}

/** Bounds what a damaged image can make us walk through. */
const MAX_DEPTH = 64;

/** Throws UserError `not-littlefs` or `littlefs-damaged`. */
export function readLittlefsImage(image: Uint8Array): LittlefsContent {
  const superblock = findSuperblock(image);
  if (!superblock)
    throw new UserError(
      'not-littlefs',
      'There is no LittleFS here: neither of the first two blocks has its mark. A SPIFFS or FAT file system is not read.',
    );
  return new LittlefsReader(image, superblock).read();
}

interface Superblock {
  readonly blockSize: number;
  readonly nameMax: number;
}

/** The block size stands in the superblock, which can only be read with it: the usual ones are tried. */
function findSuperblock(image: Uint8Array): Superblock | undefined {
  for (let blockSize = 128; blockSize <= 0x10000 && blockSize * 2 <= image.length; blockSize *= 2) {
    const found = readMetadataPair(image, [0, 1], blockSize)?.entries.find(isSuperblock);
    const data = found?.struct?.data;
    if (!data || data.length < 24) continue;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    if (view.getUint32(4, true) === blockSize) return { blockSize, nameMax: view.getUint32(12, true) };
  }
  return undefined;
}

function isSuperblock({ type, name }: LfsEntry): boolean {
  return type === LfsType.superblock && new TextDecoder().decode(name) === 'littlefs';
}

class LittlefsReader {
  readonly #files: LittlefsFile[] = [];
  readonly #emptyFolders: string[] = [];
  /** First blocks of the folders walked through: each stands in one place, or the walk would never end. */
  readonly #seen = new Set<number>();

  constructor(
    private readonly image: Uint8Array,
    private readonly superblock: Superblock,
  ) {}

  read(): LittlefsContent {
    this.#directory(this.#root(), '', 0);
    const { blockSize, nameMax } = this.superblock;
    return { files: this.#files, emptyFolders: this.#emptyFolders, blockSize, nameMax };
  }

  /** The last pair of the list of all that carries a superblock. */
  #root(): LfsPair {
    let root: LfsPair = [0, 1];
    const state = [0, 0, 0];
    for (
      let pair: LfsPair | undefined = root, left = this.image.length;
      pair && left > 0;
      left -= 2 * this.superblock.blockSize
    ) {
      const metadata: LfsMetadata = this.#pair(pair);
      if (metadata.entries.some(isSuperblock)) root = pair;
      metadata.moveState.forEach((word, i) => {
        state[i] = ((state[i] ?? 0) ^ word) >>> 0;
      });
      pair = metadata.tail?.pair;
    }
    if ((((state[0] ?? 0) >>> 20) & 0x7ff) !== 0)
      throw damaged(
        'it stopped in the middle of renaming a file. Let the board start once, which ends that, then try again.',
      );
    return root;
  }

  #directory(first: LfsPair, path: string, depth: number): void {
    if (depth > MAX_DEPTH) throw damaged('its folders lie in each other.');
    let count = 0;
    for (let pair: LfsPair | undefined = first; pair; ) {
      if (this.#seen.has(pair[0])) throw damaged('a folder goes round in a circle, or stands in two places.');
      this.#seen.add(pair[0]);
      const { entries, tail }: LfsMetadata = this.#pair(pair);
      for (const entry of entries) {
        if (entry.type === LfsType.superblock || !entry.struct) continue;
        count++;
        this.#entry(entry, `${path}${new TextDecoder().decode(entry.name)}`, depth);
      }
      pair = tail?.hard ? tail.pair : undefined;
    }
    if (count === 0 && path !== '') this.#emptyFolders.push(path.slice(0, -1));
  }

  #entry({ type, struct }: LfsEntry, path: string, depth: number): void {
    const data = struct?.data ?? new Uint8Array(0);
    if (struct?.type === LfsType.inlineStruct) {
      this.#files.push({ path, bytes: data });
      return;
    }
    if (data.length < 8) throw damaged(`"${path}" has no content.`);
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const [a, b] = [view.getUint32(0, true), view.getUint32(4, true)];
    if (type === LfsType.directory) this.#directory([a, b], `${path}/`, depth + 1);
    else this.#files.push({ path, bytes: this.#skipList(a, b, path) });
  }

  /** Block n of a file starts with pointers, the first of them to block n - 1. The head is the last block. */
  #skipList(head: number, size: number, path: string): Uint8Array {
    const { blockSize } = this.superblock;
    if (size > this.image.length) throw damaged(`"${path}" is larger than the partition.`);
    const starts: number[] = [];
    for (let n = 0, covered = 0; covered < size; n++) {
      const pointers = n === 0 ? 0 : 4 * (Math.log2(n & -n) + 1);
      starts.push(pointers);
      covered += blockSize - pointers;
    }
    const bytes = new Uint8Array(size);
    let end = size;
    let block = head;
    for (let n = starts.length - 1; n >= 0; n--) {
      const at = block * blockSize;
      if (at + blockSize > this.image.length) throw damaged(`"${path}" lies outside of the partition.`);
      const from = starts.slice(0, n).reduce((sum, start) => sum + blockSize - start, 0);
      bytes.set(this.image.subarray(at + (starts[n] ?? 0), at + (starts[n] ?? 0) + end - from), from);
      end = from;
      block = new DataView(this.image.buffer, this.image.byteOffset + at).getUint32(0, true);
    }
    return bytes;
  }

  #pair(pair: LfsPair): LfsMetadata {
    const metadata = readMetadataPair(this.image, pair, this.superblock.blockSize);
    if (!metadata) throw damaged(`neither of the blocks ${pair[0]} and ${pair[1]} is sound.`);
    return metadata;
  }
}

function damaged(what: string): UserError {
  return new UserError('littlefs-damaged', `The LittleFS cannot be read: ${what}`);
}
