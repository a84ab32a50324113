// Where lines can be put into a C++ source without breaking it: before a statement, at the head of a function, after the
// includes.
import { type CppToken, cppTokens } from '../diagnose/cppTokens';

const isMark = (token: CppToken | undefined, ...texts: string[]): boolean =>
  token?.kind === 'mark' && texts.includes(token.text);
const isWord = (token: CppToken | undefined, text: string): boolean => token?.kind === 'word' && token.text === text;

/** The start of the statement that holds offset `at`; undefined where nothing can stand before it (`else …`). */
export function statementStart(text: string, at: number): number | undefined {
  const tokens = cppTokens(text);
  let first = tokens.findIndex(({ start }) => start >= at);
  if (first < 0) return undefined;
  for (let depth = 0; first > 0; first--) {
    const before = tokens[first - 1];
    if (isMark(before, ')')) depth++;
    else if (isMark(before, '(') && depth > 0) depth--;
    else if (before?.kind === 'endOfLine' || (depth === 0 && isMark(before, ';', '{', '}'))) break;
  }
  const token = tokens[first];
  if (!token || isWord(token, 'else') || token.kind === 'directive') return undefined;
  return token.start;
}

/** The offset behind the `{` of `void name() {`. */
export function functionBody(text: string, name: string): number | undefined {
  const tokens = cppTokens(text);
  const at = tokens.findIndex((token, i) => isWord(token, name) && isMark(tokens[i + 1], '('));
  const brace = tokens.findIndex((token, i) => i > at && isMark(token, '{', ';'));
  return at >= 0 && isMark(tokens[brace], '{') ? tokens[brace]?.end : undefined;
}

/** The line after the last #include that stands at the head, and after the #endif of a condition that it stands in. */
export function afterIncludes(text: string): number {
  const tokens = cppTokens(text);
  let place = 0;
  let depth = 0;
  let open = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind !== 'directive') continue;
    const word = tokens[i + 1];
    const name = word?.kind === 'word' ? word.text : '';
    const guard = depth === 0 && place === 0 && isGuard(text, tokens, i);
    if (/^if(n?def)?$/.test(name) && !guard) depth++;
    if (name === 'endif' && depth > 0) depth--;
    if (name === 'include') open = true;
    const include = name === 'include' || (name === 'pragma' && place === 0);
    if (depth === 0 && (include || (name === 'endif' && open))) {
      const end = text.indexOf('\n', token.start);
      place = end < 0 ? text.length : end + 1;
      open = false;
    }
  }
  return place;
}

/** `#ifndef X` with `#define X` on the next line: the whole file is in it. */
function isGuard(text: string, tokens: readonly CppToken[], at: number): boolean {
  const start = tokens[at]?.start ?? 0;
  return /^#[ \t]*ifndef[ \t]+(\w+)[ \t]*\r?\n[ \t]*#[ \t]*define[ \t]+\1\b/.test(text.slice(start));
}
