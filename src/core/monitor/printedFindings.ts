// Which of the findings so far stand in a line of the terminal, by their name or as the board printed them: its links.
import type { Finding } from '../decode/finding';

/** Texts remembered; then all are forgotten, because what was printed that long ago has scrolled away. */
const MAX_TEXTS = 200;

export interface PrintedFinding {
  /** In the line, in characters. */
  readonly start: number;
  readonly length: number;
  readonly finding: Finding;
}

export class PrintedFindings {
  readonly #texts = new Map<string, Finding>();

  add(finding: Finding): void {
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.set(finding.name, finding);
    if (finding.text.length > 2) this.#texts.set(finding.text, finding); // a shorter one stands in many lines
  }

  in(line: string): PrintedFinding[] {
    return [...this.#texts].flatMap(([text, finding]) => {
      const start = line.indexOf(text);
      return start < 0 ? [] : [{ start, length: text.length, finding }];
    });
  }
}
