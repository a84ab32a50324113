// The kept messages in columns of numbers: at 100,000 messages a second, an object for each would keep the collector busy
// for longer than receiving them takes. A slot is a message's place; slots of dropped messages are used again.
import { PayloadArena } from './payloadArena';

export type TextProperties = readonly (readonly [name: string, value: string])[];

export interface MessageMeta {
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly duplicate: boolean;
  /** MQTT 5 properties as text. */
  readonly properties?: TextProperties | undefined;
}

/** A message as it is read from the log. */
export interface StoredMessage extends MessageMeta {
  /** Counts from 1 in order of arrival, over all topics. */
  readonly id: number;
  readonly timeMs: number;
  /** Whole unless shorter than `totalBytes`. A view: do not change it. */
  readonly payload: Uint8Array;
  readonly totalBytes: number;
}

/** What a slot costs beside its payload: the columns below. */
export const SLOT_BYTES = 64;
export const NONE = -1;

const RETAIN = 4;
const DUPLICATE = 8;

export class MessageLog {
  oldest = NONE;
  newest = NONE;
  private readonly arena: PayloadArena;
  /** The row of the message's topic. */
  private owners = new Int32Array(0);
  private blocks = new Int32Array(0);
  private nextInTopic = new Int32Array(0);
  private newer = new Int32Array(0);
  private older = new Int32Array(0);
  private offsets = new Int32Array(0);
  private lengths = new Int32Array(0);
  private totals = new Int32Array(0);
  private ids = new Float64Array(0);
  private times = new Float64Array(0);
  private flags = new Uint8Array(0);
  private readonly properties = new Map<number, TextProperties>();
  /** Free slots are chained by `newer`. */
  private free = NONE;
  private count = 0;
  private propertyBytes = 0;

  constructor(blockSize: number) {
    this.arena = new PayloadArena(blockSize);
  }

  get bytes(): number {
    return this.arena.bytes + this.count * SLOT_BYTES + this.propertyBytes;
  }

  /** Copies `source` from `start` to `end`, of a payload of `total` bytes, and returns the slot. */
  append(
    owner: number,
    id: number,
    timeMs: number,
    source: Uint8Array,
    start: number,
    end: number,
    total: number,
    meta: MessageMeta,
  ): number {
    if (this.free === NONE) this.grow();
    const slot = this.free;
    this.free = this.newer[slot] as number;
    this.owners[slot] = owner;
    this.blocks[slot] = this.arena.add(source, start, end);
    this.offsets[slot] = this.arena.offset;
    this.lengths[slot] = end - start;
    this.totals[slot] = total;
    this.ids[slot] = id;
    this.times[slot] = timeMs;
    this.flags[slot] = meta.qos | (meta.retain ? RETAIN : 0) | (meta.duplicate ? DUPLICATE : 0);
    if (meta.properties) this.keepProperties(slot, meta.properties);
    this.nextInTopic[slot] = NONE;
    this.newer[slot] = NONE;
    this.older[slot] = this.newest;
    if (this.newest === NONE) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
    this.count++;
    return slot;
  }

  remove(slot: number): void {
    const newer = this.newer[slot] ?? NONE;
    const older = this.older[slot] ?? NONE;
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
    this.arena.release(this.blocks[slot] ?? NONE);
    const properties = this.properties.size > 0 ? this.properties.get(slot) : undefined;
    if (properties) {
      this.propertyBytes -= costOf(properties);
      this.properties.delete(slot);
    }
    this.newer[slot] = this.free;
    this.free = slot;
    this.count--;
  }

  /** Makes `slot` the one after `before` in their topic. */
  link(before: number, slot: number): void {
    this.nextInTopic[before] = slot;
  }

  /** The next newer message of the same topic, or NONE. */
  next(slot: number): number {
    return this.nextInTopic[slot] ?? NONE;
  }

  ownerOf(slot: number): number {
    return this.owners[slot] ?? NONE;
  }

  keptBytesOf(slot: number): number {
    return (this.lengths[slot] ?? 0) + SLOT_BYTES;
  }

  idOf(slot: number): number {
    return this.ids[slot] ?? 0;
  }

  read(slot: number): StoredMessage {
    const flags = this.flags[slot] ?? 0;
    const properties = this.properties.get(slot);
    return {
      id: this.idOf(slot),
      timeMs: this.times[slot] ?? 0,
      payload: this.arena.read(this.blocks[slot] ?? NONE, this.offsets[slot] ?? 0, this.lengths[slot] ?? 0),
      totalBytes: this.totals[slot] ?? 0,
      qos: (flags & 3) as 0 | 1 | 2,
      retain: (flags & RETAIN) !== 0,
      duplicate: (flags & DUPLICATE) !== 0,
      ...(properties ? { properties } : {}),
    };
  }

  private keepProperties(slot: number, properties: TextProperties): void {
    this.properties.set(slot, properties);
    this.propertyBytes += costOf(properties);
  }

  private grow(): void {
    const before = this.flags.length;
    const capacity = Math.max(1_024, before * 2);
    this.owners = grown(new Int32Array(capacity), this.owners);
    this.blocks = grown(new Int32Array(capacity), this.blocks);
    this.nextInTopic = grown(new Int32Array(capacity), this.nextInTopic);
    this.newer = grown(new Int32Array(capacity), this.newer);
    this.older = grown(new Int32Array(capacity), this.older);
    this.offsets = grown(new Int32Array(capacity), this.offsets);
    this.lengths = grown(new Int32Array(capacity), this.lengths);
    this.totals = grown(new Int32Array(capacity), this.totals);
    this.ids = grown(new Float64Array(capacity), this.ids);
    this.times = grown(new Float64Array(capacity), this.times);
    this.flags = grown(new Uint8Array(capacity), this.flags);
    for (let slot = capacity - 1; slot >= before; slot--) {
      this.newer[slot] = this.free;
      this.free = slot;
    }
  }
}

/** Strings of two bytes a character at most, an array for each pair. */
function costOf(properties: TextProperties): number {
  let bytes = 64;
  for (const [name, value] of properties) bytes += 64 + 2 * (name.length + value.length);
  return bytes;
}

function grown<T extends Int32Array | Float64Array | Uint8Array>(larger: T, column: T): T {
  larger.set(column);
  return larger;
}
