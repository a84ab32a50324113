// Payloads one after the other in large blocks: an array of its own for each small payload would cost five times its size.

export interface PayloadBlock {
  readonly bytes: Uint8Array;
  used: number;
  /** Payloads in it that are still kept. */
  live: number;
}

export class PayloadArena {
  /** Of all blocks that hold a kept payload, and of the one that is being filled. */
  bytes = 0;
  private current: PayloadBlock;

  constructor(private readonly blockSize: number) {
    this.current = this.newBlock(blockSize);
  }

  /** The block that has room for `size` more bytes at its `used`; the caller copies and counts. Large ones get their own. */
  room(size: number): PayloadBlock {
    if (size > this.blockSize / 4) return this.newBlock(size);
    if (this.current.used + size > this.blockSize) {
      if (this.current.live === 0) this.bytes -= this.blockSize;
      this.current = this.newBlock(this.blockSize);
    }
    return this.current;
  }

  /** One payload of `block` is not kept any more. */
  release(block: PayloadBlock): void {
    block.live--;
    if (block.live === 0 && block !== this.current) this.bytes -= block.bytes.length;
  }

  private newBlock(size: number): PayloadBlock {
    this.bytes += size;
    return { bytes: new Uint8Array(size), used: 0, live: 0 };
  }
}
