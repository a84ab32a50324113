// The listeners of a BoardPort, and the promise that a write races against: a closed line never answers.

export class PortEvents {
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #close = new Set<(error?: Error) => void>();
  #open = false;
  #rejectClosed: (error: Error) => void = () => {};
  #closed: Promise<never> = Promise.reject(new Error('The port is not open.'));

  constructor() {
    this.#closed.catch(() => {});
  }

  get isOpen(): boolean {
    return this.#open;
  }

  opened(): void {
    this.#open = true;
    this.#closed = new Promise<never>((_, reject) => {
      this.#rejectClosed = reject;
    });
    this.#closed.catch(() => {}); // nobody may be waiting when it happens
  }

  /** Tells every listener, once per opening. */
  closed(error?: Error): void {
    if (!this.#open) return;
    this.#open = false;
    this.#rejectClosed(error ?? new Error('The port was closed.'));
    for (const listener of [...this.#close]) listener(error);
  }

  /** `promise`, or a rejection as soon as the port closes. */
  whileOpen<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#closed]);
  }

  data(bytes: Uint8Array): void {
    for (const listener of [...this.#data]) listener(bytes);
  }

  onData(listener: (bytes: Uint8Array) => void): () => void {
    this.#data.add(listener);
    return () => this.#data.delete(listener);
  }

  onClose(listener: (error?: Error) => void): () => void {
    this.#close.add(listener);
    return () => this.#close.delete(listener);
  }
}
