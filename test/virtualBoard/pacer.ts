// Lets bytes through at a baud rate (10 bits a byte), their own or a fixed one, or at once; can be held up for a while.

const SLICE_MS = 4;

export class Pacer {
  readonly #queue: { bytes: Uint8Array; baudRate: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #freeAt = 0;
  pending = 0;

  constructor(
    private readonly pacing: boolean | number,
    private readonly deliver: (bytes: Uint8Array, baudRate: number) => void,
  ) {}

  push(bytes: Uint8Array, baudRate: number): void {
    if (bytes.length === 0) return;
    if (this.#queue.length === 0) this.#freeAt = Math.max(this.#freeAt, performance.now());
    this.#queue.push({ bytes, baudRate });
    this.pending += bytes.length;
    if (!this.#timer) this.#next();
  }

  /** Nothing passes for so long. */
  hold(milliseconds: number): void {
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + milliseconds;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue.length = 0;
    this.pending = 0;
  }

  #next(): void {
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      const slice = head.bytes.subarray(0, this.#sliceLength(head.baudRate));
      const rate = this.#rate(head.baudRate);
      if (rate !== undefined) this.#freeAt += (slice.length * 10_000) / rate;
      const wait = this.#freeAt - performance.now();
      if (wait > 0.5) {
        this.#timer = setTimeout(() => {
          this.#timer = undefined;
          this.#pass(slice);
          this.#next();
        }, wait);
        return;
      }
      this.#pass(slice);
    }
  }

  #pass(slice: Uint8Array): void {
    const head = this.#queue[0];
    if (!head) return;
    if (slice.length === head.bytes.length) this.#queue.shift();
    else this.#queue[0] = { ...head, bytes: head.bytes.subarray(slice.length) };
    this.pending -= slice.length;
    this.deliver(slice, head.baudRate);
  }

  #sliceLength(baudRate: number): number {
    const rate = this.#rate(baudRate);
    return rate === undefined ? Number.POSITIVE_INFINITY : Math.max(16, Math.floor((rate / 10_000) * SLICE_MS));
  }

  #rate(baudRate: number): number | undefined {
    if (this.pacing === true) return baudRate;
    return this.pacing === false ? undefined : this.pacing;
  }
}
