// Everything received, bounded: a tree of topics, and the newest messages of each within limits by count and bytes.
// What is not kept is counted and said (`dropped`, `totalBytes`), never lost in silence.
import { countInto, newRate, ratePerSecond } from './slidingRate';
import { type MessageMeta, type StoredMessage, TopicNode } from './topicNode';

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

/** What a kept message and a topic cost beside payload and name, measured in V8 and rounded up. */
export const MESSAGE_OVERHEAD_BYTES = 320;
export const TOPIC_OVERHEAD_BYTES = 448;

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
  readonly root = new TopicNode('', undefined);
  /** Grows with every message: compare with a node's `version` to see what changed. */
  version = 0;
  /** Grows with every new topic level: the list of rows has to be made again. */
  structureVersion = 0;
  private readonly limits: StoreLimits;
  private readonly byTopic = new Map<string, TopicNode>();
  private readonly rate = newRate();
  private oldest: StoredMessage | undefined;
  private newest: StoredMessage | undefined;
  private keptBytes = 0;
  private treeBytes = 0;
  private messages = 0;
  private dropped = 0;
  private unlisted = 0;

  constructor(limits: Partial<StoreLimits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Keeps a copy of `payload`. Returns what was kept, or undefined for a topic beyond the limit. */
  record(topic: string, payload: Uint8Array, meta: MessageMeta, timeMs: number): StoredMessage | undefined {
    this.messages++;
    this.version++;
    countInto(this.rate, timeMs);
    const node = this.byTopic.get(topic) ?? this.addTopic(topic);
    if (!node) {
      this.unlisted++;
      return undefined;
    }
    const { length } = payload;
    const { maxPayloadBytes } = this.limits;
    const message: StoredMessage = {
      id: this.messages,
      timeMs,
      node,
      payload: new Uint8Array(length > maxPayloadBytes ? payload.subarray(0, maxPayloadBytes) : payload),
      totalBytes: length,
      qos: meta.qos,
      retain: meta.retain,
      duplicate: meta.duplicate,
      ...(meta.properties ? { properties: meta.properties } : {}),
      newerInTopic: undefined,
      newer: undefined,
      older: this.newest,
    };
    if (meta.retain && length > 0) node.retained = true;
    else if (length === 0) node.retained = false;
    node.received++;
    this.append(node, message);
    for (let at: TopicNode | undefined = node; at; at = at.parent) {
      at.receivedBelow++;
      at.version = this.version;
      countInto(at.rate, timeMs);
    }
    this.enforce(node);
    return message;
  }

  find(topic: string): TopicNode | undefined {
    return this.byTopic.get(topic);
  }

  /** The kept messages of `node`, newest first, at most `limit`. */
  history(node: TopicNode, limit = Number.POSITIVE_INFINITY): readonly StoredMessage[] {
    const all: StoredMessage[] = [];
    for (let message = node.oldest; message; message = message.newerInTopic) all.push(message);
    return all.reverse().slice(0, limit);
  }

  /** A kept message of `node` by its id, and the one before it. */
  message(
    node: TopicNode,
    id: number,
  ): { readonly message: StoredMessage; readonly previous?: StoredMessage } | undefined {
    let previous: StoredMessage | undefined;
    for (let message = node.oldest; message; message = message.newerInTopic) {
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
      perSecond: ratePerSecond(this.rate, nowMs),
      keptBytes: this.keptBytes,
      droppedMessages: this.dropped,
      unlistedMessages: this.unlisted,
    };
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
    this.keptBytes += bytes;
    for (let at = node.parent; at; at = at.parent) at.topicsBelow++;
    this.byTopic.set(topic, node);
    this.structureVersion++;
    return node;
  }

  private append(node: TopicNode, message: StoredMessage): void {
    if (node.newest) node.newest.newerInTopic = message;
    else node.oldest = message;
    node.newest = message;
    if (this.newest) this.newest.newer = message;
    else this.oldest = message;
    this.newest = message;
    const cost = message.payload.length + MESSAGE_OVERHEAD_BYTES;
    node.kept++;
    node.keptBytes += cost;
    this.keptBytes += cost;
  }

  private enforce(node: TopicNode): void {
    const { maxMessagesPerTopic, maxBytesPerTopic, maxBytes } = this.limits;
    while (node.kept > 1 && (node.kept > maxMessagesPerTopic || node.keptBytes > maxBytesPerTopic))
      this.dropOldest(node);
    while (this.keptBytes > maxBytes && this.oldest && this.oldest !== this.newest) this.dropOldest(this.oldest.node);
  }

  /** The oldest message of all is also the oldest of its topic, so one way of dropping serves both limits. */
  private dropOldest(node: TopicNode): void {
    const message = node.oldest;
    if (!message) return;
    node.oldest = message.newerInTopic;
    if (!node.oldest) node.newest = undefined;
    if (message.older) message.older.newer = message.newer;
    else this.oldest = message.newer;
    if (message.newer) message.newer.older = message.older;
    else this.newest = message.older;
    const cost = message.payload.length + MESSAGE_OVERHEAD_BYTES;
    node.kept--;
    node.keptBytes -= cost;
    node.dropped++;
    node.version = this.version;
    this.keptBytes -= cost;
    this.dropped++;
  }
}
