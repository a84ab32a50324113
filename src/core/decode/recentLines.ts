// The last lines of a log, and views of them that cost nothing: every finding takes one, hardly any is looked at.
import { ByteLine } from './byteLine';
import type { LinePlaces } from './linePlaces';

/** How many lines back a cause is looked for. */
export const LOOK_BACK = 24;
/** Lines of a block: a view keeps two of them alive. */
const BLOCK = 64;

/** Text, or what can become it: lines that nobody looks at need none. */
export type RecentLine = string | ByteLine;

/** Lines, and bytes of which a line is the part from `starts` to `ends`, its ending included. */
interface Block {
  readonly lines: (RecentLine | Uint8Array)[];
  readonly starts: number[];
  readonly ends: number[];
}

export class RecentLines {
  private block = newBlock();
  private used = 0;
  private older: Block | undefined;

  add(line: RecentLine): void {
    if (this.used === BLOCK) this.begin();
    this.block.lines[this.used] = line;
    this.used += 1;
  }

  /** So many of them as can be looked back at. */
  addLast(lines: LinePlaces): void {
    for (let i = Math.max(0, lines.count - LOOK_BACK); i < lines.count; i += 1) {
      if (this.used === BLOCK) this.begin();
      const { block, used } = this;
      block.lines[used] = lines.bytes;
      block.starts[used] = lines.startOf(i);
      block.ends[used] = lines.endOf(i);
      this.used += 1;
    }
  }

  private begin(): void {
    this.older = this.block;
    this.block = newBlock();
    this.used = 0;
  }

  /** The lines before the latest, as they are now: what a block holds is never replaced. */
  before(): LinesBefore {
    return new LinesBefore(this.block, this.older, this.used - 1);
  }
}

export class LinesBefore {
  constructor(
    private readonly block: Block,
    private readonly older: Block | undefined,
    private readonly end: number,
  ) {}

  /** Newest first, at most `limit`. */
  list(limit = LOOK_BACK - 1): string[] {
    const lines: string[] = [];
    for (let i = this.end - 1; i >= 0 && lines.length < limit; i -= 1) lines.push(textOf(this.block, i));
    const { older } = this;
    for (let i = BLOCK - 1; older && i >= 0 && lines.length < limit; i -= 1) lines.push(textOf(older, i));
    return lines;
  }
}

function newBlock(): Block {
  return { lines: new Array(BLOCK), starts: new Array(BLOCK), ends: new Array(BLOCK) };
}

/** A cause stands at the beginning of a line; what a search in a longer one costs grows with the square of its length. */
const LONGEST = 2048;

function textOf({ lines, starts, ends }: Block, index: number): string {
  const line = lines[index] ?? '';
  if (typeof line === 'string') return line.slice(0, LONGEST);
  const place = line instanceof ByteLine ? line : new ByteLine(line, starts[index] ?? 0, ends[index] ?? 0);
  return place.text.slice(0, LONGEST);
}
