// One level of the topic tree, and which messages are kept of the topic that ends here. Changed by topicStore.ts only.
import { type MessageLog, NONE, type StoredMessage } from './messageLog';
import type { SlidingRate } from './slidingRate';

/** Most nodes are leaves; a map of its own for each would cost more than the rest of it. */
const NO_CHILDREN: ReadonlyMap<string, TopicNode> = new Map();

/** It is also the counter of its own topic's rate, with times from the store's start. */
export class TopicNode implements SlidingRate {
  children: ReadonlyMap<string, TopicNode> = NO_CHILDREN;
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
  /** Slots in the log. */
  first = NONE;
  last = NONE;
  /** The store's version at the last change of this node or one under it. */
  version = 0;
  startMs = 0;
  current = 0;
  previous = 0;

  constructor(
    /** The level's name; may be empty. */
    readonly name: string,
    readonly parent: TopicNode | undefined,
    private readonly log: MessageLog<TopicNode>,
  ) {}

  /** The last message of this topic; undefined when none is kept. */
  get newest(): StoredMessage | undefined {
    return this.last === NONE ? undefined : this.log.read(this.last);
  }

  addChild(name: string): TopicNode {
    const child = new TopicNode(name, this, this.log);
    const children =
      this.children === NO_CHILDREN ? new Map<string, TopicNode>() : (this.children as Map<string, TopicNode>);
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
