// Topics as numbers: each topic, and each level above it, is a row of one table, found by the bytes of its path. No object
// for a topic and no string for a message: with 100,000 topics those are what receiving would otherwise spend its time on.
//
// A row is one cache line of the column `ints`, so that a message touches as little memory as it can. Row 0 is the root.

export const ROOT = 0;
export const NO_ROW = -1;

/** Fields of a row in `ints`; the store's are in the same line. `RECEIVED` and `BELOW` are places in `counts` instead. */
export const FIRST_SLOT = 4;
export const LAST_SLOT = 5;
export const KEPT = 6;
export const KEPT_BYTES = 7;
export const RETAINED = 12;
export const PARENT = 3;
/** In `counts`, whose rows are half as wide: messages of the topic itself, and with all topics under it. */
export const RECEIVED = 4;
export const BELOW = 5;
export const INTS = 16;
export const COUNTS = INTS / 2;

const HASH = 0;
const PATH = 1;
const LENGTH = 2;

/** What a row costs beside its path: its line, its place in the tree, and two places in the index. */
export const ROW_BYTES = INTS * 4 + 5 * 4 + 8;

const SLASH = 0x2f;
const DOLLAR = 0x24;

export class TopicTable {
  /** Rows in use, with the root. */
  size = 1;
  ints = new Int32Array(INTS * 64);
  counts = new Float64Array(this.ints.buffer);
  /** Bytes of all rows and their paths. */
  bytes = 0;
  private firstChild = new Int32Array(64).fill(NO_ROW);
  private nextSibling = new Int32Array(64).fill(NO_ROW);
  private children = new Int32Array(64);
  private levels = new Int32Array(64);
  private topics = new Int32Array(64);
  private paths = new Uint8Array(4_096);
  private pathsUsed = 0;
  /** Open addressing: row numbers, or 0 for an empty place, as the root is never looked up. */
  private index = new Int32Array(256);
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** `seed`: of the hash; a random one keeps a stranger from choosing topics that all hash alike. */
  constructor(private readonly seed = 0x811c9dc5) {
    this.ints[PARENT] = NO_ROW;
  }

  /** The row of the topic in `bytes` from `start` to `end`, or NO_ROW. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let state = this.seed;
    for (let i = start; i < end; i++) state = Math.imul(state ^ (bytes[i] as number), 0x01000193);
    return this.probe(spread(state), bytes, start, end);
  }

  /** The row of a topic, which is added with the levels above it where they are missing. */
  add(bytes: Uint8Array, start: number, end: number): number {
    let parent = ROOT;
    let copied = NO_ROW; // where this topic's path begins in `paths`, once a row needs it
    let state = this.seed;
    for (let at = start; at <= end; at++) {
      if (at === end || bytes[at] === SLASH) {
        const hash = spread(state);
        let row = this.probe(hash, bytes, start, at);
        if (row === NO_ROW) {
          if (copied === NO_ROW) copied = this.copyPath(bytes, start, end);
          row = this.newRow(hash, copied, at - start, parent);
        }
        parent = row;
      }
      if (at < end) state = Math.imul(state ^ (bytes[at] as number), 0x01000193);
    }
    return parent;
  }

  childCount(row: number): number {
    return this.children[row] ?? 0;
  }

  /** The children of `row` that came after the first `known`, newest first. */
  newChildren(row: number, known: number): Int32Array {
    const found = new Int32Array(Math.max(0, this.childCount(row) - known));
    let child = this.firstChild[row] ?? NO_ROW;
    for (let i = 0; i < found.length; i++) {
      found[i] = child;
      child = this.nextSibling[child] ?? NO_ROW;
    }
    return found;
  }

  parent(row: number): number {
    return this.ints[row * INTS + PARENT] ?? NO_ROW;
  }

  /** From 1; 0 for the root. */
  depth(row: number): number {
    return this.levels[row] ?? 0;
  }

  /** Topics under `row` that had a message. */
  topicsBelow(row: number): number {
    return this.topics[row] ?? 0;
  }

  countTopic(row: number): void {
    for (let at = this.parent(row); at !== NO_ROW; at = this.parent(at)) this.topics[at] = this.topicsBelow(at) + 1;
  }

  /** The full topic. What is not UTF-8 in it shows as replacement characters. */
  path(row: number): string {
    return this.text(row, 0);
  }

  /** The last level; may be empty. */
  name(row: number): string {
    return this.text(row, this.nameStart(row));
  }

  /** Order among siblings: by bytes, the broker's own topics ($SYS) last. */
  compare(a: number, b: number): number {
    const start = this.nameStart(a);
    const [atA, atB] = [this.pathStart(a), this.pathStart(b)];
    const [endA, endB] = [this.pathLength(a), this.pathLength(b)];
    const own = Number(this.paths[atA + start] === DOLLAR && start < endA);
    const other = Number(this.paths[atB + start] === DOLLAR && start < endB);
    if (own !== other) return own - other;
    for (let i = start; i < endA && i < endB; i++) {
      const difference = (this.paths[atA + i] as number) - (this.paths[atB + i] as number);
      if (difference !== 0) return difference;
    }
    return endA - endB;
  }

  private text(row: number, from: number): string {
    const start = this.pathStart(row);
    return this.decoder.decode(this.paths.subarray(start + from, start + this.pathLength(row)));
  }

  private nameStart(row: number): number {
    const parent = this.parent(row);
    return parent <= ROOT ? 0 : this.pathLength(parent) + 1;
  }

  private pathStart(row: number): number {
    return this.ints[row * INTS + PATH] ?? 0;
  }

  private pathLength(row: number): number {
    return this.ints[row * INTS + LENGTH] ?? 0;
  }

  private probe(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const { index, ints, paths } = this;
    const mask = index.length - 1;
    const length = end - start;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const row = index[place] as number;
      if (row === 0) return NO_ROW;
      const line = row * INTS;
      if (ints[line + HASH] !== hash || ints[line + LENGTH] !== length) continue;
      const path = ints[line + PATH] as number;
      let i = 0;
      while (i < length && paths[path + i] === bytes[start + i]) i++;
      if (i === length) return row;
    }
  }

  private newRow(hash: number, path: number, length: number, parent: number): number {
    const row = this.size;
    if (row * INTS === this.ints.length) this.grow();
    this.size++;
    this.bytes += ROW_BYTES;
    const line = row * INTS;
    this.ints[line + HASH] = hash;
    this.ints[line + PATH] = path;
    this.ints[line + LENGTH] = length;
    this.ints[line + PARENT] = parent;
    this.ints[line + FIRST_SLOT] = -1;
    this.ints[line + LAST_SLOT] = -1;
    this.nextSibling[row] = this.firstChild[parent] ?? NO_ROW;
    this.firstChild[parent] = row;
    this.children[parent] = this.childCount(parent) + 1;
    this.levels[row] = this.depth(parent) + 1;
    if (this.size * 2 > this.index.length) this.rehash();
    else this.enter(row, hash);
    return row;
  }

  private enter(row: number, hash: number): void {
    const mask = this.index.length - 1;
    let place = hash & mask;
    while (this.index[place] !== 0) place = (place + 1) & mask;
    this.index[place] = row;
  }

  private rehash(): void {
    this.index = new Int32Array(this.index.length * 4);
    for (let row = 1; row < this.size; row++) this.enter(row, this.ints[row * INTS + HASH] as number);
  }

  private copyPath(bytes: Uint8Array, start: number, end: number): number {
    const at = this.pathsUsed;
    const length = end - start;
    if (at + length > this.paths.length) {
      const larger = new Uint8Array(Math.max(this.paths.length * 2, at + length));
      larger.set(this.paths);
      this.paths = larger;
    }
    this.paths.set(bytes.subarray(start, end), at);
    this.pathsUsed += length;
    this.bytes += length;
    return at;
  }

  private grow(): void {
    const capacity = (this.ints.length / INTS) * 2;
    const ints = new Int32Array(capacity * INTS);
    ints.set(this.ints);
    this.ints = ints;
    this.counts = new Float64Array(ints.buffer);
    this.firstChild = grown(this.firstChild, NO_ROW);
    this.nextSibling = grown(this.nextSibling, NO_ROW);
    this.children = grown(this.children, 0);
    this.levels = grown(this.levels, 0);
    this.topics = grown(this.topics, 0);
  }
}

function grown(column: Int32Array<ArrayBuffer>, empty: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(column.length * 2).fill(empty, column.length);
  larger.set(column);
  return larger;
}

/** The last step of MurmurHash3: FNV alone leaves the low bits, which choose the place, too alike. */
function spread(state: number): number {
  let hash = state ^ (state >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
