// JSON laid out in lines that can be folded. Works on the tokens, so numbers keep every digit, keys their order and
// duplicates, and depth costs no stack.

export interface JsonToken {
  readonly kind: 'key' | 'string' | 'number' | 'word' | 'punctuation';
  readonly text: string;
}

export interface JsonLine {
  readonly depth: number;
  readonly tokens: readonly JsonToken[];
  /** Of a line that opens an object or array: the index of the line that closes it. */
  readonly closesAt?: number;
  /** Of a line that opens one: how many entries it has. */
  readonly entries?: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/g;

/** The lines of `text`, or undefined when it is not JSON. */
export function jsonLines(text: string): JsonLine[] | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return linesOf(text.match(TOKEN) ?? []);
}

/** The same for the beginning of a longer text, as far as whole tokens reach. What it does not close cannot be folded. */
export function cutJsonLines(text: string): JsonLine[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const token = new RegExp(`\\s*(${TOKEN.source})`, 'y'); // stops where one does not follow the other
  const tokens: string[] = [];
  let end = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    tokens.push(match[1] ?? '');
    end = token.lastIndex;
  }
  const rest = text.slice(end).trimStart();
  if (!/^(?:"|-?[\d.eE+-]*$|[a-z]{0,4}$)/.test(rest)) return undefined;
  if (rest === '' && /^[-\da-z]/.test(tokens.at(-1) ?? '')) tokens.pop(); // more digits of it may come
  return linesOf(tokens);
}

function linesOf(all: readonly string[]): JsonLine[] {
  const lines: { depth: number; tokens: JsonToken[]; closesAt?: number; entries?: number }[] = [];
  const open: { line: number; entries: number }[] = [];
  let current: JsonToken[] = [];
  const flush = (): void => {
    if (current.length > 0) lines.push({ depth: open.length, tokens: current });
    current = [];
  };
  for (let i = 0; i < all.length; i++) {
    const token = all[i] ?? '';
    const next = all[i + 1];
    const parent = open.at(-1);
    if (token === '{' || token === '[') {
      if (parent) parent.entries += 1;
      current.push({ kind: 'punctuation', text: token });
      if (next === '}' || next === ']') {
        current.push({ kind: 'punctuation', text: next });
        i += 1;
        continue;
      }
      flush();
      open.push({ line: lines.length - 1, entries: 0 });
    } else if (token === '}' || token === ']') {
      flush();
      const opener = open.pop();
      const line = opener && lines[opener.line];
      if (opener && line) {
        line.closesAt = lines.length;
        line.entries = opener.entries;
      }
      current.push({ kind: 'punctuation', text: token });
    } else if (token === ',') {
      current.push({ kind: 'punctuation', text: token });
      flush();
    } else if (token === ':') {
      current.push({ kind: 'punctuation', text: ': ' });
    } else {
      const isKey = next === ':';
      if (!isKey && parent) parent.entries += 1;
      const kind = isKey ? 'key' : token.startsWith('"') ? 'string' : /^[-\d]/.test(token) ? 'number' : 'word';
      current.push({ kind, text: token });
    }
  }
  flush();
  return lines;
}
