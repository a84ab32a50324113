// Lines in, findings out: a small synchronous state machine. Quiet lines cost one word scan.
import { explain } from '../knowledge/explain';
import { stripAnsi } from '../serial/ansi';
import { DecodeContext } from './context';
import { families } from './families';
import type { Finding, KnownBy, Platform } from './finding';
import type { MbedtlsVersion } from './mbedtlsTable';
import { observe, observeShape, PLATFORM_WORDS } from './platform';
import type { Hit } from './recognizer';
import { createWordScan, type WordScan } from './wordScan';

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
  next(line: string, timeMs?: number): Finding[];
  /** What was held back for a line that never came. */
  end(): Finding[];
}

const ESC = '\u001b';

export function createDecoder(options: DecoderOptions = {}): Decoder {
  return new LineDecoder(options);
}

class LineDecoder implements Decoder {
  private readonly context = new DecodeContext();
  /** A sentence without its code: the next line may bring the code. */
  private held: Finding | undefined;
  private readonly scan: WordScan = createWordScan([PLATFORM_WORDS, ...families.map(({ words }) => words)]);

  constructor(options: DecoderOptions) {
    const by = options.knownBy ?? 'option';
    if (options.platform) this.context.platform = { value: options.platform, by };
    if (options.mbedtls) this.context.mbedtls = { value: options.mbedtls, by };
    if (options.idf) this.context.idf = { value: options.idf, by };
  }

  next(line: string): Finding[] {
    const held = this.held;
    this.held = undefined;
    const found = this.read(line);
    return held && !found.some(({ code }) => code === held.code) ? [held, ...found] : found;
  }

  private read(line: string): Finding[] {
    const { context } = this;
    context.startLine(line);
    let mask = this.scan(line);
    if (mask === 0 && !mayHideInside(line)) return [];
    const plain = stripAnsi(line);
    if (plain.text !== line) mask = this.scan(plain.text);
    if (mask === 0) return [];
    if (mask & 1) observe(plain.text, context);
    const hits = this.hits(plain.text, mask);
    if (hits.length === 0) return [];
    observeShape(plain.text, context);
    const findings: Finding[] = [];
    for (const hit of hits) {
      const finding = this.finding(hit, plain.original(hit.start) + 1);
      if (!hit.sentence) findings.push(finding);
      else if (!context.recentHits(2).some(({ code }) => code === hit.code)) this.held = finding;
      context.remember(hit);
    }
    return findings;
  }

  end(): Finding[] {
    const held = this.held;
    this.held = undefined;
    return held ? [held] : [];
  }

  /** Families in their order of precedence; a hit on text or a code that is taken is dropped. */
  private hits(line: string, mask: number): Hit[] {
    const kept: Hit[] = [];
    families.forEach((family, index) => {
      if ((mask & (2 << index)) === 0) return;
      for (const hit of family.find(line, this.context)) if (!kept.some((other) => clash(hit, other))) kept.push(hit);
    });
    return kept.sort((a, b) => a.start - b.start);
  }

  private finding(hit: Hit, column: number): Finding {
    const { context } = this;
    const { text, code, name, family, version } = hit;
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
      explanation: explain(hit, context),
    };
  }
}

function clash(a: Hit, b: Hit): boolean {
  const overlap = a.start < b.start + b.text.length && b.start < a.start + a.text.length;
  return (
    overlap || a.name === b.name || (a.family === b.family && (a.code === b.code || b.also?.includes(a.name) === true))
  );
}

/** A control sequence other than colour at the start and reset at the end could split a word. */
function mayHideInside(line: string): boolean {
  const first = line.indexOf(ESC);
  if (first === -1) return false;
  const second = line.indexOf(ESC, first + 1);
  return !(first === 0 && (second === -1 || (second === line.length - 4 && line.endsWith('m'))));
}
