// Families that speak in sentences: a table of phrases, each with its name.
import type { DecodeContext } from './context';
import type { Family } from './finding';
import type { Hit } from './recognizer';

export interface Phrase {
  /** Group 1, where there is one, is the text of the finding. */
  readonly pattern: RegExp;
  /** Fixed, or made from the match; undefined: no finding. */
  readonly name: string | ((match: RegExpExecArray, context: DecodeContext) => string | undefined);
  /** The name, if not given. */
  readonly code?: string | ((match: RegExpExecArray) => string);
  readonly also?: readonly string[];
  /** See Hit. */
  readonly linesAfter?: number;
  /** Only where no finding stands in the last `quietFor` lines: the phrase is the echo of another. */
  readonly quietFor?: number;
  /** With `quietFor`: it echoes only findings of these families; another client's error hides nothing. */
  readonly echoes?: readonly Family[];
  /** With `quietFor`: group 2 is who it is about; it echoes only where a line before names the same one. */
  readonly aboutOne?: true;
}

/** Patterns need no flags; each finds at most once in a line. */
export function findPhrases(
  phrases: readonly Phrase[],
  family: Family,
  line: string,
  context: DecodeContext,
): readonly Hit[] {
  const hits: Hit[] = [];
  for (const phrase of phrases) {
    const match = phrase.pattern.exec(line);
    if (!match) continue;
    if (isEcho(phrase, match, context)) continue;
    const name = typeof phrase.name === 'string' ? phrase.name : phrase.name(match, context);
    if (name === undefined) continue;
    const text = match[1] ?? match[0];
    const code = typeof phrase.code === 'function' ? phrase.code(match) : (phrase.code ?? name);
    const hit = { start: match.index + match[0].indexOf(text), text, code, name, family, also: phrase.also ?? [] };
    hits.push(phrase.linesAfter === undefined ? hit : { ...hit, linesAfter: phrase.linesAfter });
  }
  return hits;
}

function isEcho({ quietFor, echoes, aboutOne }: Phrase, match: RegExpExecArray, context: DecodeContext): boolean {
  if (quietFor === undefined) return false;
  if (!context.recentHits(quietFor).some(({ family }) => !echoes || echoes.includes(family))) return false;
  const name = match[2];
  return !aboutOne || (name !== undefined && context.before(quietFor).some((line) => names(line, name)));
}

/** As a word of its own: `esp-1` is not in `esp-12`. */
function names(line: string, name: string): boolean {
  return line.split(/[\s,()[\]]+/).includes(name);
}
