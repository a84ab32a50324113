// Inflates a zlib stream block by block: what each block adds comes back before the next is asked for.
import { createInflate, type Inflate } from 'node:zlib';

export class Inflater {
  readonly #stream: Inflate = createInflate();
  #out: Uint8Array[] = [];
  #error: Error | undefined;
  #wake: () => void = () => undefined;

  constructor() {
    this.#stream.on('data', (bytes: Uint8Array) => this.#out.push(bytes));
    this.#stream.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  /** Rejects where the data is not a zlib stream. */
  async push(block: Uint8Array): Promise<Uint8Array> {
    if (this.#error) throw this.#error;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stream.write(block, () => resolve());
    });
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#error) throw this.#error;
    const out = Buffer.concat(this.#out);
    this.#out = [];
    return out;
  }

  close(): void {
    this.#stream.close();
  }
}
