// What the serial monitor puts on a terminal: the board's text as it comes, and hints under the lines with errors.
import { type CrashDump, CrashReader } from '../decode/crashDump';
import type { Decoder } from '../decode/decoder';
import type { Finding } from '../decode/finding';
import { boardLines, type Line } from '../serial/lineSplitter';
import { BaudWatch, WRONG_BAUD } from '../serial/wrongBaud';
import { BootBanner, isFirstLine } from './bootBanner';
import { HintCounter } from './hints';
import type { LineFilter } from './lineFilter';
import { rowCount, type TerminalSize } from './rowCount';
import { Vitals } from './vitals';

const DIM = '\u001b[2m';
const HINT = '\u001b[36m';
const RESET = '\u001b[0m';

export interface ScreenOptions {
  /** In front of each line: `clock` is the time of day, `elapsed` the time since the monitor opened or the board reset. */
  readonly timestamps: 'off' | 'clock' | 'elapsed';
  /** Bytes as hex instead of text; no hints then. */
  readonly hex: boolean;
  /** Only lines that pass are shown; all are decoded. */
  readonly filter: LineFilter | undefined;
  /** Of the monitor's own words; the board's bytes are never changed. Default: true. */
  readonly colors?: boolean;
}

export interface ScreenHooks {
  /** Called for each finding, shown or not. */
  readonly onFinding: (finding: Finding, line: string) => void;
  /** `14:03:07.123` for a time in milliseconds since the epoch. */
  readonly clock: (timeMs: number) => string;
  /** Called when a crash has printed all that leads to source lines. */
  readonly onCrash?: (dump: CrashDump) => void;
  /** Called when a line told the free heap or the signal strength. */
  readonly onVitals?: (vitals: Vitals) => void;
}

export class MonitorScreen {
  options: ScreenOptions = { timestamps: 'off', hex: false, filter: undefined };
  /** Of the terminal, where it is known: a reminder of a hint comes before the hint has scrolled out. */
  size: TerminalSize | undefined;
  /** Free heap and signal strength since the monitor opened, resets included. */
  readonly vitals = new Vitals();
  readonly #decoder: Decoder;
  readonly #hooks: ScreenHooks;
  readonly #hints = new HintCounter();
  /** Rows that the terminal was given. */
  #rows = 0;
  readonly #baud = new BaudWatch();
  readonly #banner = new BootBanner();
  readonly #crash = new CrashReader();
  #splitter = boardLines();
  /** Characters of the unfinished line that are on the screen already. */
  #shown = 0;
  #atLineStart = true;
  /** Columns of the time stamp before the line. */
  #indent = 0;
  #startMs: number | undefined;
  #hexOffset = 0;

  constructor(decoder: Decoder, hooks: ScreenHooks) {
    this.#decoder = decoder;
    this.#hooks = hooks;
  }

  /** Bytes from the board, come at `timeMs`; returns what to write to the terminal. */
  push(bytes: Uint8Array, timeMs: number): string {
    this.#startMs ??= timeMs;
    let out = '';
    for (const line of this.#splitter.push(bytes)) out += this.#line(line, timeMs);
    if (this.options.hex) return out + this.#hex(bytes);
    const { partial } = this.#splitter;
    const text = partial.endsWith('\r') ? partial.slice(0, -1) : partial; // perhaps half of a CRLF
    if (this.options.filter === undefined && text.length > this.#shown) out += this.#show(text, timeMs);
    return this.#baud.unfinished(partial) ? out + this.#aside(WRONG_BAUD) : out;
  }

  /** A remark of the monitor itself, on lines of its own. */
  notice(text: string): string {
    return this.#freshLine() + this.#ownLine(`— ${text} —`, DIM);
  }

  /** The same in the middle of a line, which goes on under it. */
  #aside(text: string): string {
    const shown = this.#shown;
    const out = this.notice(text);
    this.#shown = shown;
    return out;
  }

  /** After a reset: errors count anew, and so does the time. */
  boardWasReset(): void {
    this.#hints.clear();
    this.#startMs = undefined;
  }

  /** The line was lost or given up: what was held back is told. */
  end(timeMs: number): string {
    let out = '';
    for (const line of this.#splitter.end()) out += this.#line(line, timeMs);
    this.#splitter = boardLines();
    for (const finding of this.#decoder.end()) out += this.#hint(finding, '');
    this.#tellCrash(this.#crash.end());
    return out + this.#freshLine();
  }

  #line({ text, ending, truncated }: Line, timeMs: number): string {
    const findings = this.#decoder.next(text);
    for (const finding of findings) this.#hooks.onFinding(finding, text);
    this.#tellCrash(this.#crash.next(text));
    if (this.vitals.next(text)) this.#hooks.onVitals?.(this.vitals);
    // only the time begins anew: in a boot loop the errors are the old ones
    if (this.#banner.next(text)) this.#startMs = timeMs;
    if (this.options.hex) return '';
    const hidden = this.#shown === 0 && this.options.filter !== undefined && !this.options.filter(text);
    let out = '';
    if (!hidden) {
      if (text.length > this.#shown || (text.length === 0 && ending !== '')) out += this.#show(text, timeMs);
      // a lone CR goes back to the beginning of the last row
      this.#rows += rowCount(text, this.size?.columns, this.#indent) - (ending === '\r' ? 1 : 0);
      if (!truncated) {
        out += ending === '\r' ? '\r' : '\r\n';
        this.#atLineStart = true;
      }
    }
    this.#shown = 0;
    for (const finding of findings) out += this.#hint(finding, ending);
    return this.#baud.next(text) ? out + this.notice(WRONG_BAUD) : out;
  }

  #tellCrash(dump: CrashDump | undefined): void {
    // one or two counters are no way to the caller
    if (dump && dump.addresses.length + dump.stack.length > 2) this.#hooks.onCrash?.(dump);
  }

  #show(text: string, timeMs: number): string {
    if (this.#atLineStart && isFirstLine(text)) this.#startMs = timeMs;
    let out = text.slice(this.#shown);
    if (this.#atLineStart) {
      const stamp = this.#stamp(timeMs);
      this.#indent = stamp.length;
      if (stamp !== '') out = this.#styled(DIM, stamp) + out;
    }
    this.#shown = text.length;
    this.#atLineStart = false;
    return out;
  }

  #stamp(timeMs: number): string {
    if (this.options.timestamps === 'off') return '';
    if (this.options.timestamps === 'clock') return `${this.#hooks.clock(timeMs)} `;
    return `+${((timeMs - (this.#startMs ?? timeMs)) / 1000).toFixed(3)} `;
  }

  /** A hint after a lone CR would be written over by the next text. */
  #hint(finding: Finding, ending: Line['ending']): string {
    const text = this.#hints.next(finding, this.#rows, this.size?.rows);
    if (text === undefined) return '';
    const before = ending === '\r' ? '\r\n' : this.#freshLine();
    return `${before}  ${this.#ownLine(text, HINT)}`;
  }

  #ownLine(text: string, style: string): string {
    this.#rows += rowCount(text, this.size?.columns);
    return `${this.#styled(style, text)}\r\n`;
  }

  #styled(style: string, text: string): string {
    return this.options.colors === false ? text : `${style}${text}${RESET}`;
  }

  #freshLine(): string {
    if (this.#atLineStart) return '';
    this.#atLineStart = true;
    this.#shown = 0;
    return '\r\n';
  }

  #hex(bytes: Uint8Array): string {
    let out = '';
    for (let at = 0; at < bytes.length; at += 16) {
      const row = bytes.subarray(at, at + 16);
      const digits = [...row].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
      const text = [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
      const offset = (this.#hexOffset + at).toString(16).padStart(8, '0');
      out += `${this.#styled(DIM, offset)}  ${digits.padEnd(47)}  ${text}\r\n`;
    }
    this.#hexOffset += bytes.length;
    return this.#freshLine() + out;
  }
}
