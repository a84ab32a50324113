// A socket with a tap: counts what TLS sends, and keeps the start of what the server answers, for a report to read.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A handshake is a few kilobytes; a server that sends on and on is not kept. */
const MAX_KEPT = 256 * 1024;

export class TlsTap extends Duplex {
  bytesIn = 0;
  bytesOut = 0;
  /** How often the server was waited for: it answered after something had been sent. */
  roundTrips = 0;
  private waiting = false;
  private kept: Buffer[] = [];
  private keptBytes = 0;

  constructor(private readonly socket: Socket) {
    super({ allowHalfOpen: true });
    socket.on('data', (bytes: Buffer) => {
      this.bytesIn += bytes.length;
      if (this.waiting) this.roundTrips++;
      this.waiting = false;
      if (this.keptBytes < MAX_KEPT) {
        this.kept.push(bytes);
        this.keptBytes += bytes.length;
      }
      if (!this.push(bytes)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  /** What came from the server so far, up to a limit. */
  get received(): Uint8Array {
    return Buffer.concat(this.kept);
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.bytesOut += bytes.length;
    this.waiting = true;
    this.socket.write(bytes, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}
