// Payloads one after the other in large blocks: an array of its own for each small payload would cost five times its size.
// Blocks have numbers, so that a column of numbers can point at them.

interface PayloadBlock {
  readonly bytes: Uint8Array;
  used: number;
  /** Payloads in it that are still kept. */
  live: number;
}

/** Copying this many bytes one by one is quicker than making the view that `set` needs. */
const SHORT = 192;

export class PayloadArena {
  /** Of all blocks that hold a kept payload, and of the one that is being filled. */
  bytes = 0;
  /** Where `add` put the last payload in its block. */
  offset = 0;
  private readonly blocks: (PayloadBlock | undefined)[] = [];
  private readonly unused: number[] = [];
  private current: number;

  constructor(private readonly blockSize: number) {
    this.current = this.newBlock(blockSize);
  }

  /** Copies `source` from `start` to `end` and returns the number of the block it is in, at `offset`. */
  add(source: Uint8Array, start: number, end: number): number {
    const size = end - start;
    const number = this.room(size);
    const block = this.blocks[number] as PayloadBlock;
    const { bytes, used } = block;
    if (size > SHORT) bytes.set(source.subarray(start, end), used);
    else for (let i = 0; i < size; i++) bytes[used + i] = source[start + i] as number;
    this.offset = used;
    block.used = used + size;
    block.live++;
    return number;
  }

  /** A view: do not change it. */
  read(block: number, offset: number, length: number): Uint8Array {
    return this.blocks[block]?.bytes.subarray(offset, offset + length) ?? new Uint8Array();
  }

  /** One payload of `block` is not kept any more. */
  release(block: number): void {
    const held = this.blocks[block];
    if (!held) return;
    held.live--;
    if (held.live === 0 && block !== this.current) this.free(block, held);
  }

  /** A block with room for `size` more bytes. Large payloads get their own. */
  private room(size: number): number {
    if (size > this.blockSize / 4) return this.newBlock(size);
    const block = this.blocks[this.current];
    if (block && block.used + size <= this.blockSize) return this.current;
    if (block?.live === 0) this.free(this.current, block);
    this.current = this.newBlock(this.blockSize);
    return this.current;
  }

  private newBlock(size: number): number {
    this.bytes += size;
    const number = this.unused.pop() ?? this.blocks.length;
    this.blocks[number] = { bytes: new Uint8Array(size), used: 0, live: 0 };
    return number;
  }

  private free(number: number, { bytes }: PayloadBlock): void {
    this.bytes -= bytes.length;
    this.blocks[number] = undefined;
    this.unused.push(number);
  }
}
