// Takes terminal control sequences out of a line, also where a tool made them visible, and keeps the columns.

const ESC = '\u001b';

/** CSI, OSC and two-byte sequences; then how logs show them: `␛[0;32m`, `ESC[0m`, `^[[0m`, `[1B][0m`, and `[0;32m` with the ESC lost. */
const SEQUENCE = new RegExp(
  [
    `${ESC}\\[[0-?]*[ -/]*[@-~]`,
    `${ESC}\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)`,
    `${ESC}[@-Z\\\\^_=>78]`,
    '\\u009b[0-?]*[ -/]*[@-~]',
    '(?:␛|ESC|\\^\\[|\\[1B\\]|\\\\x1b|\\\\033)\\[\\d{0,3}(?:;\\d{1,3})*m',
    '\\[\\d{1,2}(?:;\\d{1,3})*m',
    '\\[m\\b',
  ].join('|'),
  'g',
);
const VISIBLE = /\[\d{0,3}(?:;\d{1,3})*m|[\u009b]/;

export interface PlainText {
  readonly text: string;
  /** Index in the plain text -> index in the line as printed. */
  readonly original: (index: number) => number;
}

const same = (index: number): number => index;

/** The line without control sequences. Costs one scan where there are none. */
export function stripAnsi(line: string): PlainText {
  if (line.indexOf(ESC) === -1 && !VISIBLE.test(line)) return { text: line, original: same };
  let text = '';
  let end = 0;
  const cuts: { at: number; removed: number }[] = [];
  let removed = 0;
  for (const match of line.matchAll(SEQUENCE)) {
    text += line.slice(end, match.index);
    removed += match[0].length;
    cuts.push({ at: text.length, removed });
    end = match.index + match[0].length;
  }
  text += line.slice(end);
  return {
    text,
    original: (index) => {
      let shift = 0;
      for (const cut of cuts) if (cut.at <= index) shift = cut.removed;
      return index + shift;
    },
  };
}
