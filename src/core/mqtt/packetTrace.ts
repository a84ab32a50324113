// One line of text for an MQTT packet, for the trace: what it says, with its codes in words. Never a payload or password.
import { frameMessage, type PublishFrame } from './publishTap';
import { reasonName, returnName } from './reasonCodes';

/** The parts of a parsed packet that a trace shows (the shape of `mqtt-packet`). */
export interface TraceablePacket {
  readonly cmd: string;
  readonly [field: string]: unknown;
}

export interface TracedPacket {
  /** For example `CONNACK`. */
  readonly name: string;
  readonly detail: string;
}

export function tracePacket(packet: TraceablePacket): TracedPacket {
  return { name: packet.cmd.toUpperCase(), detail: describe(packet).filter(Boolean).join(', ') };
}

/** The same for a PUBLISH of QoS 0 as it stands in the network's bytes. */
export function traceFrame(frame: PublishFrame): TracedPacket {
  const { duplicate: dup, ...message } = frameMessage(frame);
  return tracePacket({ cmd: 'publish', dup, ...message });
}

function describe(packet: TraceablePacket): string[] {
  const { cmd } = packet;
  const id = typeof packet['messageId'] === 'number' ? `id ${packet['messageId']}` : '';
  switch (cmd) {
    case 'connect':
      return [
        `MQTT ${packet['protocolVersion'] === 5 ? '5' : '3.1.1'}`,
        `client ${quote(packet['clientId'])}`,
        packet['clean'] ? 'clean' : 'session kept',
        `keep alive ${packet['keepalive']} s`,
        packet['username'] ? `user ${quote(packet['username'])}` : '',
        packet['password'] ? 'password ***' : '',
        packet['will'] ? 'Last Will' : '',
      ];
    case 'connack': {
      const code = packet['reasonCode'] ?? packet['returnCode'];
      return [named(code, returnName), packet['sessionPresent'] ? 'session present' : ''];
    }
    case 'publish':
      return [
        quote(packet['topic']),
        `QoS ${packet['qos']}`,
        packet['retain'] ? 'retained' : '',
        packet['dup'] ? 'duplicate' : '',
        id,
        `${byteLength(packet['payload'])} bytes`,
      ];
    case 'subscribe': {
      const all = Array.isArray(packet['subscriptions']) ? packet['subscriptions'] : [];
      return [id, ...all.map(({ topic, qos }: { topic: unknown; qos: unknown }) => `${quote(topic)} QoS ${qos}`)];
    }
    case 'suback':
    case 'unsuback': {
      const codes = Array.isArray(packet['granted']) ? packet['granted'] : [];
      return [id, ...codes.map((code: unknown) => named(code, (number) => reasonName(number, cmd)))];
    }
    case 'unsubscribe': {
      const all = Array.isArray(packet['unsubscriptions']) ? packet['unsubscriptions'] : [];
      return [id, ...all.map(quote)];
    }
    default:
      return [id, named(packet['reasonCode'], (number) => reasonName(number, cmd))];
  }
}

function named(code: unknown, name: (code: number) => string): string {
  return typeof code === 'number' ? `${name(code)} (${code})` : '';
}

function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : String(value ?? '');
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

function byteLength(payload: unknown): number {
  return typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : 0;
}
