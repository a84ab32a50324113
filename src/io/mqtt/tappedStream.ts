// A connection whose incoming bytes go through a tap first: the reader gets only what the tap hands on.
import { Duplex } from 'node:stream';

export interface Tap {
  /** Returns what is to be handed on, in its order. */
  push(chunk: Uint8Array): readonly Uint8Array[];
}

export class TappedStream extends Duplex {
  constructor(
    private readonly inner: Duplex,
    tap: Tap,
  ) {
    super({ allowHalfOpen: true });
    inner.on('data', (chunk: Uint8Array) => {
      let more = true;
      for (const part of tap.push(chunk)) more = this.push(part);
      if (!more) inner.pause();
    });
    inner.once('end', () => this.push(null));
    inner.once('error', (error) => this.destroy(error));
    inner.once('close', () => this.destroy());
  }

  override _read(): void {
    this.inner.resume();
  }

  override _write(chunk: Uint8Array, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.inner.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.inner.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.inner.destroy();
    done(error);
  }
}
