// Many words as one state machine (Aho-Corasick): one table step a byte finds them all. This is the price of a quiet
// line, so it is laid out for speed: a row of 256 bytes a state, and one bit that says "look closer".

/** Set in a state that ends a word or a line, or at which a control sequence may cut a word in two. Not part of the row's number. */
export const LOOK_CLOSER = 0x8000;
export const ROW_BITS = 8;
/** Words are told by their beginning: the table stays small, and families look closer anyway. */
export const WORD_START = 10;

const [LF, CR, ESC] = [10, 13, 27];
const DELETE = 127;

export interface WordTable {
  /** `steps[(row << ROW_BITS) + byte]` is the next row, with LOOK_CLOSER where there is a reason to. Row 0: no word begun. */
  readonly steps: Uint16Array;
  /** `groups[row]`: bit `i` is set where a word of group `i` ends. */
  readonly groups: Int32Array;
}

/**
 * `groups[i]` are the lower-case, printable ASCII words of bit `i`, at most 31 groups. Case of the text does not matter.
 * Bytes that no firmware prints on purpose ask for a closer look too. Built once; about half a megabyte for 200 words.
 */
export function buildWordTable(groups: readonly (readonly string[])[]): WordTable {
  if (groups.length > 31) throw new Error('a word table has at most 31 groups');
  const { children, ends } = tree(groups);
  const afterCr = children.push(new Map()) - 1;
  ends.push(0);
  if (children.length >= LOOK_CLOSER) throw new Error('too many words for a word table');
  const steps = new Uint16Array(children.length << ROW_BITS);
  const back = new Uint16Array(children.length);
  const queue = [0];
  for (let i = 0; i < queue.length; i += 1) {
    const row = queue[i] as number;
    const fallback = (back[row] as number) << ROW_BITS;
    if (row > 0) steps.copyWithin(row << ROW_BITS, fallback, fallback + 256);
    ends[row] = (ends[row] as number) | (ends[back[row] as number] as number);
    for (const [byte, child] of children[row] ?? []) {
      back[child] = row === 0 ? 0 : (steps[fallback + byte] as number);
      for (const code of bothCases(byte)) steps[(row << ROW_BITS) + code] = child;
      queue.push(child);
    }
  }
  for (let i = 0; i < steps.length; i += 1)
    if (ends[steps[i] as number] !== 0) steps[i] = (steps[i] as number) | LOOK_CLOSER;
  for (let row = 0; row < children.length; row += 1) {
    if (row > 0) steps[(row << ROW_BITS) + ESC] = LOOK_CLOSER; // inside what may become a word
    steps[(row << ROW_BITS) + LF] = LOOK_CLOSER;
    steps[(row << ROW_BITS) + CR] = afterCr;
    for (const byte of STRANGE) steps[(row << ROW_BITS) + byte] = LOOK_CLOSER;
  }
  // Behind a CR every byte asks for a closer look: it ends a CRLF, or shows that the CR ended a line by itself.
  for (let byte = 0; byte < 256; byte += 1) steps[(afterCr << ROW_BITS) + byte] = (steps[byte] as number) | LOOK_CLOSER;
  return { steps, groups: Int32Array.from(ends) };
}

/** No text: controls but tab, line ends and ESC; bytes that are never UTF-8, and the C1 controls in it. */
export function isStrange(byte: number): boolean {
  if (byte < 0x20) return byte !== 9 && byte !== LF && byte !== CR && byte !== ESC;
  return (byte >= DELETE && byte < 0xa0) || byte === 0xc0 || byte === 0xc1 || byte > 0xf4;
}
const STRANGE: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte).filter(isStrange);

/** Rows are numbered by depth: those of short beginnings, where a scan nearly always is, lie side by side in memory. */
function tree(groups: readonly (readonly string[])[]) {
  const children: Map<number, number>[] = [new Map()];
  const ends: number[] = [0];
  const words = groups.flatMap((group, bit) =>
    group.map((word) => ({ start: word.slice(0, WORD_START), bit, row: 0 })),
  );
  for (let depth = 0; depth < WORD_START; depth += 1) {
    for (const word of words) {
      if (depth >= word.start.length) continue;
      const byte = byteOf(word.start, depth);
      let next = children[word.row]?.get(byte);
      if (next === undefined) {
        next = children.push(new Map()) - 1;
        ends.push(0);
        children[word.row]?.set(byte, next);
      }
      word.row = next;
    }
  }
  for (const { row, bit } of words) ends[row] = (ends[row] as number) | (1 << bit);
  return { children, ends };
}

function byteOf(word: string, at: number): number {
  const byte = word.charCodeAt(at);
  if (byte < 0x20 || byte >= DELETE || (byte >= 65 && byte <= 90)) throw new Error(`no word for a table: ${word}`);
  return byte;
}

function bothCases(byte: number): readonly number[] {
  return byte >= 97 && byte <= 122 ? [byte, byte - 32] : [byte];
}
