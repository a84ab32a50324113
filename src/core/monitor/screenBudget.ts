// How much text a terminal is given: a flood is cut and counted instead of slowing the window. Time is an argument.

/** What a terminal draws without falling behind. */
const CHARACTERS_PER_SECOND = 1_000_000;
const BURST = 512 * 1024;

export class ScreenBudget {
  #left = BURST;
  #lastMs = 0;
  #dropped = 0;

  /** The text to show, perhaps cut; a note about what was left out comes with the first text that fits again. */
  take(text: string, timeMs: number): string {
    this.#left = Math.min(BURST, this.#left + ((timeMs - this.#lastMs) * CHARACTERS_PER_SECOND) / 1000);
    this.#lastMs = timeMs;
    if (text.length > this.#left) {
      const keep = this.#dropped === 0 ? Math.max(0, Math.floor(this.#left)) : 0;
      this.#dropped += text.length - keep;
      this.#left -= keep;
      return text.slice(0, keep);
    }
    const note =
      this.#dropped === 0
        ? ''
        : `\u001b[0m\r\n\u001b[2m— ${this.#dropped.toLocaleString('en')} characters not shown: they came too fast —\u001b[0m\r\n`;
    this.#dropped = 0;
    this.#left -= text.length;
    return note + text;
  }
}
