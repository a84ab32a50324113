// Collects events and waits for one that matches, with a deadline.

export class EventLog<T> {
  readonly all: T[] = [];
  private readonly waiting = new Set<() => void>();

  readonly add = (event: T): void => {
    this.all.push(event);
    for (const check of [...this.waiting]) check();
  };

  /** The first event, past or to come, that `matches`. Rejects after `deadlineMs`, telling what came instead. */
  until<S extends T>(matches: (event: T) => event is S, deadlineMs?: number): Promise<S>;
  until(matches: (event: T) => boolean, deadlineMs?: number): Promise<T>;
  until(matches: (event: T) => boolean, deadlineMs = 8_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(check);
        reject(new Error(`no such event in ${deadlineMs} ms; got ${JSON.stringify(this.all.slice(-10))}`));
      }, deadlineMs);
      const check = (): void => {
        const found = this.all.find(matches);
        if (found === undefined) return;
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve(found);
      };
      this.waiting.add(check);
      check();
    });
  }
}
