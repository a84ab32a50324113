// One level of the topic tree, and the messages kept of the topic that ends here. Changed by topicStore.ts only.
import { newRate, type SlidingRate } from './slidingRate';

export interface MessageMeta {
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly duplicate: boolean;
  /** MQTT 5 properties as text. */
  readonly properties?: readonly (readonly [string, string])[];
}

/** A message as it is kept. The links are the store's own. */
export interface StoredMessage extends MessageMeta {
  /** Counts from 1 in order of arrival, over all topics. */
  readonly id: number;
  readonly timeMs: number;
  readonly node: TopicNode;
  /** A copy: whole unless shorter than `totalBytes`. */
  readonly payload: Uint8Array;
  readonly totalBytes: number;
  newerInTopic: StoredMessage | undefined;
  newer: StoredMessage | undefined;
  older: StoredMessage | undefined;
}

/** Most nodes are leaves; a map of its own for each would cost more than the rest of it. */
const NONE: ReadonlyMap<string, TopicNode> = new Map();

export class TopicNode {
  children: ReadonlyMap<string, TopicNode> = NONE;
  /** Messages received of this topic itself. */
  received = 0;
  /** Of this topic and all under it. */
  receivedBelow = 0;
  /** Topics under this one that had a message. */
  topicsBelow = 0;
  /** Messages of this topic that are no longer kept. */
  dropped = 0;
  kept = 0;
  keptBytes = 0;
  /** A retained message was seen, and no empty one that deletes it since. */
  retained = false;
  oldest: StoredMessage | undefined;
  /** Also the last message of this topic; undefined when none is kept. */
  newest: StoredMessage | undefined;
  /** The store's version at the last change of this node or one under it. */
  version = 0;
  readonly rate: SlidingRate = newRate();

  constructor(
    /** The level's name; may be empty. */
    readonly name: string,
    readonly parent: TopicNode | undefined,
  ) {}

  addChild(name: string): TopicNode {
    const child = new TopicNode(name, this);
    const children = this.children === NONE ? new Map<string, TopicNode>() : (this.children as Map<string, TopicNode>);
    children.set(name, child);
    this.children = children;
    return child;
  }

  /** The full topic. */
  get topic(): string {
    const levels: string[] = [];
    for (let node: TopicNode = this; node.parent; node = node.parent) levels.push(node.name);
    return levels.reverse().join('/');
  }
}
