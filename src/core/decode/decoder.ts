// Lines in, findings out: a small synchronous state machine. Quiet lines cost one word scan.
import { stripAnsi } from '../serial/ansi';
import { ByteLine } from './byteLine';
import { DecodeContext } from './context';
import { families } from './families';
import type { Finding, KnownBy, Platform } from './finding';
import { LineFinding } from './lineFinding';
import { type KnownHit, LineMemory } from './lineMemory';
import type { LinePlaces } from './linePlaces';
import { type Piece, piecesOf } from './longLine';
import type { MbedtlsVersion } from './mbedtlsTable';
import { plainDashes } from './plainDashes';
import { observe, observeShape, PLATFORM_WORDS } from './platform';
import type { Hit } from './recognizer';
import { stampLength } from './stampLength';
import { createWordScan } from './wordScan';
import { buildWordTable } from './wordTable';

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
  /** Findings in the next line, left to right. */
  next(line: string): readonly Finding[];
  /** The same without the word scan: for a line whose bytes were scanned and hold something. */
  look(line: string | ByteLine): readonly Finding[];
  /** Goes past lines (1 or more) whose bytes were scanned and hold no word. */
  skip(lines: LinePlaces): readonly Finding[];
  /** What was held back for a line that never came. */
  end(): readonly Finding[];
}

/** The answer for nearly every line. */
const NOTHING: readonly Finding[] = Object.freeze([]);

/** Bit 0 wakes `observe`, bit `i + 1` family `i`. Holds no state between lines, so all decoders share it. */
export const WORDS = buildWordTable([PLATFORM_WORDS, ...families.map(({ words }) => words)]);
const SCAN = createWordScan(WORDS);

export function createDecoder(options: DecoderOptions = {}): Decoder {
  return new LineDecoder(options);
}

class LineDecoder implements Decoder {
  private readonly context = new DecodeContext();
  private readonly memory = new LineMemory();
  /** A sentence without its code: the next line may bring the code. */
  private held: Finding | undefined;
  /** One that the lines behind it belong to. */
  private awaiting: LineFinding | undefined;

  constructor(options: DecoderOptions) {
    const by = options.knownBy ?? 'option';
    if (options.platform) this.context.platform = { value: options.platform, by };
    if (options.mbedtls) this.context.mbedtls = { value: options.mbedtls, by };
    if (options.idf) this.context.idf = { value: options.idf, by };
    this.context.learned();
  }

  next(line: string): readonly Finding[] {
    if (SCAN.any(line)) return this.look(line);
    this.context.startLine(line);
    return this.rest(this.awaiting?.follow(line) ?? true);
  }

  look(printed: string | ByteLine): readonly Finding[] {
    const line = typeof printed === 'string' ? ByteLine.of(printed) : printed;
    const { held, awaiting } = this;
    if (awaiting) return this.readBehind(awaiting, line);
    if (!held) return this.read(line);
    this.held = undefined;
    const found = this.read(line);
    return !found.some(({ code }) => code === held.code) ? [held, ...found] : found;
  }

  skip(lines: LinePlaces): readonly Finding[] {
    this.context.skipLines(lines);
    const { awaiting } = this;
    let complete = awaiting === undefined;
    for (let i = 0; awaiting && !complete && i < lines.count; i += 1) complete = awaiting.follow(lines.line(i).text);
    return this.rest(complete);
  }

  private readBehind(awaiting: LineFinding, line: ByteLine): readonly Finding[] {
    const complete = awaiting.follow(line.text);
    const found = this.read(line);
    const next = this.awaiting !== awaiting || this.held !== undefined;
    if (!complete && !next && found.length === 0) return NOTHING;
    if (this.awaiting === awaiting) this.awaiting = undefined;
    return [awaiting, ...found];
  }

  private read(line: ByteLine): readonly Finding[] {
    const { context } = this;
    context.startLine(line);
    const stamp = stampLength(line);
    const hits = this.memory.recall(line, stamp, context) ?? this.find(line, stamp);
    if (hits.length === 0) return NOTHING;
    const findings: Finding[] = [];
    for (const { hit, column } of hits) {
      const finding = new LineFinding(hit, stamp + column, context);
      if (hit.linesAfter !== undefined) this.awaiting = finding;
      else if (!hit.sentence) findings.push(finding);
      else if (!context.recentHits(2).some(({ code }) => code === hit.code)) this.held = finding;
      context.remember(hit);
    }
    return findings;
  }

  end(): readonly Finding[] {
    return this.rest(true);
  }

  /** What was held back; what waits for more lines only if it is `complete`. */
  private rest(complete: boolean): readonly Finding[] {
    const { held } = this;
    const awaited = complete ? this.awaiting : undefined;
    if (!held && !awaited) return NOTHING;
    this.held = undefined;
    if (complete) this.awaiting = undefined;
    return [held, awaited].filter((finding) => finding !== undefined);
  }

  private find(line: ByteLine, stamp: number): readonly KnownHit[] {
    const { context } = this;
    const { text, original } = stripAnsi(line.text);
    const mask = SCAN.groups(text);
    context.looks = [];
    context.sawLines = false;
    if (mask & 1) observe(text, context);
    const hits = mask > 1 || mask < 0 ? this.ask(plainDashes(text), mask).map((hit) => asPrinted(hit, text)) : [];
    if (hits.length > 0) observeShape(text, context);
    const known = hits.map((hit) => ({ hit, column: original(hit.start) + 1 - stamp }));
    return (mask & 1) === 0 && !context.sawLines ? this.memory.keep(line, stamp, context, known) : known;
  }

  /** Left to right. */
  private ask(line: string, mask: number): Hit[] {
    const kept: Hit[] = [];
    const pieces = piecesOf(line);
    for (const piece of pieces) this.askPiece(piece, pieces.length === 1 ? mask : SCAN.groups(piece.text), kept);
    return kept.sort((a, b) => a.start - b.start);
  }

  /** Families in their order of precedence; a hit on text or a code that is taken is dropped. */
  private askPiece({ text, from, ownFrom, ownTo }: Piece, mask: number, kept: Hit[]): void {
    families.forEach((family, index) => {
      if ((mask & (2 << index)) === 0) return;
      for (const found of family.find(text, this.context)) {
        if (found.start < ownFrom || found.start >= ownTo) continue;
        const hit = from === 0 ? found : { ...found, start: found.start + from };
        if (!kept.some((other) => clash(hit, other))) kept.push(hit);
      }
    });
  }
}

/** The hit with its text from the line itself, which may print dashes where families read hyphens. */
function asPrinted(hit: Hit, line: string): Hit {
  const text = line.slice(hit.start, hit.start + hit.text.length);
  return text === hit.text ? hit : { ...hit, text };
}

function clash(a: Hit, b: Hit): boolean {
  const overlap = a.start < b.start + b.text.length && b.start < a.start + a.text.length;
  return (
    overlap || a.name === b.name || (a.family === b.family && (a.code === b.code || b.also?.includes(a.name) === true))
  );
}
