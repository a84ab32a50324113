// Everything received, bounded: a tree of topics, and the newest messages of each within limits by count and bytes.
// What is not kept is counted and said (`dropped`, `totalBytes`), never lost in silence. Topics are rows of `topics`.
import { MessageLog, type MessageMeta, NONE, type StoredMessage } from './messageLog';
import type { PublishFrame } from './publishTap';
import { countInto, newRate, ratePerSecond } from './slidingRate';
import {
  BELOW,
  COUNTS,
  FIRST_SLOT,
  INTS,
  KEPT,
  KEPT_BYTES,
  LAST_SLOT,
  NO_ROW,
  PARENT,
  RECEIVED,
  RETAINED,
  ROW_BYTES,
  TopicTable,
} from './topicTable';

export interface StoreLimits {
  /** All kept messages, with an estimate of what each costs beside its payload. */
  readonly maxBytes: number;
  /** Per topic; the newest message is kept all the same. */
  readonly maxBytesPerTopic: number;
  readonly maxMessagesPerTopic: number;
  /** More of one payload is not kept. */
  readonly maxPayloadBytes: number;
  /** Messages of further topics are counted as unlisted; so they are when the tree takes half of `maxBytes`. */
  readonly maxTopics: number;
  /** See TopicTable. */
  readonly seed: number;
}

const MIB = 1_048_576;
const DEFAULT_LIMITS: StoreLimits = {
  maxBytes: 256 * MIB,
  maxBytesPerTopic: 8 * MIB,
  maxMessagesPerTopic: 500,
  maxPayloadBytes: 32 * MIB,
  maxTopics: 250_000,
  seed: 0x811c9dc5,
};

const MAX_BLOCK_BYTES = 65_536;
const SLASH = 0x2f;

export interface StoreStats {
  readonly topics: number;
  readonly messages: number;
  readonly perSecond: number;
  readonly keptBytes: number;
  readonly droppedMessages: number;
  /** Messages of topics beyond the limits: not in the tree. */
  readonly unlistedMessages: number;
}

/** What is known of a topic's messages. */
export interface TopicFacts {
  /** Messages received of this topic itself. */
  readonly received: number;
  /** Of this topic and all under it. */
  readonly receivedBelow: number;
  /** Topics under this one that had a message. */
  readonly topicsBelow: number;
  /** Messages of this topic that are no longer kept. */
  readonly dropped: number;
  readonly kept: number;
  readonly keptBytes: number;
  /** A retained message was seen, and no empty one that deletes it since. */
  readonly retained: boolean;
}

export class TopicStore {
  readonly topics: TopicTable;
  private readonly limits: StoreLimits;
  private readonly log: MessageLog;
  private readonly rate = newRate();
  /** Times of the rate are counted from here. */
  private originMs: number | undefined;
  private named = 0;
  private messages = 0;
  private dropped = 0;
  private unlisted = 0;
  private readonly encoder = new TextEncoder();

  constructor(limits: Partial<StoreLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.topics = new TopicTable(this.limits.seed);
    this.log = new MessageLog(Math.min(MAX_BLOCK_BYTES, Math.max(256, Math.floor(this.limits.maxBytes / 32))));
  }

  private get keptBytes(): number {
    return this.topics.bytes + this.log.bytes;
  }

  /** Keeps a copy of `payload`. Returns the message's id, or undefined for a topic beyond the limits. */
  record(topic: string, payload: Uint8Array, meta: MessageMeta, timeMs: number): number | undefined {
    const bytes = this.encoder.encode(topic);
    return this.keep(bytes, 0, bytes.length, payload, 0, payload.length, meta, timeMs);
  }

  /** The same for a message as it stands in the network's bytes. */
  recordFrame(frame: PublishFrame, timeMs: number): number | undefined {
    const { bytes, topicStart, topicEnd, payloadStart, payloadEnd } = frame;
    return this.keep(bytes, topicStart, topicEnd, bytes, payloadStart, payloadEnd, frame, timeMs);
  }

  /** The row of a topic or of a level above one. */
  find(topic: string): number | undefined {
    const bytes = this.encoder.encode(topic);
    const row = this.topics.find(bytes, 0, bytes.length);
    return row === NO_ROW ? undefined : row;
  }

  facts(row: number): TopicFacts {
    const { ints, counts } = this.topics;
    const received = counts[row * COUNTS + RECEIVED] ?? 0;
    const kept = ints[row * INTS + KEPT] ?? 0;
    return {
      received,
      receivedBelow: counts[row * COUNTS + BELOW] ?? 0,
      topicsBelow: this.topics.topicsBelow(row),
      dropped: received - kept,
      kept,
      keptBytes: ints[row * INTS + KEPT_BYTES] ?? 0,
      retained: ints[row * INTS + RETAINED] === 1,
    };
  }

  /** The last message of this topic; undefined when none is kept. */
  newest(row: number): StoredMessage | undefined {
    const slot = this.field(row, LAST_SLOT);
    return slot === NONE || this.field(row, KEPT) === 0 ? undefined : this.log.read(slot);
  }

  /** The kept messages of `row`, newest first, at most `limit`. */
  history(row: number, limit = Number.POSITIVE_INFINITY): readonly StoredMessage[] {
    let skip = this.field(row, KEPT) - limit;
    const found: StoredMessage[] = [];
    for (const slot of this.slots(row)) if (skip-- <= 0) found.push(this.log.read(slot));
    return found.reverse();
  }

  /** A kept message of `row` by its id, and the one before it. */
  message(row: number, id: number): { readonly message: StoredMessage; readonly previous?: StoredMessage } | undefined {
    let before = NONE;
    for (const slot of this.slots(row)) {
      if (this.log.idOf(slot) !== id) before = slot;
      else if (before === NONE) return { message: this.log.read(slot) };
      else return { message: this.log.read(slot), previous: this.log.read(before) };
    }
    return undefined;
  }

  /** `row` and all topics under it that had a message; parents before children, siblings as they came. */
  *topicsUnder(row: number): Generator<number> {
    const walk = [row];
    for (let at = walk.pop(); at !== undefined; at = walk.pop()) {
      if ((this.topics.counts[at * COUNTS + RECEIVED] ?? 0) > 0) yield at;
      for (const child of this.topics.newChildren(at, 0)) walk.push(child); // newest first, so the oldest is next
    }
  }

  /** Topics at and under `row` with a retained message, as far as seen. */
  retainedTopics(row: number): readonly string[] {
    const found: string[] = [];
    for (const at of this.topicsUnder(row)) if (this.field(at, RETAINED) === 1) found.push(this.topics.path(at));
    return found;
  }

  stats(nowMs: number): StoreStats {
    return {
      topics: this.named,
      messages: this.messages,
      perSecond: ratePerSecond(this.rate, nowMs - (this.originMs ?? nowMs)),
      keptBytes: this.keptBytes,
      droppedMessages: this.dropped,
      unlistedMessages: this.unlisted,
    };
  }

  private field(row: number, field: number): number {
    return this.topics.ints[row * INTS + field] ?? 0;
  }

  private *slots(row: number): Generator<number> {
    if (this.field(row, KEPT) === 0) return;
    for (let slot = this.field(row, FIRST_SLOT); slot !== NONE; slot = this.log.next(slot)) yield slot;
  }

  private keep(
    topic: Uint8Array,
    topicStart: number,
    topicEnd: number,
    source: Uint8Array,
    start: number,
    end: number,
    meta: MessageMeta,
    timeMs: number,
  ): number | undefined {
    this.originMs ??= timeMs;
    this.messages++;
    countInto(this.rate, timeMs - this.originMs);
    let row = this.topics.find(topic, topicStart, topicEnd);
    if (row === NO_ROW || this.topics.counts[row * COUNTS + RECEIVED] === 0) {
      row = this.newTopic(topic, topicStart, topicEnd);
      if (row === NO_ROW) {
        this.unlisted++;
        return undefined;
      }
    }
    const total = end - start;
    const kept = Math.min(total, this.limits.maxPayloadBytes);
    const slot = this.log.append(row, this.messages, timeMs, source, start, start + kept, total, meta);
    const { ints, counts } = this.topics;
    const line = row * INTS;
    if (total === 0) ints[line + RETAINED] = 0;
    else if (meta.retain) ints[line + RETAINED] = 1;
    if (ints[line + KEPT] === 0) ints[line + FIRST_SLOT] = slot;
    else this.log.link(ints[line + LAST_SLOT] as number, slot);
    ints[line + LAST_SLOT] = slot;
    (ints[line + KEPT] as number)++;
    (ints[line + KEPT_BYTES] as number) += this.log.keptBytesOf(slot);
    (counts[row * COUNTS + RECEIVED] as number)++;
    for (let at = row; at !== NO_ROW; at = ints[at * INTS + PARENT] as number) {
      (counts[at * COUNTS + BELOW] as number)++;
    }
    this.enforce(row);
    return this.messages;
  }

  private newTopic(topic: Uint8Array, start: number, end: number): number {
    // A topic can have 65,536 levels: the tree itself may take half of the memory, and no more.
    let levels = 1;
    for (let i = start; i < end; i++) if (topic[i] === SLASH) levels++;
    const most = levels * ROW_BYTES + (end - start);
    if (this.named >= this.limits.maxTopics || this.topics.bytes + most > this.limits.maxBytes / 2) return NO_ROW;
    const row = this.topics.add(topic, start, end);
    this.topics.countTopic(row);
    this.named++;
    return row;
  }

  private enforce(row: number): void {
    const { maxMessagesPerTopic, maxBytesPerTopic, maxBytes } = this.limits;
    const { ints } = this.topics;
    const line = row * INTS;
    while (
      (ints[line + KEPT] as number) > 1 &&
      ((ints[line + KEPT] as number) > maxMessagesPerTopic || (ints[line + KEPT_BYTES] as number) > maxBytesPerTopic)
    ) {
      this.dropOldest(row);
    }
    while (this.keptBytes > maxBytes && this.log.oldest !== this.log.newest) {
      this.dropOldest(this.log.ownerOf(this.log.oldest));
    }
  }

  /** The oldest message of all is also the oldest of its topic, so one way of dropping serves both limits. */
  private dropOldest(row: number): void {
    const { ints } = this.topics;
    const line = row * INTS;
    const slot = ints[line + FIRST_SLOT] as number;
    ints[line + FIRST_SLOT] = this.log.next(slot);
    (ints[line + KEPT] as number)--;
    (ints[line + KEPT_BYTES] as number) -= this.log.keptBytesOf(slot);
    this.log.remove(slot);
    this.dropped++;
  }
}
