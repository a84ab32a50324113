// Reads one metadata pair of littlefs 2: its commits up to the last sound one, as entries and the link to the next pair.
// https://github.com/littlefs-project/littlefs/blob/master/SPEC.md
import { LfsType, littlefsCrc } from './littlefsFormat';

export type LfsPair = readonly [number, number];

export interface LfsEntry {
  type: number;
  name: Uint8Array;
  struct: { readonly type: number; readonly data: Uint8Array } | undefined;
}

export interface LfsMetadata {
  readonly entries: readonly LfsEntry[];
  /** `hard`: the next pair belongs to the same directory. */
  readonly tail: { readonly pair: LfsPair; readonly hard: boolean } | undefined;
  /** This pair's share of the state that spans the file system: a move that is under way. */
  readonly moveState: readonly number[];
}

const DELETED = 0x3ff;
const SPLICE_CREATE = 0x401;
const SPLICE_DELETE = 0x4ff;
const MOVE_STATE = 0x7ff;

/** The newer of the two blocks that is sound; undefined where neither is. */
export function readMetadataPair(image: Uint8Array, pair: LfsPair, blockSize: number): LfsMetadata | undefined {
  const found = pair
    .map((block) => readBlock(image.subarray(block * blockSize, (block + 1) * blockSize)))
    .filter((one) => one !== undefined);
  const [first, second] = found;
  // Revisions count around: the newer one is ahead by less than half of all.
  return second && first && ((second.revision - first.revision) | 0) > 0 ? second : first;
}

function readBlock(block: Uint8Array): (LfsMetadata & { readonly revision: number }) | undefined {
  if (block.length < 16) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  const revision = view.getUint32(0, true);
  const draft = { entries: [] as LfsEntry[], tail: undefined as LfsMetadata['tail'], moveState: [0, 0, 0] };
  let sound: (LfsMetadata & { readonly revision: number }) | undefined;
  let previous = 0xffffffff;
  let start = 0;
  for (let at = 4; at + 4 <= block.length; ) {
    const tag = (view.getUint32(at) ^ previous) >>> 0;
    const length = tag & DELETED;
    const size = length === DELETED ? 0 : length;
    if (tag >>> 31 !== 0 || at + 4 + size > block.length) break;
    const type = (tag >>> 20) & 0x7ff;
    previous = tag;
    if ((type & 0x780) === LfsType.checksum) {
      if (at + 8 > block.length || view.getUint32(at + 4, true) !== littlefsCrc(block.subarray(start, at + 4))) break;
      if (type & 1) previous = (previous ^ 0x80000000) >>> 0;
      sound = { ...draft, entries: draft.entries.map((entry) => ({ ...entry })), revision };
      start = at + 4 + size;
    } else apply(draft, type, (tag >>> 10) & 0x3ff, block.slice(at + 4, at + 4 + size), length === DELETED);
    at += 4 + size;
  }
  return sound;
}

function apply(
  draft: { entries: LfsEntry[]; tail: LfsMetadata['tail']; moveState: number[] },
  type: number,
  id: number,
  data: Uint8Array,
  deleted: boolean,
): void {
  const words = () => {
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    return Array.from({ length: data.length >> 2 }, (_, i) => view.getUint32(4 * i, true));
  };
  const blank = (): LfsEntry => ({ type: 0, name: new Uint8Array(0), struct: undefined });
  if (type === SPLICE_CREATE) draft.entries.splice(id, 0, blank());
  else if (type === SPLICE_DELETE) draft.entries.splice(id, 1);
  else if (type === MOVE_STATE) draft.moveState = [0, 1, 2].map((i) => words()[i] ?? 0);
  else if ((type & 0x700) === LfsType.softTail) {
    const [a = 0, b = 0] = words();
    draft.tail = { pair: [a, b], hard: (type & 1) === 1 };
  } else if ((type & 0x700) === 0 || (type & 0x700) === LfsType.directoryStruct) {
    while (draft.entries.length <= id && id < DELETED) draft.entries.push(blank());
    const entry = draft.entries[id];
    if (!entry) return;
    if ((type & 0x700) === 0) {
      entry.type = type;
      entry.name = data;
    } else entry.struct = deleted ? undefined : { type, data };
  }
}
