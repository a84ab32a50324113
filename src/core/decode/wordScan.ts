// Which of many words a line holds, in one pass (Aho-Corasick): the price of a quiet line.

/** At most 31 groups of words: the result is a bit mask. */
export type WordScan = (line: string) => number;

const CLASSES = 64;

/**
 * `groups[i]` are the lower-case ASCII words of bit `i`. Case of the line does not matter; other characters match nothing.
 * Cost: one table step a character; the table is built once (some 100 kB for 100 words).
 */
export function createWordScan(groups: readonly (readonly string[])[]): WordScan {
  const classOf = new Uint8Array(128);
  let classes = 1; // 0: any other character
  for (const char of groups.flat().join('')) {
    const code = char.charCodeAt(0);
    if (classOf[code] === 0) {
      classOf[code] = classes;
      classOf[char.toUpperCase().charCodeAt(0)] = classes;
      classes += 1;
    }
  }
  if (classes > CLASSES || groups.length > 31) throw new Error('too many characters or groups for a word scan');

  const children: Map<number, number>[] = [new Map()];
  const bits: number[] = [0];
  groups.forEach((words, group) => {
    for (const word of words) {
      let state = 0;
      for (const char of word) {
        const step = classOf[char.charCodeAt(0)] ?? 0;
        let next = children[state]?.get(step);
        if (next === undefined) {
          next = children.length;
          children.push(new Map());
          bits.push(0);
          children[state]?.set(step, next);
        }
        state = next;
      }
      bits[state] = (bits[state] ?? 0) | (1 << group);
    }
  });

  const table = new Uint16Array(children.length * CLASSES);
  const fail = new Uint16Array(children.length);
  const queue: number[] = [];
  for (const [step, child] of children[0] ?? []) {
    table[step] = child;
    queue.push(child);
  }
  for (let i = 0; i < queue.length; i += 1) {
    const state = queue[i] ?? 0;
    const back = fail[state] ?? 0;
    bits[state] = (bits[state] ?? 0) | (bits[back] ?? 0);
    for (let step = 0; step < classes; step += 1) {
      const child = children[state]?.get(step);
      const fallback = table[back * CLASSES + step] ?? 0;
      table[state * CLASSES + step] = child ?? fallback;
      if (child !== undefined) {
        fail[child] = fallback;
        queue.push(child);
      }
    }
  }
  const accepts = Int32Array.from(bits);

  return (line) => {
    let state = 0;
    let mask = 0;
    for (let i = 0; i < line.length; i += 1) {
      const code = line.charCodeAt(i);
      state = table[(state << 6) | (code < 128 ? (classOf[code] as number) : 0)] as number;
      mask |= accepts[state] as number;
    }
    return mask;
  };
}
