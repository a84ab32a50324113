// What the decoder knows when it reads a line: platform, versions, and the lines before.
import type { KnownBy, Platform } from './finding';
import type { MbedtlsVersion } from './mbedtlsTable';
import type { Hit } from './recognizer';

export interface Known<T> {
  readonly value: T;
  readonly by: KnownBy;
}

/** How many lines back a cause is looked for. */
export const LOOK_BACK = 24;

/** What an explanation may look at, as it was when the error came. */
export interface Surroundings {
  readonly platform: Platform;
  /** The lines before, newest first, as printed. */
  readonly before: readonly string[];
}

export class DecodeContext {
  platform: Known<Platform> = { value: 'other', by: 'unknown' };
  mbedtls: Known<MbedtlsVersion> | undefined;
  /** `5.1`, from the boot banner or an option. */
  idf: Known<string> | undefined;
  /** `esp32c3`, from the ROM's banner. */
  chip: string | undefined;

  /** Set by every look at earlier lines: such a reading holds for this place only. */
  lookedBack = false;

  private readonly lines: string[] = new Array(LOOK_BACK).fill('');
  private count = 0;
  private readonly hits: { readonly line: number; readonly hit: Hit }[] = [];

  /** Number of the line being read, from 1. */
  get line(): number {
    return this.count;
  }

  startLine(text: string): void {
    this.lines[this.count % LOOK_BACK] = text;
    this.count += 1;
  }

  remember(hit: Hit): void {
    this.hits.push({ line: this.count, hit });
    if (this.hits.length > LOOK_BACK) this.hits.shift();
  }

  /** The lines before the current one, newest first, as printed. */
  before(limit = LOOK_BACK - 1): string[] {
    this.lookedBack = true;
    const last = this.count - 1;
    const lines: string[] = [];
    for (let i = last - 1; i >= 0 && i >= last - limit; i -= 1) lines.push(this.lines[i % LOOK_BACK] as string);
    return lines;
  }

  /** What is known, as a word: readings made under another word do not hold any more. */
  known = '';

  /** To be called after a change of what is known. */
  learned(): void {
    this.known = `${this.platform.value} ${this.mbedtls?.value} ${this.idf?.value} ${this.chip}`;
  }

  surroundings(): Surroundings {
    return { platform: this.platform.value, before: this.before() };
  }

  /** Hits in the lines before the current one, newest first, at most `distance` lines back. */
  recentHits(distance = LOOK_BACK): readonly Hit[] {
    this.lookedBack = true;
    return this.hits
      .filter(({ line }) => line < this.count && line >= this.count - distance)
      .map(({ hit }) => hit)
      .reverse();
  }
}
