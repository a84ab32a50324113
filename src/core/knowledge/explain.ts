// From a hit to what it means here: picks the entry, drops what is not true on this platform, puts evidence first.
import type { Surroundings } from '../decode/context';
import type { Cause, Explanation, Fix, Platform } from '../decode/finding';
import type { Hit } from '../decode/recognizer';
import { stripAnsi } from '../serial/ansi';
import { entryFor } from './entries';
import type { CauseRule, Entry, FixRule } from './entry';

type Rule = CauseRule | FixRule;

/** Never fails: a code without an entry of its own gets a plain reading of its official name. */
export function explain(hit: Hit, { platform, before, after = [] }: Surroundings): Explanation {
  const around = [...after, ...before];
  const entry = entryFor(hit);
  const causes = select(entry.causes, platform, around);
  const fixes = select(entry.fixes, platform, around);
  return {
    title: entry.title,
    causes: causes.map(([rule, evidence]): Cause => ({ text: rule.text, ...(evidence ? { evidence } : {}) })),
    fixes: fixes.map(([rule]) => fixOf(rule, [hit.text, ...after].join('\n'))),
    sources: [...new Set([...entry.sources, ...causes.map(([rule]) => rule.source)])],
  };
}

function fixOf({ text, command, repairs }: FixRule, printed: string): Fix {
  const made = typeof repairs === 'function' ? repairs(printed) : repairs;
  return { text, ...(command ? { command } : {}), ...(made && made.length > 0 ? { repairs: made } : {}) };
}

/** Rules that hold here, those with evidence first. Lines are searched only where a rule asks for it. */
function select<R extends Rule>(
  rules: readonly R[],
  platform: Platform,
  around: readonly string[],
): readonly (readonly [R, string | undefined])[] {
  const held = rules
    .filter((rule) => !rule.platforms || platform === 'other' || rule.platforms.includes(platform))
    .map((rule) => [rule, rule.evidence ? evidence(rule.evidence, around) : undefined] as const)
    .filter(([rule, quote]) => !rule.needsEvidence || quote !== undefined);
  return [...held.filter(([, quote]) => quote), ...held.filter(([, quote]) => !quote)];
}

function evidence(pattern: RegExp, around: readonly string[]): string | undefined {
  for (const line of around) {
    const plain = stripAnsi(line).text;
    if (pattern.test(plain)) return plain.trim().slice(0, 200);
  }
  return undefined;
}

export type { Entry };
