// Whether an encrypted payload is news: its sequence must be higher than the last one of its sender on this topic.

/**
 * `new`: take it. `repeat`: the very message again, as a broker sends a retained one to each new subscriber. `replay`: an
 * older message, which somebody recorded and sent again (or the board's flash was erased, so that it counts anew).
 */
export type Freshness = 'new' | 'repeat' | 'replay';

/**
 * Remembers the last sequence of each sender and topic, for one key. Per topic, because a retained message comes late by
 * nature; the topic is authenticated, so nobody can move a message. Ask only for messages that opened.
 */
export class SealedReplay {
  readonly #last = new Map<string, bigint>();

  accept(sender: string, topic: string, sequence: bigint): Freshness {
    const name = `${sender}\0${topic}`;
    const last = this.#last.get(name);
    if (last !== undefined && sequence === last) return 'repeat';
    if (last !== undefined && sequence < last) return 'replay';
    this.#last.set(name, sequence);
    return 'new';
  }
}
