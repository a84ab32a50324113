// C and C++ source -> tokens: comments gone, string literals decoded and joined, positions kept for edits.

export type CppToken =
  | { readonly kind: 'word' | 'mark'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'number';
      readonly text: string;
      readonly value: number;
      readonly start: number;
      readonly end: number;
    }
  /** One or more adjacent literals: `value` is what the compiler sees. */
  | {
      readonly kind: 'string';
      readonly value: string;
      readonly raw: boolean;
      readonly start: number;
      readonly end: number;
    }
  /** The `#` that begins a preprocessor line, and that line's end. */
  | { readonly kind: 'directive'; readonly start: number; readonly end: number }
  | { readonly kind: 'endOfLine'; readonly start: number; readonly end: number };

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  0: '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

const PIECE =
  /(?<space>(?:\\\r?\n|[^\S\n])+)|(?<newline>\n)|(?<comment>\/\/(?:\\\r?\n|[^\n])*|\/\*[\s\S]*?(?:\*\/|$))|(?:u8|[uUL])?R"(?<delimiter>[^ ()\\\t\v\f\n]{0,16})\((?<raw>[\s\S]*?)\)\k<delimiter>"|(?:u8|[uUL])?"(?<plain>(?:\\[\s\S]|[^"\\\n])*)(?:"|(?=\n)|$)|(?<char>'(?:\\.|[^'\\\n])*')|(?<number>(?:0[xX][\da-fA-F']+|\d[\d']*(?:\.\d+)?)\w*)|(?<word>[A-Za-z_$][\w$]*)|(?<mark>->|::|[\s\S])/y;

/** Offsets count UTF-16 code units. Never throws: what is no token becomes a mark of one character. */
export function cppTokens(text: string): CppToken[] {
  const tokens: CppToken[] = [];
  let inDirective = false;
  let lineIsEmpty = true;
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match; match = PIECE.exec(text)) {
    const start = match.index;
    const end = PIECE.lastIndex;
    const part = match.groups ?? {};
    if (part['newline'] !== undefined) {
      if (inDirective) tokens.push({ kind: 'endOfLine', start, end });
      inDirective = false;
      lineIsEmpty = true;
    }
    if (part['newline'] !== undefined || part['space'] !== undefined || part['comment'] !== undefined) continue;
    const startsDirective = part['mark'] === '#' && lineIsEmpty && !inDirective;
    lineIsEmpty = false;
    if (startsDirective) {
      inDirective = true;
      tokens.push({ kind: 'directive', start, end });
      continue;
    }
    if (part['raw'] !== undefined) pushString(tokens, part['raw'], true, start, end);
    else if (part['plain'] !== undefined) pushString(tokens, decodeEscapes(part['plain']), false, start, end);
    else if (part['number'] !== undefined) {
      const value = Number(part['number'].replaceAll("'", '').replace(/(?<!^0[xX][\da-fA-F]*)[uUlLfF]+$/, ''));
      tokens.push({ kind: 'number', text: part['number'], value, start, end });
    } else if (part['word'] !== undefined) tokens.push({ kind: 'word', text: part['word'], start, end });
    else tokens.push({ kind: 'mark', text: part['char'] ?? part['mark'] ?? '', start, end });
  }
  if (inDirective) tokens.push({ kind: 'endOfLine', start: text.length, end: text.length });
  return tokens;
}

function pushString(tokens: CppToken[], value: string, raw: boolean, start: number, end: number): void {
  const last = tokens.at(-1);
  if (last?.kind === 'string') {
    tokens[tokens.length - 1] = { ...last, value: last.value + value, raw: last.raw || raw, end };
  } else tokens.push({ kind: 'string', value, raw, start, end });
}

function decodeEscapes(text: string): string {
  return text.replace(/\\(?:x([\da-fA-F]{1,2})|([0-7]{2,3})|(\r?\n)|([\s\S]))/g, (_, hex, octal, newline, other) => {
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return newline ? '' : (SIMPLE_ESCAPES[other] ?? other);
  });
}
