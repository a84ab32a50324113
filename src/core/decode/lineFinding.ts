// A hit in its place in the log. Its explanation is made when it is looked at: a loop's error is explained once or twice.
import { explain } from '../knowledge/explain';
import type { DecodeContext } from './context';
import type { Explanation, Family, Finding, KnownBy, Platform } from './finding';
import type { LinesBefore } from './recentLines';
import type { Hit } from './recognizer';

const NO_OTHERS: readonly string[] = Object.freeze([]);

export class LineFinding implements Finding {
  readonly line: number;
  readonly text: string;
  readonly code: string;
  readonly name: string;
  readonly family: Family;
  readonly also: readonly string[];
  readonly platform: Platform;
  readonly platformKnownBy: KnownBy;
  declare readonly version?: string;
  readonly #hit: Hit;
  readonly #before: LinesBefore;
  #after: readonly string[] | undefined;
  #explanation: Explanation | undefined;

  constructor(
    hit: Hit,
    readonly column: number,
    context: DecodeContext,
  ) {
    this.line = context.line;
    this.text = hit.text;
    this.code = hit.code;
    this.name = hit.name;
    this.family = hit.family;
    this.also = hit.also ?? NO_OTHERS;
    this.platform = context.platform.value;
    this.platformKnownBy = context.platform.by;
    if (hit.version !== undefined) this.version = hit.version;
    this.#hit = hit;
    this.#before = context.linesBefore();
  }

  /** One more line behind it. True once it has all that belong to it. */
  follow(line: string): boolean {
    this.#after = [...(this.#after ?? []), line];
    return this.#after.length >= (this.#hit.linesAfter ?? 0);
  }

  get explanation(): Explanation {
    const [before, after] = [this.#before.list(), this.#after ?? []];
    this.#explanation ??= explain(this.#hit, { platform: this.platform, before, after });
    return this.#explanation;
  }

  toJSON(): Finding {
    return { ...this, explanation: this.explanation };
  }
}
