// The shape of the knowledge base: data only, so that each statement can name its source and each rule can be tested.
import type { Platform } from '../decode/finding';
import type { Repair } from '../repair/repair';

export interface CauseRule {
  readonly text: string;
  /** Header, source file or issue. */
  readonly source: string;
  /** Only on these platforms; all where left out. */
  readonly platforms?: readonly Platform[];
  /** A line before, or one behind that belongs to the error, that speaks for this cause: it is then quoted and moves to the top. */
  readonly evidence?: RegExp;
  /** Never shown without that line (the clock on an ESP32, for one). */
  readonly needsEvidence?: true;
}

export interface FixRule {
  readonly text: string;
  readonly platforms?: readonly Platform[];
  /** A command id of the extension: a button there, advice in a terminal. */
  readonly command?: string;
  readonly evidence?: RegExp;
  readonly needsEvidence?: true;
  /** The same as a change of the project, one for each kind of project; a function reads it from the error's text and the lines behind that belong to it. */
  readonly repairs?: readonly Repair[] | ((text: string) => readonly Repair[]);
}

export interface Entry {
  /** One line: what happened. */
  readonly title: string;
  readonly causes: readonly CauseRule[];
  readonly fixes: readonly FixRule[];
  /** What backs the title, beside the sources of the causes. */
  readonly sources: readonly string[];
}
