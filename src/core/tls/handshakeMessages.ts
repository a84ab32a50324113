// A server's TLS 1.2 handshake as a client that finishes it by hand has to read it: the messages and their transcript.
import { type HelloReply, HelloReplyReader, MAX_FLIGHT_BYTES } from './serverHello';
import { joinBytes, readNumber } from './tlsBytes';

export interface ServerParameters {
  readonly suite: number;
  readonly serverRandom: Uint8Array;
  readonly extendedMasterSecret: boolean;
  readonly group: number;
  readonly point: Uint8Array;
  readonly wantsCertificate: boolean;
}

const EXTENDED_MASTER_SECRET = 23;

/** Never throws, whatever comes. */
export class HandshakeMessages {
  private readonly replies = new HelloReplyReader();
  private pending = new Uint8Array();
  private handshake = new Uint8Array();
  private said: Uint8Array;
  private found: Partial<ServerParameters> = {};
  private complete = false;
  changedCipher = false;
  applicationData = false;
  /** An alert came, or bytes that are no TLS. */
  ended = false;

  /** `clientHello` without its record header: the start of the transcript. */
  constructor(clientHello: Uint8Array) {
    this.said = clientHello;
  }

  get hello(): HelloReply {
    return this.replies.reply;
  }

  get transcript(): Uint8Array {
    return this.said;
  }

  /** Set when the server's first flight is whole and its key exchange is ECDHE. */
  get server(): ServerParameters | undefined {
    const { suite, serverRandom, group, point, extendedMasterSecret = false, wantsCertificate = false } = this.found;
    if (!this.complete || suite === undefined || !serverRandom || group === undefined || !point) return undefined;
    return { suite, serverRandom, group, point, extendedMasterSecret, wantsCertificate };
  }

  push(bytes: Uint8Array): void {
    if (!this.replies.reply.complete) this.replies.push(bytes);
    if (this.replies.reply.notTls) this.ended = true;
    this.pending = joinBytes(this.pending, bytes);
    while (!this.ended && this.pending.length >= 5) {
      const end = 5 + readNumber(this.pending, 3, 2);
      if (this.pending.length < end) return;
      this.record(this.pending[0] ?? 0, this.pending.slice(5, end));
      this.pending = this.pending.slice(end);
    }
  }

  private record(type: number, content: Uint8Array): void {
    if (type === 20) this.changedCipher = true;
    else if (type === 23) this.applicationData = true;
    else if (type === 21) this.ended = true;
    else if (type === 22 && !this.changedCipher && !this.complete) {
      this.handshake = joinBytes(this.handshake, content);
      this.messages();
      if (this.handshake.length + this.said.length > MAX_FLIGHT_BYTES) this.ended = true;
    }
  }

  private messages(): void {
    const { handshake } = this;
    let at = 0;
    while (handshake.length - at >= 4) {
      const end = at + 4 + readNumber(handshake, at + 1, 3);
      if (handshake.length < end) break;
      this.message(handshake[at] ?? 0, handshake.slice(at + 4, end));
      at = end;
    }
    this.said = joinBytes(this.said, handshake.slice(0, at));
    this.handshake = handshake.slice(at);
  }

  private message(type: number, body: Uint8Array): void {
    if (type === 2) {
      const after = 35 + (body[34] ?? 0);
      const extendedMasterSecret = hasExtension(body.subarray(after + 3), EXTENDED_MASTER_SECRET);
      const suite = readNumber(body, after, 2);
      this.found = { ...this.found, serverRandom: body.slice(2, 34), suite, extendedMasterSecret };
    }
    if (type === 12 && body[0] === 3) {
      const point = body.slice(4, 4 + (body[3] ?? 0));
      this.found = { ...this.found, group: readNumber(body, 1, 2), point };
    }
    if (type === 13) this.found = { ...this.found, wantsCertificate: true };
    if (type === 14) this.complete = true;
  }
}

function hasExtension(bytes: Uint8Array, wanted: number): boolean {
  for (let at = 2; at + 4 <= bytes.length; at += 4 + readNumber(bytes, at + 2, 2)) {
    if (readNumber(bytes, at, 2) === wanted) return true;
  }
  return false;
}
