// Everything received, bounded: a tree of topics, and the newest messages of each within limits by count and bytes.
// What is not kept is counted and said (`dropped`, `totalBytes`), never lost in silence.
import { MessageLog, type MessageMeta, NONE, type StoredMessage } from './messageLog';
import { countInto, newRate, ratePerSecond } from './slidingRate';
import { TopicNode } from './topicNode';

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
}

const MIB = 1_048_576;
export const DEFAULT_LIMITS: StoreLimits = {
  maxBytes: 256 * MIB,
  maxBytesPerTopic: 8 * MIB,
  maxMessagesPerTopic: 500,
  maxPayloadBytes: 32 * MIB,
  maxTopics: 250_000,
};

/** What a topic level costs beside its name, measured in V8 and rounded up. */
export const TOPIC_OVERHEAD_BYTES = 448;
const MAX_BLOCK_BYTES = 65_536;

export interface StoreStats {
  readonly topics: number;
  readonly messages: number;
  readonly perSecond: number;
  readonly keptBytes: number;
  readonly droppedMessages: number;
  /** Messages of topics beyond the limits: not in the tree. */
  readonly unlistedMessages: number;
}

export class TopicStore {
  readonly root: TopicNode;
  /** Grows with every message: compare with a node's `version` to see what changed. */
  version = 0;
  /** Grows with every new topic level: the list of rows has to be made again. */
  structureVersion = 0;
  private readonly limits: StoreLimits;
  private readonly log: MessageLog<TopicNode>;
  private readonly byTopic = new Map<string, TopicNode>();
  private readonly rate = newRate();
  /** Times are counted from here: small whole numbers cost no memory of their own. */
  private originMs: number | undefined;
  private treeBytes = 0;
  private messages = 0;
  private dropped = 0;
  private unlisted = 0;

  constructor(limits: Partial<StoreLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.log = new MessageLog(Math.min(MAX_BLOCK_BYTES, Math.max(256, Math.floor(this.limits.maxBytes / 32))));
    this.root = new TopicNode('', undefined, this.log);
  }

  private get keptBytes(): number {
    return this.treeBytes + this.log.bytes;
  }

  /** Keeps a copy of `payload`. Returns the message's id, or undefined for a topic beyond the limits. */
  record(topic: string, payload: Uint8Array, meta: MessageMeta, timeMs: number): number | undefined {
    this.originMs ??= timeMs;
    const elapsedMs = Math.floor(timeMs - this.originMs);
    this.messages++;
    this.version++;
    countInto(this.rate, elapsedMs);
    const node = this.byTopic.get(topic) ?? this.addTopic(topic);
    if (!node) {
      this.unlisted++;
      return undefined;
    }
    if (payload.length === 0) node.retained = false;
    else if (meta.retain) node.retained = true;
    const keep = Math.min(payload.length, this.limits.maxPayloadBytes);
    const slot = this.log.append(node, this.messages, timeMs, payload, keep, meta);
    if (node.last === NONE) node.first = slot;
    else this.log.link(node.last, slot);
    node.last = slot;
    node.received++;
    node.kept++;
    node.keptBytes += this.log.keptBytesOf(slot);
    countInto(node, elapsedMs);
    for (let at: TopicNode | undefined = node; at; at = at.parent) {
      at.receivedBelow++;
      at.version = this.version;
    }
    this.enforce(node);
    return this.messages;
  }

  find(topic: string): TopicNode | undefined {
    return this.byTopic.get(topic);
  }

  /** The kept messages of `node`, newest first, at most `limit`. */
  history(node: TopicNode, limit = Number.POSITIVE_INFINITY): readonly StoredMessage[] {
    let skip = node.kept - limit;
    const found: StoredMessage[] = [];
    for (let slot = node.first; slot !== NONE; slot = this.log.next(slot)) {
      if (skip-- <= 0) found.push(this.log.read(slot));
    }
    return found.reverse();
  }

  /** A kept message of `node` by its id, and the one before it. */
  message(
    node: TopicNode,
    id: number,
  ): { readonly message: StoredMessage; readonly previous?: StoredMessage } | undefined {
    let previous: StoredMessage | undefined;
    for (let slot = node.first; slot !== NONE; slot = this.log.next(slot)) {
      const message = this.log.read(slot);
      if (message.id === id) return previous ? { message, previous } : { message };
      previous = message;
    }
    return undefined;
  }

  /** `node` and all topics under it that had a message; parents before children. */
  *topicsUnder(node: TopicNode): Generator<TopicNode> {
    const walk = [node];
    for (let at = walk.pop(); at; at = walk.pop()) {
      if (at.received > 0) yield at;
      for (const child of [...at.children.values()].reverse()) walk.push(child); // spread would end at 100,000
    }
  }

  /** Topics at and under `node` with a retained message, as far as seen. */
  retainedTopics(node: TopicNode): readonly string[] {
    return [...this.topicsUnder(node)].filter((at) => at.retained).map((at) => at.topic);
  }

  stats(nowMs: number): StoreStats {
    return {
      topics: this.byTopic.size,
      messages: this.messages,
      perSecond: ratePerSecond(this.rate, nowMs - (this.originMs ?? nowMs)),
      keptBytes: this.keptBytes,
      droppedMessages: this.dropped,
      unlistedMessages: this.unlisted,
    };
  }

  /** Messages a second of `node` and all topics under it: walks them, so that receiving does not pay for it. */
  ratePerSecond(node: TopicNode, nowMs: number): number {
    let sum = 0;
    for (const at of this.topicsUnder(node)) sum += ratePerSecond(at, nowMs - (this.originMs ?? nowMs));
    return sum;
  }

  private addTopic(topic: string): TopicNode | undefined {
    const levels = topic.split('/');
    // A topic can have 65,536 levels: the tree itself may take half of the memory, and no more.
    const mostBytes = levels.length * TOPIC_OVERHEAD_BYTES + 2 * topic.length;
    if (this.byTopic.size >= this.limits.maxTopics || this.treeBytes + mostBytes > this.limits.maxBytes / 2) {
      return undefined;
    }
    let node = this.root;
    let bytes = 0;
    for (const name of levels) {
      const known = node.children.get(name);
      if (!known) bytes += TOPIC_OVERHEAD_BYTES + 2 * name.length;
      node = known ?? node.addChild(name);
    }
    this.treeBytes += bytes;
    for (let at = node.parent; at; at = at.parent) at.topicsBelow++;
    this.byTopic.set(topic, node);
    this.structureVersion++;
    return node;
  }

  private enforce(node: TopicNode): void {
    const { maxMessagesPerTopic, maxBytesPerTopic, maxBytes } = this.limits;
    while (node.kept > 1 && (node.kept > maxMessagesPerTopic || node.keptBytes > maxBytesPerTopic)) {
      this.dropOldest(node);
    }
    while (this.keptBytes > maxBytes && this.log.oldest !== this.log.newest) {
      const owner = this.log.ownerOf(this.log.oldest);
      if (!owner) return;
      this.dropOldest(owner);
    }
  }

  /** The oldest message of all is also the oldest of its topic, so one way of dropping serves both limits. */
  private dropOldest(node: TopicNode): void {
    const slot = node.first;
    node.first = this.log.next(slot);
    if (node.first === NONE) node.last = NONE;
    node.kept--;
    node.keptBytes -= this.log.keptBytesOf(slot);
    node.dropped++;
    node.version = this.version;
    this.log.remove(slot);
    this.dropped++;
  }
}
