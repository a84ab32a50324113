// A number in a source as a person wrote it: 4096, 4 * 1024, or a name that stands for one.
import type { CppToken } from '../diagnose/cppTokens';
import type { SourceSymbols } from '../diagnose/sourceSymbols';

export interface SourceNumber {
  readonly value: number;
  readonly file: string;
  /** UTF-16 offsets of the digits, or of the whole product. */
  readonly start: number;
  readonly end: number;
}

/** Undefined for anything else: a sum, a cast, a call. */
export function sourceNumber(
  symbols: SourceSymbols,
  expression: readonly CppToken[],
  file: string,
  depth = 0,
): SourceNumber | undefined {
  const tokens = expression.filter((token) => token.kind !== 'mark' || !'()'.includes(token.text));
  const [first] = tokens;
  const last = tokens.at(-1);
  if (!first || !last) return undefined;
  if (first.kind === 'word') {
    const named = tokens.length === 1 && depth < 4 ? symbols.definition(first.text) : undefined;
    return named && sourceNumber(symbols, named.expression, named.file, depth + 1);
  }
  const factors = tokens.filter((_, i) => i % 2 === 0);
  const signs = tokens.filter((_, i) => i % 2 === 1);
  if (!signs.every((token) => token.kind === 'mark' && token.text === '*')) return undefined;
  let value = 1;
  for (const factor of factors) {
    if (factor.kind !== 'number') return undefined;
    value *= factor.value;
  }
  return Number.isFinite(value) ? { value, file, start: first.start, end: last.end } : undefined;
}
