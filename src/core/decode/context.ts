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

export class DecodeContext {
  platform: Known<Platform> = { value: 'other', by: 'unknown' };
  mbedtls: Known<MbedtlsVersion> | undefined;
  /** `5.1`, from the boot banner or an option. */
  idf: Known<string> | undefined;
  /** `esp32c3`, from the ROM's banner. */
  chip: string | undefined;

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
  *before(limit = LOOK_BACK - 1): Iterable<string> {
    const last = this.count - 1;
    for (let i = last - 1; i >= 0 && i >= last - limit; i -= 1) yield this.lines[i % LOOK_BACK] ?? '';
  }

  /** Hits in the lines before the current one, newest first, at most `distance` lines back. */
  recentHits(distance = LOOK_BACK): readonly Hit[] {
    return this.hits
      .filter(({ line }) => line < this.count && line >= this.count - distance)
      .map(({ hit }) => hit)
      .reverse();
  }
}
