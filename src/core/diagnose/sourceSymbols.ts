// What a sketch's sources say by name: #defines, string and number variables, member assignments, and calls.
import { type CppToken, cppTokens } from './cppTokens';

export interface SourceFile {
  /** Relative to the project folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A place in a file. Offsets count UTF-16 code units; lines count from 1. */
export interface SourceRange {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

export interface SourceValue {
  readonly value: string | number;
  /** The literal itself, what an edit replaces. */
  readonly at: SourceRange;
  /** Written as R"(…)". */
  readonly raw: boolean;
  /** It stands in a #define: an edit must not add plain line breaks. */
  readonly inDefine: boolean;
}

export interface SourceCall {
  readonly name: string;
  /** The word in front of `.` or `->`, when there is one. */
  readonly object?: string;
  /** Characters from the object's start to the name's, for example 4 in `tls.setInsecure()`; 0 without one. */
  readonly objectLength: number;
  readonly args: readonly (readonly CppToken[])[];
  readonly at: SourceRange;
}

export interface SourceAssignment {
  /** Words joined by dots, for example `cfg.broker.verification.certificate` or, in an initializer, `.uri`. */
  readonly path: string;
  readonly expression: readonly CppToken[];
  readonly at: SourceRange;
}

type Named = { readonly expression: readonly CppToken[]; readonly file: SourceFile; readonly inDefine: boolean };

export class SourceSymbols {
  readonly calls: SourceCall[] = [];
  readonly assignments: SourceAssignment[] = [];
  readonly includes: string[] = [];
  /** Every word outside comments and strings: also functions that are only passed on. */
  readonly words = new Set<string>();
  private readonly names = new Map<string, Named>();
  /** Tokens carry no file: remembers where each expression came from. */
  private readonly files = new Map<readonly CppToken[], SourceFile>();
  private readonly lineStarts = new Map<SourceFile, readonly number[]>();

  constructor(sources: readonly SourceFile[]) {
    for (const file of sources) this.read(file, cppTokens(file.text));
  }

  /** Names whose value is a string or a number, in the order they were defined. */
  *values(): Iterable<[name: string, value: SourceValue]> {
    for (const name of this.names.keys()) {
      const value = this.named(name);
      if (value) yield [name, value];
    }
  }

  named(name: string, depth = 0): SourceValue | undefined {
    const found = this.names.get(name);
    return found && depth < 6 ? this.evaluate(found.expression, found.file, found.inDefine, depth) : undefined;
  }

  /** What a name stands for, unevaluated. */
  definition(name: string): { readonly expression: readonly CppToken[]; readonly file: string } | undefined {
    const found = this.names.get(name);
    return found && { expression: found.expression, file: found.file.path };
  }

  /** The value of a call's argument or of an assignment: a literal, or a name that stands for one. */
  resolve(expression: readonly CppToken[]): SourceValue | undefined {
    const file = this.files.get(expression);
    return file && this.evaluate(expression, file, false, 0);
  }

  /** The first word of an expression, past casts and `&`: `cert` in `(const char *)&cert`. */
  wordIn(expression: readonly CppToken[]): string | undefined {
    const words = expression.filter((token) => token.kind === 'word' && !TYPE_WORDS.has(token.text));
    const [first] = words;
    return first?.kind === 'word' ? first.text : undefined;
  }

  private evaluate(
    tokens: readonly CppToken[],
    file: SourceFile,
    inDefine: boolean,
    depth: number,
  ): SourceValue | undefined {
    const literal = tokens.find((token) => token.kind === 'string' || token.kind === 'number');
    const word = this.wordIn(tokens);
    if (literal?.kind === 'string') return this.literalValue(literal.value, literal, file, literal.raw, inDefine);
    if (word !== undefined && this.names.has(word)) return this.named(word, depth + 1);
    if (literal?.kind === 'number') return this.literalValue(literal.value, literal, file, false, inDefine);
    return undefined;
  }

  private read(file: SourceFile, tokens: readonly CppToken[]): void {
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i];
      if (token?.kind === 'word') this.words.add(token.text);
      if (token?.kind === 'directive') i = this.readDirective(file, tokens, i);
      else if (token?.kind === 'mark' && token.text === '=') this.readAssignment(file, tokens, i);
      else if (token?.kind === 'word' && isMark(tokens[i + 1], '(')) this.readCall(file, tokens, i);
    }
  }

  /** Returns the index of the directive's last token. */
  private readDirective(file: SourceFile, tokens: readonly CppToken[], at: number): number {
    const end = tokens.findIndex((token, i) => i > at && token.kind === 'endOfLine');
    const line = tokens.slice(at + 1, end);
    const [directive, name, ...rest] = line;
    if (directive?.kind === 'word' && directive.text === 'define' && name?.kind === 'word') {
      this.define(name.text, rest, file, true);
    }
    if (directive?.kind === 'word' && directive.text === 'include') {
      const [first, last] = [line[1], line.at(-1)];
      if (first && last) this.includes.push(file.text.slice(first.start, last.end).replace(/[<>"]/g, ''));
    }
    return end;
  }

  private readAssignment(file: SourceFile, tokens: readonly CppToken[], at: number): void {
    if (isMark(tokens[at + 1], '=') || isOperator(tokens[at - 1])) return;
    const path = fullPath(tokens, at);
    const expression = expressionFrom(tokens, at + 1);
    const [first] = expression;
    if (!path || !first) return;
    this.files.set(expression, file);
    this.assignments.push({ path, expression, at: this.range(file, first.start, expression.at(-1)?.end ?? first.end) });
    if (!path.includes('.')) this.define(path, expression, file, false);
  }

  private readCall(file: SourceFile, tokens: readonly CppToken[], at: number): void {
    const name = tokens[at];
    if (name?.kind !== 'word') return;
    const { args, end } = argumentsFrom(tokens, at + 2);
    for (const argument of args) this.files.set(argument, file);
    const dot = tokens[at - 1];
    const member = isMark(dot, '.') || isMark(dot, '->') ? tokens[at - 2] : undefined;
    // `extern const uint8_t ca_start[] asm("_binary_ca_pem_start")`: the array is what the call is about.
    const object = isMark(dot, ']') ? tokens[at - (isMark(tokens[at - 2], '[') ? 3 : 4)] : member;
    this.calls.push({
      name: name.text,
      ...(object?.kind === 'word' ? { object: object.text } : {}),
      objectLength: object ? name.start - object.start : 0,
      args,
      at: this.range(file, name.start, end),
    });
    // `X509List ca(ROOT_CA);` and `IPAddress server(192, 168, 1, 10);` declare: the word before is the type.
    const type = tokens[at - 1];
    if (type?.kind !== 'word' || TYPE_WORDS.has(type.text) || type.text === 'return') return;
    this.calls.push({
      name: `${type.text} declaration`,
      object: name.text,
      objectLength: 0,
      args,
      at: this.range(file, name.start, end),
    });
  }

  private literalValue(
    value: string | number,
    token: CppToken,
    file: SourceFile,
    raw: boolean,
    inDefine: boolean,
  ): SourceValue {
    return { value, at: this.range(file, token.start, token.end), raw, inDefine };
  }

  private range(file: SourceFile, start: number, end: number): SourceRange {
    let starts = this.lineStarts.get(file);
    if (!starts) {
      starts = [...file.text.matchAll(/^/gm)].map(({ index }) => index);
      this.lineStarts.set(file, starts);
    }
    let [low, high] = [0, starts.length];
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= start) low = middle;
      else high = middle;
    }
    return { file: file.path, start, end, line: low + 1 };
  }

  /** The first definition wins: later ones are other branches of an #if, or examples. */
  private define(name: string, expression: readonly CppToken[], file: SourceFile, inDefine: boolean): void {
    const known = this.names.get(name);
    if (known?.expression.some(({ kind }) => kind === 'string' || kind === 'number')) return;
    this.names.set(name, { expression, file, inDefine });
  }
}

const TYPE_WORDS: ReadonlySet<string> = new Set(
  'const char unsigned signed int long short uint8_t uint16_t uint32_t size_t static constexpr String F PSTR void void_t auto'.split(
    ' ',
  ),
);

function isMark(token: CppToken | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function isOperator(token: CppToken | undefined): boolean {
  return token?.kind === 'mark' && /^[=!<>+\-*/%&|^]$/.test(token.text);
}

/** In nested initializers the members around it come first: `.authentication = { .key = …` -> `.authentication.key`. */
function fullPath(tokens: readonly CppToken[], at: number): string | undefined {
  const path = leftSide(tokens, at);
  if (!path?.startsWith('.')) return path;
  let depth = 0;
  for (let i = at - 1; i > Math.max(0, at - MAX_INITIALIZER); i--) {
    if (isMark(tokens[i], '}')) depth++;
    if (isMark(tokens[i], '{') && --depth < 0) {
      return isMark(tokens[i - 1], '=') ? `${fullPath(tokens, i - 1) ?? ''}${path}` : path;
    }
  }
  return path;
}

const MAX_INITIALIZER = 600;

/** `static const char NAME[] PROGMEM =` -> `NAME`; `cfg.broker.address.uri =` -> that; `.uri =` -> `.uri`. */
function leftSide(tokens: readonly CppToken[], at: number): string | undefined {
  let i = at - 1;
  // Back over array brackets and attribute words behind them.
  const bracket = tokens.slice(Math.max(0, at - 8), at).findLastIndex((token) => isMark(token, '['));
  if (bracket >= 0) {
    const place = Math.max(0, at - 8) + bracket;
    const between = tokens.slice(place, at);
    if (!between.some((token) => isMark(token, ';') || isMark(token, '{') || isMark(token, ')'))) i = place - 1;
  }
  const words: string[] = [];
  for (; i >= 0; i -= 2) {
    const word = tokens[i];
    if (word?.kind !== 'word') break;
    words.unshift(word.text);
    const dot = tokens[i - 1];
    if (!isMark(dot, '.') && !isMark(dot, '->')) return words.join('.');
    if (tokens[i - 2]?.kind !== 'word') return `.${words.join('.')}`;
  }
  return words.length > 0 ? words.join('.') : undefined;
}

/** Up to `;` or `,` or a closing bracket of a higher level. At most 64 tokens. */
function expressionFrom(tokens: readonly CppToken[], from: number): CppToken[] {
  const found: CppToken[] = [];
  let depth = 0;
  for (let i = from; i < tokens.length && found.length < 64; i++) {
    const token = tokens[i];
    if (!token || token.kind === 'endOfLine') break;
    if (token.kind === 'mark') {
      if ('([{'.includes(token.text)) depth++;
      if (')]}'.includes(token.text) && --depth < 0) break;
      if (depth === 0 && (token.text === ';' || token.text === ',')) break;
    }
    found.push(token);
  }
  return found;
}

function argumentsFrom(tokens: readonly CppToken[], from: number): { args: CppToken[][]; end: number } {
  const args: CppToken[][] = [];
  let i = from;
  while (i < tokens.length && args.length < 16) {
    const argument = expressionFrom(tokens, i);
    if (argument.length > 0) args.push(argument);
    i += argument.length;
    if (!isMark(tokens[i], ',')) break;
    i++;
  }
  return { args, end: tokens[i]?.end ?? tokens.at(-1)?.end ?? 0 };
}
