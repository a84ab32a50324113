// Opens the encrypted payloads that come over a session, with the keys of the certificates folder, before anybody sees them.
import { UserError } from '../../core/errors';
import { looksSealed } from '../../core/mqtt/sealedPayload';
import { SealedReplay } from '../../core/mqtt/sealedReplay';
import type { ReceivedMessage } from './mqttSession';
import { type OpenedPayload, openPayload } from './payloadCipher';

interface NamedKey {
  readonly name: string;
  readonly key: Uint8Array;
  readonly replay: SealedReplay;
}

const PROPERTY = 'encrypted payload';

/** Other messages pass as they are, at the cost of comparing four bytes. */
export class PayloadOpener {
  private readonly keys: readonly NamedKey[];
  /** Which key opened the last message of a topic; bounded, for topics are anybody's to invent. */
  private readonly usual = new Map<string, NamedKey>();

  constructor(keys: ReadonlyMap<string, Uint8Array>) {
    this.keys = [...keys].map(([name, key]) => ({ name, key, replay: new SealedReplay() }));
  }

  /** The message in clear, with a property that says so; one that no key opens stays sealed and says that. */
  open(message: ReceivedMessage): ReceivedMessage {
    if (!looksSealed(message.payload)) return message;
    for (const named of this.candidates(message.topic)) {
      const opened = tryOpen(named.key, message);
      if (!opened) continue;
      this.remember(message.topic, named);
      const freshness = named.replay.accept(opened.sender, message.topic, opened.sequence);
      const warning = freshness === 'replay' ? '; OLDER than one before it: recorded and sent again?' : '';
      const told = `opened with the key of ${named.name}, sealed by the ${opened.sender}${warning}`;
      return { ...message, payload: opened.payload, properties: [...(message.properties ?? []), [PROPERTY, told]] };
    }
    const told = 'no key in the certificates folder (payload/NAME.key) opens it, or it was changed on the way';
    return { ...message, properties: [...(message.properties ?? []), [PROPERTY, told]] };
  }

  /** The usual key of the topic first, then those whose device is named in it, then the rest. */
  private *candidates(topic: string): Iterable<NamedKey> {
    const usual = this.usual.get(topic);
    if (usual) yield usual;
    const levels = new Set(topic.split('/'));
    const inTopic = ({ name }: NamedKey): boolean => levels.has(name);
    yield* this.keys.filter((named) => named !== usual && inTopic(named));
    yield* this.keys.filter((named) => named !== usual && !inTopic(named));
  }

  private remember(topic: string, named: NamedKey): void {
    if (this.usual.size > 10_000) this.usual.clear();
    this.usual.set(topic, named);
  }
}

function tryOpen(key: Uint8Array, { topic, payload }: ReceivedMessage): OpenedPayload | undefined {
  try {
    return openPayload(key, topic, payload);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
