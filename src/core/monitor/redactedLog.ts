// Serial output for a log file that others may read: passwords, keys and tokens taken out, line by line.
import { redact } from '../redact';
import { boardLines, type Line } from '../serial/lineSplitter';
import { isFirstLine } from './bootBanner';

const KEY_BEGIN = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** Of a key; an RSA key of 8192 bits has 101. What goes on after them is no key: its end was lost. */
const MAX_KEY_LINES = 120;
const KEY_END = /-----END [A-Z ]*PRIVATE KEY-----/;

/** A private key spans lines, so its state is kept between them. */
export class RedactedLog {
  readonly #splitter = boardLines();
  /** Lines that may still belong to a key; 0 outside of one. */
  #keyLines = 0;

  /** What may be written of these bytes: whole lines only. */
  push(bytes: Uint8Array): Uint8Array {
    return this.#encode(this.#splitter.push(bytes));
  }

  end(): Uint8Array {
    return this.#encode(this.#splitter.end());
  }

  #encode(lines: readonly Line[]): Uint8Array {
    return new TextEncoder().encode(lines.map(({ text, ending }) => this.#line(text, ending)).join(''));
  }

  #line(text: string, ending: string): string {
    if (this.#keyLines > 0 && !isFirstLine(text)) {
      this.#keyLines = KEY_END.test(text) ? 0 : this.#keyLines - 1;
      return '';
    }
    this.#keyLines = KEY_BEGIN.test(text) && !KEY_END.test(text) ? MAX_KEY_LINES : 0;
    return redact(text) + ending;
  }
}
