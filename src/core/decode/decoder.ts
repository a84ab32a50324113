// Lines in, findings out: a small synchronous state machine. Quiet lines cost one word scan.
import { explain } from '../knowledge/explain';
import { stripAnsi } from '../serial/ansi';
import { DecodeContext } from './context';
import { families } from './families';
import type { Explanation, Finding, KnownBy, Platform } from './finding';
import { LineMemory } from './lineMemory';
import type { MbedtlsVersion } from './mbedtlsTable';
import { observe, observeShape, PLATFORM_WORDS } from './platform';
import type { Hit } from './recognizer';
import { createWordScan } from './wordScan';

export interface DecoderOptions {
  /** Where the lines come from, if known; otherwise read from banners and log formats. */
  readonly platform?: Platform;
  readonly mbedtls?: MbedtlsVersion;
  /** `5.1`: decides between esp-tls numberings. */
  readonly idf?: string;
  /** How the options came to be known: `option` unless said otherwise. */
  readonly knownBy?: KnownBy;
}

export interface Decoder {
  /** Findings in the next line, left to right. `timeMs` is when it came, on any clock. */
  next(line: string, timeMs?: number): readonly Finding[];
  /** What was held back for a line that never came. */
  end(): readonly Finding[];
}

/** The answer for nearly every line. */
const NOTHING: readonly Finding[] = Object.freeze([]);

/** Holds no state between lines, so all decoders share it. */
const SCAN = createWordScan([PLATFORM_WORDS, ...families.map(({ words }) => words)]);

export function createDecoder(options: DecoderOptions = {}): Decoder {
  return new LineDecoder(options);
}

class LineDecoder implements Decoder {
  private readonly context = new DecodeContext();
  private readonly memory = new LineMemory();
  /** A sentence without its code: the next line may bring the code. */
  private held: Finding | undefined;

  constructor(options: DecoderOptions) {
    const by = options.knownBy ?? 'option';
    if (options.platform) this.context.platform = { value: options.platform, by };
    if (options.mbedtls) this.context.mbedtls = { value: options.mbedtls, by };
    if (options.idf) this.context.idf = { value: options.idf, by };
    this.context.learned();
  }

  next(line: string): readonly Finding[] {
    const { held } = this;
    if (!held) return this.read(line);
    this.held = undefined;
    const found = this.read(line);
    return !found.some(({ code }) => code === held.code) ? [held, ...found] : found;
  }

  private read(line: string): readonly Finding[] {
    const { context } = this;
    context.startLine(line);
    if (!SCAN.any(line)) return NOTHING;
    const plain = stripAnsi(line);
    const hits = this.memory.recall(plain.text, context) ?? this.find(plain.text);
    if (hits.length === 0) return NOTHING;
    const findings: Finding[] = [];
    for (const hit of hits) {
      const finding = this.finding(hit, plain.original(hit.start) + 1);
      if (!hit.sentence) findings.push(finding);
      else if (!context.recentHits(2).some(({ code }) => code === hit.code)) this.held = finding;
      context.remember(hit);
    }
    return findings;
  }

  end(): readonly Finding[] {
    const held = this.held;
    this.held = undefined;
    return held ? [held] : NOTHING;
  }

  /** Families in their order of precedence; a hit on text or a code that is taken is dropped. */
  private find(line: string): readonly Hit[] {
    const { context } = this;
    const mask = SCAN.groups(line);
    if (mask & 1) observe(line, context);
    context.lookedBack = false;
    const kept: Hit[] = [];
    families.forEach((family, index) => {
      if ((mask & (2 << index)) === 0) return;
      for (const hit of family.find(line, context)) if (!kept.some((other) => clash(hit, other))) kept.push(hit);
    });
    kept.sort((a, b) => a.start - b.start);
    if (kept.length > 0) observeShape(line, context);
    if ((mask & 1) === 0 && !context.lookedBack) this.memory.keep(line, context, kept);
    return kept;
  }

  private finding(hit: Hit, column: number): Finding {
    const { context } = this;
    const { text, code, name, family, version } = hit;
    const surroundings = context.surroundings();
    let explanation: Explanation | undefined;
    return {
      line: context.line,
      column,
      text,
      code,
      name,
      family,
      also: hit.also ?? [],
      platform: context.platform.value,
      platformKnownBy: context.platform.by,
      ...(version === undefined ? {} : { version }),
      // Made when it is looked at: an error repeated a thousand times is explained once or twice.
      get explanation() {
        explanation ??= explain(hit, surroundings);
        return explanation;
      },
    };
  }
}

function clash(a: Hit, b: Hit): boolean {
  const overlap = a.start < b.start + b.text.length && b.start < a.start + a.text.length;
  return (
    overlap || a.name === b.name || (a.family === b.family && (a.code === b.code || b.also?.includes(a.name) === true))
  );
}
