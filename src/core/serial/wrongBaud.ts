// Recognises what a wrong baud rate looks like: lines full of characters that no firmware prints.

/** Share of strange characters from which a line counts as noise. */
const NOISE = 0.3;
/** So many noisy lines of the last ones, and it is no accident (a reset gives one or two on an ESP8266). */
const LINES = 6;
const WINDOW = 10;
/**
 * At a wrong rate a line's end may never be seen: so many characters without one count as a line. Six of these are
 * more than all that the ROM of an ESP8266 prints at its own rate.
 */
const PIECE = 128;

/** True for lines such as `4����()�)!!�41���%)4`: replacement characters, controls, Latin-1 leftovers. */
export function isNoise(line: string): boolean {
  if (line.length < 4) return false;
  let strange = 0;
  for (let i = 0; i < line.length; i += 1) {
    const code = line.charCodeAt(i);
    const control = code < 0x20 && code !== 9 && code !== 27;
    if (control || code === 0xfffd || (code >= 0x7f && code < 0xa0)) strange += 1;
  }
  return strange / line.length >= NOISE;
}

/** Tells once that the baud rate is wrong, and again only after it was right for a while. */
export class BaudWatch {
  /** One bit for each of the last lines, the latest lowest: set where it was noise. */
  private recent = 0;
  private told = false;

  /** Characters of the unfinished line that were judged already. */
  private judged = 0;

  /** True at the line that makes it certain. */
  next(line: string): boolean {
    const rest = this.judged === 0 ? line : line.slice(this.judged);
    this.judged = 0;
    return this.take(isNoise(rest) ? 1 : 0);
  }

  /** The same for a line that is still on its way, as far as it came. */
  unfinished(line: string): boolean {
    let certain = false;
    for (; line.length - this.judged >= PIECE; this.judged += PIECE)
      certain = this.take(isNoise(line.slice(this.judged, this.judged + PIECE)) ? 1 : 0) || certain;
    return certain;
  }

  /** So many lines that are known to be text. */
  clean(count: number): void {
    for (let i = 0; i < count && this.recent !== 0; i += 1) this.take(0);
  }

  private take(noise: number): boolean {
    this.recent = ((this.recent << 1) | noise) & ((1 << WINDOW) - 1);
    if (this.recent === 0) this.told = false;
    if (this.told || bits(this.recent) < LINES) return false;
    this.told = true;
    return true;
  }
}

function bits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

export const WRONG_BAUD =
  'This looks like a wrong baud rate: most characters are not text. ESP32 boards print at 115200, the ROM of an ESP8266 at 74880.';
