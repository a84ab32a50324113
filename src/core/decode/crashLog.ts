// The crashes of a whole log, each kind once: a board that crashes in a loop prints the same calls again and again.
import { type CrashDump, CrashReader } from './crashDump';

export interface LoggedCrash {
  /** The first of its kind. */
  readonly dump: CrashDump;
  readonly count: number;
}

/** More kinds than this are not kept. */
const MOST_KINDS = 200;

export class CrashLog {
  private readonly reader = new CrashReader();
  private readonly kinds = new Map<string, { readonly dump: CrashDump; count: number }>();

  /** The next line of the log. */
  take(line: string): void {
    this.keep(this.reader.next(line));
  }

  /** What the log held, in order. */
  end(): readonly LoggedCrash[] {
    this.keep(this.reader.end());
    return [...this.kinds.values()];
  }

  private keep(dump: CrashDump | undefined): void {
    if (!dump) return;
    const key = dump.addresses.join(' ');
    const known = this.kinds.get(key);
    if (known) known.count += 1;
    else if (this.kinds.size < MOST_KINDS) this.kinds.set(key, { dump, count: 1 });
  }
}
