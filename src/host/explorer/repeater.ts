// Publishes the same message at a rate, one at a time: a slow broker is never flooded.
import type { Repetition } from '../../protocol/explorerModel';

export class Repeater {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private run = 0;
  private current: Repetition = { running: false, sent: 0 };

  constructor(private readonly onChange: (repetition: Repetition) => void) {}

  get state(): Repetition {
    return this.current;
  }

  /** Publishes now, then `everyMs` after each start. Ends at the first failure and says it. */
  start(publish: () => Promise<void>, everyMs: number): void {
    this.stop();
    const run = this.run;
    this.enter({ running: true, sent: 0 });
    const next = async (): Promise<void> => {
      const startedMs = Date.now();
      try {
        await publish();
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        if (run === this.run) this.enter({ running: false, sent: this.current.sent, problem });
        return;
      }
      if (run !== this.run) return;
      this.enter({ running: true, sent: this.current.sent + 1 });
      this.timer = setTimeout(() => void next(), Math.max(0, startedMs + everyMs - Date.now()));
    };
    void next();
  }

  stop(): void {
    this.run += 1;
    clearTimeout(this.timer);
    if (this.current.running) this.enter({ running: false, sent: this.current.sent });
  }

  private enter(state: Repetition): void {
    this.current = state;
    this.onChange(state);
  }
}
