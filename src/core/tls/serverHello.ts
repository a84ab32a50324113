// What a server answers to a hand-made ClientHello, read from the bytes: never throws, whatever comes.
import { readNumber } from './tlsBytes';

export interface HelloReply {
  /** Set by a ServerHello, or a HelloRetryRequest of TLS 1.3. */
  readonly version?: number;
  readonly suite?: number;
  /** TLS 1.3 asks for another key share: it takes the offer all the same. */
  readonly retry?: boolean;
  /** Group of the key exchange: from the key share (1.3) or the ServerKeyExchange (1.2). */
  readonly group?: number;
  /** Extension 1 was acknowledged with this number. */
  readonly maxFragment?: number;
  readonly alpn?: string;
  readonly ticket?: boolean;
  /** The server gave the session an id, so that it can be resumed by it (TLS 1.2). */
  readonly sessionId?: boolean;
  /** A fatal alert. */
  readonly alert?: number;
  /** The bytes are not TLS. */
  readonly notTls?: boolean;
  /** Nothing more of interest will come in clear. */
  readonly complete: boolean;
}

/** SHA-256 of "HelloRetryRequest" stands in the random field (RFC 8446 4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
const MAX_BYTES = 128 * 1024;
/** Of a whole flight, long chains and lists of issuers included: a server that sends more without an end floods. */
export const MAX_FLIGHT_BYTES = 256 * 1024;

export class HelloReplyReader {
  private pending: number[] = [];
  private handshake: number[] = [];
  private flightBytes = 0;
  private current: HelloReply = { complete: false };

  get reply(): HelloReply {
    return this.current;
  }

  push(bytes: Uint8Array): void {
    for (const byte of bytes) this.pending.push(byte);
    if (this.pending.length > MAX_BYTES) this.update({ notTls: true, complete: true });
    let at = 0;
    while (!this.current.complete && this.pending.length - at >= 5) {
      const type = this.pending[at] ?? 0;
      const length = readNumber(this.pending, at + 3, 2);
      if (type < 20 || type > 23 || this.pending[at + 1] !== 3 || length > 0x4800) {
        this.update({ notTls: true, complete: true });
        return;
      }
      if (this.pending.length - at < 5 + length) break;
      this.record(type, this.pending.slice(at + 5, at + 5 + length));
      at += 5 + length;
    }
    this.pending = this.pending.slice(at);
  }

  private record(type: number, content: readonly number[]): void {
    const [level, alert] = content;
    if (type === 21 && alert !== undefined) {
      if (level === 2 || alert === 0) this.update({ alert, complete: true });
    } else if (type === 22) {
      this.flightBytes += content.length;
      if (this.flightBytes > MAX_FLIGHT_BYTES) {
        this.update({ notTls: true, complete: true });
        return;
      }
      for (const byte of content) this.handshake.push(byte);
      this.messages();
    } else if (type === 23 || type === 20) {
      if (this.current.version === 0x0304) this.update({ complete: true }); // the rest is encrypted
    }
  }

  private messages(): void {
    const { handshake } = this;
    let at = 0;
    while (!this.current.complete && handshake.length - at >= 4) {
      const end = at + 4 + readNumber(handshake, at + 1, 3);
      if (handshake.length < end) break;
      const type = handshake[at];
      const body = handshake.slice(at + 4, end);
      at = end;
      if (type === 2) this.update(serverHello(body));
      if (type === 12 && body[0] === 3) this.update({ group: readNumber(body, 1, 2) }); // named_curve
      if (type === 14) this.update({ complete: true });
    }
    this.handshake = handshake.slice(at);
  }

  private update(change: Partial<HelloReply>): void {
    this.current = { ...this.current, ...change };
  }
}

function serverHello(body: readonly number[]): Partial<HelloReply> {
  const idLength = body[34] ?? 0;
  const random = body.slice(2, 34);
  const found = extensions(body.slice(35 + idLength + 3));
  const supported = found.get(43);
  const version = supported ? readNumber(supported, 0, 2) : readNumber(body, 0, 2);
  const share = found.get(51);
  const alpn = found.get(16);
  const fragment = found.get(1)?.[0];
  return {
    version,
    suite: readNumber(body, 35 + idLength, 2),
    retry: random.map((byte) => byte.toString(16).padStart(2, '0')).join('') === RETRY_RANDOM,
    sessionId: version !== 0x0304 && idLength > 0,
    ticket: found.has(35),
    ...(share ? { group: readNumber(share, 0, 2) } : {}),
    ...(fragment === undefined ? {} : { maxFragment: fragment }),
    ...(alpn ? { alpn: String.fromCharCode(...alpn.slice(3, 3 + (alpn[2] ?? 0))) } : {}),
    complete: version === 0x0304,
  };
}

function extensions(bytes: readonly number[]): Map<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  const end = Math.min(bytes.length, 2 + readNumber(bytes, 0, 2));
  for (let at = 2; at + 4 <= end; ) {
    const length = readNumber(bytes, at + 2, 2);
    found.set(readNumber(bytes, at, 2), bytes.slice(at + 4, Math.min(end, at + 4 + length)));
    at += 4 + length;
  }
  return found;
}
