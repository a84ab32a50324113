// Keeps what aedes publishes in order. It numbers a message, stores it if it is retained or above QoS 0, which takes a
// moment, and only then hands it out; a later one that is not stored overtakes it, and its clients then take the earlier
// one for a duplicate and lose it (moscajs/aedes #994, #955; aedes 1.2 still).
import type { Aedes } from 'aedes';

interface Numbered {
  readonly brokerCounter?: number;
}

/** Of aedes' own, as aedes.js has it. */
interface Inner {
  readonly counter: number;
  readonly mq: { emit(packet: Numbered, done?: unknown): unknown };
  publish(packet: Numbered, ...rest: unknown[]): void;
}

/** From now on a message is only numbered once the one before it was handed out. */
export function keepPublishOrder(aedes: Aedes): void {
  const inner = aedes as unknown as Inner;
  const publish = inner.publish.bind(inner);
  const emit = inner.mq.emit.bind(inner.mq);
  const waiting: (() => void)[] = [];
  /** Number of the message that is on its way. */
  let current: number | undefined;
  let starting = false;
  const startNext = (): void => {
    if (starting) return; // the loop below goes on
    starting = true;
    while (current === undefined) {
      const start = waiting.shift();
      if (!start) break;
      start();
    }
    starting = false;
  };
  const passed = (number: number | undefined): void => {
    if (number === undefined || number !== current) return;
    current = undefined;
    startNext();
  };
  inner.publish = (packet, ...rest) => {
    waiting.push(() => {
      const number = packet.brokerCounter || inner.counter + 1; // as aedes-packet gives it
      current = number;
      const watched = rest.map((part) =>
        typeof part !== 'function'
          ? part
          : function (this: unknown, ...results: unknown[]): unknown {
              passed(number); // also when it failed before it was handed out
              return part.apply(this, results);
            },
      );
      publish(packet, ...watched);
    });
    startNext();
  };
  inner.mq.emit = (packet, done) => {
    const result = emit(packet, done);
    passed(packet.brokerCounter);
    return result;
  };
}
