// Makes characters visible that would otherwise hide, reorder or break what is on the screen (Unicode UAX #9, UTR #36).

export interface TextPart {
  readonly text: string;
  /** True for a stand-in such as `U+202E`, which is not in the data itself. */
  readonly mark: boolean;
}

/** C0 and C1 controls, DEL, soft hyphen, bidirectional and zero-width characters, separators, BOM, tags. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is this file's purpose
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const C0 =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return 'DEL';
  return C0[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Splits `text` into what can be shown as it is and marks for what cannot. `lines` keeps line feeds, tabs and carriage
 * returns before a line feed, as a payload needs; a topic shows those as marks too.
 */
export function visibleParts(text: string, options: { readonly lines: boolean }): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    const [character] = match;
    const at = match.index;
    if (options.lines && (character === '\n' || character === '\t')) continue;
    if (options.lines && character === '\r' && text[at + 1] === '\n') continue;
    if (at > from) parts.push({ text: text.slice(from, at), mark: false });
    const last = parts.at(-1);
    if (last?.mark && at === from) parts[parts.length - 1] = { text: `${last.text} ${nameOf(character)}`, mark: true };
    else parts.push({ text: nameOf(character), mark: true });
    from = at + character.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), mark: false });
  return parts;
}

/** The same as one string, marks in brackets. */
export function visibleLine(text: string): string {
  return visibleParts(text, { lines: false })
    .map((part) => (part.mark ? `⟦${part.text}⟧` : part.text))
    .join('');
}

/** The same for a text of several lines, such as a report for a terminal. */
export function visibleLines(text: string): string {
  return visibleParts(text, { lines: true })
    .map((part) => (part.mark ? `⟦${part.text}⟧` : part.text))
    .join('');
}
