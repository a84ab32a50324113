// Whether a line holds one of many words, and which groups: one pass of Aho-Corasick over its bytes.
// This is the price of a quiet line, so it is written for speed: one table step a byte, no allocation.

export interface WordScan {
  /** True at the first word of any group, or where a control sequence may split one. */
  any(line: string): boolean;
  /** Bit `i` is set where a word of group `i` occurs. */
  groups(line: string): number;
}

const ESC = 27;
/** Words are told by their beginning: the table stays small, and families look closer anyway. */
const WORD_START = 10;
const CLASSES = 64;
/** Longer lines are taken to hold a word: reading them in full is up to the families. */
const LONGEST = 65_536;

/**
 * `groups[i]` are the lower-case ASCII words of bit `i`, at most 31 groups. Case of the line does not matter; other
 * characters match nothing. The table is built once (some 100 kB for 150 words).
 */
export function createWordScan(groups: readonly (readonly string[])[]): WordScan {
  const beginnings = groups.map((words) => words.map((word) => word.slice(0, WORD_START)));
  const { table, bits, firstAccepting, classOf } = build([...beginnings, ['\u001b']]);
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(LONGEST * 3);
  return {
    any(line) {
      if (line.length > LONGEST) return true;
      const { written } = encoder.encodeInto(line, bytes);
      const [steps, classes, text] = [table, classOf, bytes]; // locals: the loop runs once a byte
      // A colour at the start and its end at the end hide no word; anywhere else a sequence may, so ESC counts as a word.
      const start = text[0] === ESC ? 1 : 0;
      const end = text[written - 4] === ESC ? written - 4 : written;
      // Each step waits for the one before it, so two halves are read side by side; they overlap by a word.
      const middle = (start + end) >> 1;
      let first = 0;
      let second = 0;
      let j = Math.max(start, middle - WORD_START + 1);
      for (let i = start; i < middle; i += 1, j += 1) {
        first = steps[first + (classes[text[i] as number] as number)] as number;
        second = steps[second + (classes[text[j] as number] as number)] as number;
        if (first >= firstAccepting || second >= firstAccepting) return true;
      }
      for (; j < end; j += 1) {
        second = steps[second + (classes[text[j] as number] as number)] as number;
        if (second >= firstAccepting) return true;
      }
      return false;
    },
    groups(line) {
      let state = 0;
      let mask = 0;
      for (let i = 0; i < line.length; i += 1) {
        const code = line.charCodeAt(i);
        state = table[state + (code < 128 ? (classOf[code] as number) : 0)] as number;
        if (state >= firstAccepting) mask |= bits[state / CLASSES] as number;
      }
      return mask;
    },
  };
}

/** States are numbered as offsets into the table, the accepting ones last. */
function build(groups: readonly (readonly string[])[]) {
  const classOf = new Uint8Array(256);
  let classes = 1; // 0: any other byte
  const children: Map<number, number>[] = [new Map()];
  const accepts: number[] = [0];
  groups.forEach((words, group) => {
    for (const word of words) {
      let state = 0;
      for (const char of word) {
        const code = char.charCodeAt(0);
        if (classOf[code] === 0) {
          classOf[code] = classes;
          classOf[char.toUpperCase().charCodeAt(0)] = classes;
          classes += 1;
        }
        const step = classOf[code] as number;
        let next = children[state]?.get(step);
        if (next === undefined) {
          next = children.push(new Map()) - 1;
          accepts.push(0);
          children[state]?.set(step, next);
        }
        state = next;
      }
      accepts[state] = (accepts[state] as number) | (1 << group);
    }
  });
  if (classes > CLASSES || groups.length > 31) throw new Error('too many characters or groups for a word scan');

  const steps = new Uint16Array(children.length * CLASSES);
  const fail = new Uint16Array(children.length);
  const queue: number[] = [...(children[0]?.values() ?? [])];
  for (const [step, child] of children[0] ?? []) steps[step] = child;
  for (let i = 0; i < queue.length; i += 1) {
    const state = queue[i] as number;
    const back = fail[state] as number;
    accepts[state] = (accepts[state] as number) | (accepts[back] as number);
    for (let step = 0; step < classes; step += 1) {
      const child = children[state]?.get(step);
      const fallback = steps[back * CLASSES + step] as number;
      steps[state * CLASSES + step] = child ?? fallback;
      if (child === undefined) continue;
      fail[child] = fallback;
      queue.push(child);
    }
  }

  const order = [...accepts.keys()].sort((a, b) => Number(accepts[a] !== 0) - Number(accepts[b] !== 0) || a - b);
  const renumbered = new Uint16Array(order.length);
  for (const [position, state] of order.entries()) renumbered[state] = position;
  // 16 bits keep the table in the processor's cache; with more states than that it still works, slower.
  const table = steps.length <= 0x10000 ? new Uint16Array(steps.length) : new Uint32Array(steps.length);
  steps.forEach((next, i) => {
    const state = renumbered[Math.floor(i / CLASSES)] as number;
    table[state * CLASSES + (i % CLASSES)] = (renumbered[next] as number) * CLASSES;
  });
  return {
    table,
    classOf,
    bits: Int32Array.from(order.map((state) => accepts[state] as number)),
    firstAccepting: order.filter((state) => accepts[state] === 0).length * CLASSES,
  };
}
