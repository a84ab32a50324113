// Serial output for a log file that others may read: passwords, keys and tokens taken out, line by line.
import { redact } from '../redact';
import { LineSplitter } from '../serial/lineSplitter';

const KEY_BEGIN = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const KEY_END = /-----END [A-Z ]*PRIVATE KEY-----/;

/** A private key spans lines, so its state is kept between them. */
export class RedactedLog {
  readonly #splitter = new LineSplitter();
  #inKey = false;

  /** What may be written of these bytes: whole lines only. */
  push(bytes: Uint8Array): Uint8Array {
    return this.#encode(this.#splitter.push(bytes));
  }

  end(): Uint8Array {
    return this.#encode(this.#splitter.end());
  }

  #encode(lines: ReturnType<LineSplitter['push']>): Uint8Array {
    return new TextEncoder().encode(lines.map(({ text, ending }) => this.#line(text, ending)).join(''));
  }

  #line(text: string, ending: string): string {
    if (this.#inKey) {
      this.#inKey = !KEY_END.test(text);
      return '';
    }
    this.#inKey = KEY_BEGIN.test(text) && !KEY_END.test(text);
    return redact(text) + ending;
  }
}
