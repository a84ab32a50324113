// Takes PUBLISH packets of QoS 0 out of what a broker sends, as places in the network's own bytes: they need no answer and
// are nearly all of the traffic, and an MQTT library makes several objects and a string of each. All else is handed on to
// the library untouched, also what is malformed: it is the library that judges and says so.
//
// MQTT orders messages of one topic and one QoS only (section 4.6), so QoS 1 and 2 may take their own way.
import type { MessageMeta, TextProperties } from './messageLog';
import { publishProperties, readVarint } from './publishProperties';

/** A message in `bytes`. The tap uses one object for all: read it, and do not keep it. */
export interface PublishFrame extends MessageMeta {
  readonly bytes: Uint8Array;
  readonly topicStart: number;
  readonly topicEnd: number;
  readonly payloadStart: number;
  readonly payloadEnd: number;
}

/** A view of the frame's bytes. */
export function framePayload({ bytes, payloadStart, payloadEnd }: PublishFrame): Uint8Array {
  return bytes.subarray(payloadStart, payloadEnd);
}

/** The message of a frame with its topic as text; what is not UTF-8 in it shows as replacement characters. */
export function frameMessage(frame: PublishFrame) {
  const { bytes, topicStart, topicEnd, qos, retain, duplicate, properties } = frame;
  const topic = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(topicStart, topicEnd));
  return { topic, payload: framePayload(frame), qos, retain, duplicate, ...(properties ? { properties } : {}) };
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const PUBLISH = 3;
const NOTHING: readonly Uint8Array[] = [];

export class PublishTap {
  private readonly frame: Writable<PublishFrame> = {
    bytes: new Uint8Array(),
    topicStart: 0,
    topicEnd: 0,
    payloadStart: 0,
    payloadEnd: 0,
    qos: 0,
    retain: false,
    duplicate: false,
    properties: undefined,
  };
  /** Bytes still to come of a packet that is handed on. */
  private passing = 0;
  /** Malformed: from here on everything is the library's. */
  private lost = false;
  /** Parts of a packet that is not whole yet, their length, and the whole length when it is known. */
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private wanted = 0;

  constructor(
    private readonly version: '3.1.1' | '5',
    private readonly onPublish: (frame: PublishFrame) => void,
  ) {}

  /** Takes the next bytes from the network; returns those that are to be handed on, in their order. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (this.lost) return [chunk];
    if (this.heldBytes === 0) return this.scan(chunk, 0);
    const missing = this.wanted > 0 ? this.wanted - this.heldBytes : 0;
    if (missing > chunk.length) {
      this.hold(chunk, 0);
      return NOTHING;
    }
    // Only this packet is put together; what follows it in the chunk is scanned where it is.
    const size = missing > 0 ? missing : chunk.length;
    const whole = joined([...this.held, chunk.subarray(0, size)], this.heldBytes + size);
    this.held = [];
    this.heldBytes = 0;
    this.wanted = 0;
    const passed = this.scan(whole, 0);
    if (size === chunk.length) return passed;
    return [...passed, ...this.push(chunk.subarray(size))];
  }

  private scan(chunk: Uint8Array, from: number): readonly Uint8Array[] {
    const passed: Uint8Array[] = [];
    const end = chunk.length;
    let at = from;
    let passFrom = -1; // where the run of bytes to hand on began
    while (at < end) {
      if (this.passing > 0) {
        if (passFrom < 0) passFrom = at;
        const step = Math.min(this.passing, end - at);
        this.passing -= step;
        at += step;
        continue;
      }
      const first = chunk[at] as number;
      let size = 0;
      let header = 1;
      for (let shift = 0; ; shift += 7) {
        if (at + header >= end) {
          size = -1; // the header is not whole
          break;
        }
        const byte = chunk[at + header++] as number;
        size += (byte & 0x7f) << shift;
        if (byte < 0x80) break;
        if (header > 4) {
          this.lost = true;
          break;
        }
      }
      if (this.lost) {
        passed.push(chunk.subarray(passFrom < 0 ? at : passFrom));
        return passed;
      }
      const packetEnd = at + header + size;
      if (size < 0 || (isTaken(first) && packetEnd > end)) {
        if (passFrom >= 0) passed.push(chunk.subarray(passFrom, at));
        this.wanted = size < 0 ? 0 : header + size;
        this.hold(chunk, at);
        return passed;
      }
      if (isTaken(first) && this.read(chunk, first, at + header, packetEnd)) {
        if (passFrom >= 0) passed.push(chunk.subarray(passFrom, at));
        passFrom = -1;
        at = packetEnd;
        this.onPublish(this.frame);
      } else {
        this.passing = header + size;
      }
    }
    if (passFrom >= 0) passed.push(chunk.subarray(passFrom, at));
    return passed;
  }

  /** Fills the frame; false for what only the library can judge. */
  private read(chunk: Uint8Array, first: number, start: number, end: number): boolean {
    const length = ((chunk[start] as number) << 8) | (chunk[start + 1] as number);
    const topicEnd = start + 2 + length;
    if (end - start < 3 || length === 0 || topicEnd > end) return false;
    let payloadStart = topicEnd;
    let properties: TextProperties | undefined;
    if (this.version === '5') {
      const size = readVarint(chunk, topicEnd, end);
      if (!size || topicEnd + size.size + size.value > end) return false;
      payloadStart = topicEnd + size.size + size.value;
      if (size.value > 0) {
        properties = publishProperties(chunk, topicEnd + size.size, payloadStart);
        if (!properties) return false;
      }
    }
    const { frame } = this;
    frame.bytes = chunk;
    frame.topicStart = start + 2;
    frame.topicEnd = topicEnd;
    frame.payloadStart = payloadStart;
    frame.payloadEnd = end;
    frame.retain = (first & 1) !== 0;
    frame.duplicate = (first & 8) !== 0;
    frame.properties = properties;
    return true;
  }

  /** A copy: the network may use its buffer again. */
  private hold(chunk: Uint8Array, from: number): void {
    const part = Uint8Array.from(chunk.subarray(from)); // `slice` of a Node buffer is no copy
    this.held.push(part);
    this.heldBytes += part.length;
  }
}

/** A PUBLISH of QoS 0. */
function isTaken(first: number): boolean {
  return first >> 4 === PUBLISH && (first & 6) === 0;
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
