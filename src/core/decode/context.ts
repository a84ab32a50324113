// What the decoder knows when it reads a line: platform, versions, and the lines before.
import type { KnownBy, Platform } from './finding';
import type { LinePlaces } from './linePlaces';
import type { MbedtlsVersion } from './mbedtlsTable';
import { type LinesBefore, LOOK_BACK, type RecentLine, RecentLines } from './recentLines';
import type { Hit } from './recognizer';

export interface Known<T> {
  readonly value: T;
  readonly by: KnownBy;
}

/** What an explanation may look at, as it was when the error came. */
export interface Surroundings {
  readonly platform: Platform;
  /** The lines before, newest first, as printed. */
  readonly before: readonly string[];
  /** Lines behind, in order, of an error that has such. */
  readonly after?: readonly string[];
}

/** A look at the hits of the `distance` lines before. */
export interface Look {
  readonly distance: number;
  readonly hits: readonly Hit[];
}

export class DecodeContext {
  platform: Known<Platform> = { value: 'other', by: 'unknown' };
  mbedtls: Known<MbedtlsVersion> | undefined;
  /** `5.1`, from the boot banner or an option. */
  idf: Known<string> | undefined;
  /** `esp32c3`, from the ROM's banner. */
  chip: string | undefined;

  /** What the reading of this line depends on beside the line: looks at earlier hits, with what was seen. */
  looks: Look[] = [];
  /** Set by a look at earlier lines themselves: such a reading holds for this place only. */
  sawLines = false;

  private readonly lines = new RecentLines();
  private count = 0;
  /** Of the last LOOK_BACK hits, with their lines; the next one replaces the oldest, at `hitCount`. */
  private readonly hits: Hit[] = [];
  private readonly hitLines: number[] = [];
  private hitCount = 0;

  /** Number of the line being read, from 1. */
  get line(): number {
    return this.count;
  }

  startLine(line: RecentLine): void {
    this.lines.add(line);
    this.count += 1;
  }

  /** The same for lines in which nothing is to be read. */
  skipLines(lines: LinePlaces): void {
    this.lines.addLast(lines);
    this.count += lines.count;
  }

  remember(hit: Hit): void {
    this.hits[this.hitCount % LOOK_BACK] = hit;
    this.hitLines[this.hitCount % LOOK_BACK] = this.count;
    this.hitCount += 1;
  }

  /** The lines before the current one, newest first, as printed. */
  before(limit?: number): string[] {
    this.sawLines = true;
    return this.lines.before().list(limit);
  }

  /** What is known, as a word: readings made under another word do not hold any more. */
  known = '';

  /** To be called after a change of what is known. */
  learned(): void {
    this.known = `${this.platform.value} ${this.mbedtls?.value} ${this.idf?.value} ${this.chip}`;
  }

  /** The lines before the current one, to be looked at later. */
  linesBefore(): LinesBefore {
    return this.lines.before();
  }

  /** Hits in the lines before the current one, newest first, at most `distance` lines back. */
  recentHits(distance = LOOK_BACK): readonly Hit[] {
    const hits = this.hitsBefore(distance);
    this.looks.push({ distance, hits });
    return hits;
  }

  /** Whether a reading that depends on `looks` holds here too. */
  seesAgain(looks: readonly Look[]): boolean {
    for (const look of looks) if (!this.sees(look)) return false;
    return true;
  }

  private sees({ distance, hits }: Look): boolean {
    let seen = 0;
    for (let i = this.hitCount - 1; i >= 0 && i >= this.hitCount - LOOK_BACK; i -= 1) {
      const line = this.hitLines[i % LOOK_BACK] as number;
      if (line < this.count - distance) break;
      if (line === this.count) continue;
      if (this.hits[i % LOOK_BACK] !== hits[seen]) return false;
      seen += 1;
    }
    return seen === hits.length;
  }

  private hitsBefore(distance: number): readonly Hit[] {
    const found: Hit[] = [];
    for (let i = this.hitCount - 1; i >= 0 && i >= this.hitCount - LOOK_BACK; i -= 1) {
      const line = this.hitLines[i % LOOK_BACK] as number;
      if (line < this.count - distance) break;
      if (line < this.count) found.push(this.hits[i % LOOK_BACK] as Hit);
    }
    return found;
  }
}
