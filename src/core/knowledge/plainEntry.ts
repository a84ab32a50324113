// Entries whose statements all come from one source.
import type { Entry, FixRule } from './entry';

/** A fix is a text, or a rule with a command or a platform. */
export type PlainFix = string | FixRule;

/** Makes entries that share `source`. */
export function entriesFrom(
  source: string,
): (title: string, causes?: readonly string[], fixes?: readonly PlainFix[]) => Entry {
  return (title, causes = [], fixes = []) => ({
    title,
    causes: causes.map((text) => ({ text, source })),
    fixes: fixes.map((fix) => (typeof fix === 'string' ? { text: fix } : fix)),
    sources: [source],
  });
}

/** One entry for each of several names. */
export function named(names: readonly string[], entry: Entry): Record<string, Entry> {
  return Object.fromEntries(names.map((name) => [name, entry]));
}
