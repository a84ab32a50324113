// The server's first flight of a TLS 1.2 handshake (RFC 5246, 7.3): certificate chain and request, read from the bytes.
import { joinBytes, readItems, readNumber } from './tlsBytes';

export interface ServerFlight {
  /** That the server chose, as its number: 0x0303 is TLS 1.2. Not told by the reader of TLS 1.3. */
  readonly version?: number;
  /** Certificates in DER, exactly in the order sent. */
  readonly chain: readonly Uint8Array[];
  /** Present when the server asks for a client certificate: DER names of the CAs that it accepts (may be empty). */
  readonly acceptedIssuers?: readonly Uint8Array[];
  /** The fatal alert that ended it. */
  readonly alert?: number;
  readonly complete: boolean;
  /** The bytes are no TLS at all. */
  readonly notTls: boolean;
}

const MAX_BYTES = 256 * 1024;

/** Collects bytes as they arrive; `state` is right after every push. Never throws. */
export class ServerFlightReader {
  private pending = new Uint8Array();
  private handshake = new Uint8Array();
  private flight: ServerFlight = { chain: [], complete: false, notTls: false };

  get state(): ServerFlight {
    return this.flight;
  }

  get finished(): boolean {
    return this.flight.complete || this.flight.notTls || this.flight.alert !== undefined;
  }

  push(bytes: Uint8Array): void {
    this.pending = joinBytes(this.pending, bytes);
    if (this.pending.length > MAX_BYTES || this.handshake.length > MAX_BYTES) this.update({ notTls: true });
    while (!this.finished && this.pending.length >= 5) {
      const [type = 0, major = 0] = this.pending;
      const length = readNumber(this.pending, 3, 2);
      if (type < 20 || type > 23 || major !== 3 || length > 0x4800) {
        this.update({ notTls: true });
        return;
      }
      if (this.pending.length < 5 + length) return;
      this.record(type, this.pending.subarray(5, 5 + length));
      this.pending = this.pending.slice(5 + length);
    }
  }

  private record(type: number, content: Uint8Array): void {
    if (type === 21 && content.length >= 2) {
      const [level, alert = 0] = content;
      if (level === 2 || alert === 0) this.update({ alert });
    } else if (type === 22) {
      this.handshake = joinBytes(this.handshake, content);
      this.messages();
    }
  }

  private messages(): void {
    while (this.handshake.length >= 4) {
      const type = this.handshake[0];
      const end = 4 + readNumber(this.handshake, 1, 3);
      if (this.handshake.length < end) return;
      const body = this.handshake.slice(4, end);
      this.handshake = this.handshake.slice(end);
      if (type === 2) this.update({ version: readNumber(body, 0, 2) });
      if (type === 11) this.update({ chain: readItems(body.subarray(3, 3 + readNumber(body, 0, 3)), 3) });
      if (type === 13) this.update({ acceptedIssuers: acceptedIssuers(body) });
      if (type === 14) this.update({ complete: true });
    }
  }

  private update(change: Partial<ServerFlight>): void {
    this.flight = { ...this.flight, ...change };
  }
}

/** CertificateRequest: types <1>, signature algorithms <2>, authorities <2>. */
function acceptedIssuers(body: Uint8Array): Uint8Array[] {
  const algorithms = 1 + readNumber(body, 0, 1);
  const authorities = algorithms + 2 + readNumber(body, algorithms, 2);
  return readItems(body.subarray(authorities + 2, authorities + 2 + readNumber(body, authorities, 2)), 2);
}
