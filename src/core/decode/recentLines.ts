// The last lines of a log, and views of them that cost nothing: every finding takes one, hardly any is looked at.

/** How many lines back a cause is looked for. */
export const LOOK_BACK = 24;
/** Lines of a block: a view keeps two of them alive. */
const BLOCK = 64;

/** Text, or what can become it: lines that nobody looks at need none. */
export type RecentLine = string | { readonly text: string };

export class RecentLines {
  private block: RecentLine[] = new Array(BLOCK);
  private used = 0;
  private older: readonly RecentLine[] = [];

  add(line: RecentLine): void {
    if (this.used === BLOCK) {
      this.older = this.block;
      this.block = new Array(BLOCK);
      this.used = 0;
    }
    this.block[this.used] = line;
    this.used += 1;
  }

  /** The lines before the latest, as they are now: what a block holds is never replaced. */
  before(): LinesBefore {
    return new LinesBefore(this.block, this.older, this.used - 1);
  }
}

export class LinesBefore {
  constructor(
    private readonly block: readonly RecentLine[],
    private readonly older: readonly RecentLine[],
    private readonly end: number,
  ) {}

  /** Newest first, at most `limit`. */
  list(limit = LOOK_BACK - 1): string[] {
    const lines: string[] = [];
    for (let i = this.end - 1; i >= 0 && lines.length < limit; i -= 1) lines.push(textOf(this.block[i]));
    for (let i = this.older.length - 1; i >= 0 && lines.length < limit; i -= 1) lines.push(textOf(this.older[i]));
    return lines;
  }
}

/** A cause stands at the beginning of a line; what a search in a longer one costs grows with the square of its length. */
const LONGEST = 2048;

function textOf(line: RecentLine | undefined): string {
  return (typeof line === 'object' ? line.text : (line ?? '')).slice(0, LONGEST);
}
