// The first lines of a boot, as each chip's ROM prints them: the board was reset, by whomever.

/**
 * `ets Jun  8 2016 00:22:57` (ESP32), `ets Jan  8 2013,rst cause:2, boot mode:(3,6)` (ESP8266),
 * `ESP-ROM:esp32c3-api1-20210207` (all later chips; the ESP32-C2 says esp8684). Noise may stand before it: it is the first after a reset.
 */
const FIRST = /\bets (?:Jan|Jun|Jul) +\d{1,2} 20\d\d\b|ESP-ROM:esp\d/;
/** The ROM's reset reason, a line or three after the first; the only trace where the first was lost in noise. */
const REASON = /\brst:0x[0-9a-f]+ \(/i;
const REASON_WITHIN = 4;
/** Banners are short; a longer line is no ROM's. */
const MAX_LINE = 300;

export class BootBanner {
  #sinceFirst = Number.POSITIVE_INFINITY;

  /** True once a boot: in its first line, or in the reason's where the first did not come through. */
  next(line: string): boolean {
    this.#sinceFirst += 1;
    if (line.length > MAX_LINE) return false;
    if (isFirstLine(line)) {
      this.#sinceFirst = 0;
      return true;
    }
    return REASON.test(line) && this.#sinceFirst > REASON_WITHIN;
  }
}

/** Also for the beginning of a line that is still on its way. */
export function isFirstLine(line: string): boolean {
  return line.length <= MAX_LINE && FIRST.test(line);
}
