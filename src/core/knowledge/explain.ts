// From a hit to what it means here: picks the entry, drops what is not true on this platform, puts evidence first.
import type { DecodeContext } from '../decode/context';
import type { Cause, Explanation, Fix, Platform } from '../decode/finding';
import type { Hit } from '../decode/recognizer';
import { stripAnsi } from '../serial/ansi';
import { entryFor } from './entries';
import type { CauseRule, Entry, FixRule } from './entry';

type Rule = CauseRule | FixRule;

/** Never fails: a code without an entry of its own gets a plain reading of its official name. */
export function explain(hit: Hit, context: DecodeContext): Explanation {
  const entry = entryFor(hit);
  const platform = context.platform.value;
  const causes = select(entry.causes, platform, context);
  const fixes = select(entry.fixes, platform, context);
  return {
    title: entry.title,
    causes: causes.map(([rule, evidence]): Cause => ({ text: rule.text, ...(evidence ? { evidence } : {}) })),
    fixes: fixes.map(([rule]): Fix => ({ text: rule.text, ...(rule.command ? { command: rule.command } : {}) })),
    sources: [...new Set([...entry.sources, ...causes.map(([rule]) => rule.source)])],
  };
}

/** Rules that hold here, those with evidence first. Lines are searched only where a rule asks for it. */
function select<R extends Rule>(
  rules: readonly R[],
  platform: Platform,
  context: DecodeContext,
): readonly (readonly [R, string | undefined])[] {
  const held = rules
    .filter((rule) => !rule.platforms || platform === 'other' || rule.platforms.includes(platform))
    .map((rule) => [rule, rule.evidence ? evidence(rule.evidence, context) : undefined] as const)
    .filter(([rule, quote]) => !rule.needsEvidence || quote !== undefined);
  return [...held.filter(([, quote]) => quote), ...held.filter(([, quote]) => !quote)];
}

function evidence(pattern: RegExp, context: DecodeContext): string | undefined {
  for (const line of context.before()) {
    const plain = stripAnsi(line).text;
    if (pattern.test(plain)) return plain.trim().slice(0, 200);
  }
  return undefined;
}

export type { Entry };
