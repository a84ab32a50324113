// Whether a line holds one of many words, and which groups of them.
import { LOOK_CLOSER, ROW_BITS, type WordTable } from './wordTable';

export interface WordScan {
  /** False where the line holds no word, whatever control sequences are in it. */
  any(line: string): boolean;
  /** Bit `i` is set where a word of group `i` occurs. */
  groups(line: string): number;
}

const ESC = 27;
/** Longer lines are taken to hold a word: reading them in full is up to the families. */
const LONGEST = 65_536;

export function createWordScan(table: WordTable): WordScan {
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(LONGEST * 3);
  return {
    any(line) {
      if (line.length > LONGEST) return true;
      const { written } = encoder.encodeInto(line, bytes);
      const { steps } = table;
      // A colour's end at the end of the line cuts no word.
      const end = bytes[written - 4] === ESC ? written - 4 : written;
      let row = 0;
      for (let i = 0; i < end; i += 1) {
        row = steps[(row << ROW_BITS) + (bytes[i] as number)] as number;
        if (row >= LOOK_CLOSER) return true;
      }
      return false;
    },
    groups(line) {
      const { steps, groups } = table;
      let row = 0;
      let mask = 0;
      for (let i = 0; i < line.length; i += 1) {
        const code = line.charCodeAt(i);
        row = code < 128 ? (steps[(row << ROW_BITS) + code] as number) : 0;
        if (row < LOOK_CLOSER) continue;
        row -= LOOK_CLOSER;
        mask |= groups[row] as number;
      }
      return mask;
    },
  };
}
