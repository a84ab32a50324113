// The reports of Verify Certificate and Rehearse Expiry as Markdown pages. Names are somebody else's text: escaped.
import { escapeMarkdown } from '../escapeMarkdown';

export interface VerificationFacts {
  readonly file: string;
  readonly good: boolean;
  readonly chain: readonly string[];
  readonly problems: readonly string[];
  readonly facts: readonly string[];
  readonly boards?: readonly { readonly label: string; readonly accepted: boolean; readonly why: string }[];
}

export function verificationPage({ file, good, chain, problems, facts, boards }: VerificationFacts): string {
  const table = (boards ?? []).map(
    ({ label, accepted, why }) =>
      `| ${escapeMarkdown(label)} | ${accepted ? '✓ accepts it' : '✗ refuses it'} | ${escapeMarkdown(why)} |`,
  );
  return `${[
    `# ${good ? '✓' : '✗'} ${escapeMarkdown(file)}`,
    good ? 'OpenSSL, mosquitto, Node and the like accept it.' : 'It would be refused.',
    ...problems.map((problem) => `- ✗ ${escapeMarkdown(problem)}`),
    `## Chain\n\n${chain.map(escapeMarkdown).join(' ← ')}`,
    `## Checked\n\n${facts.map((fact) => `- ${escapeMarkdown(fact)}`).join('\n')}`,
    ...(table.length > 0 ? [`## As boards see it\n\n| | | |\n| --- | --- | --- |\n${table.join('\n')}`] : []),
  ].join('\n\n')}\n`;
}

export interface BreakageFacts {
  readonly name: string;
  readonly role: string;
  readonly file: string;
  readonly effect: string;
  readonly sketches: readonly string[];
  readonly boards: readonly string[];
}

export function rehearsalPage(day: string, breakages: readonly BreakageFacts[]): string {
  const title = `# What breaks by ${day}`;
  if (breakages.length === 0) return `${title}\n\nNothing: every certificate in use is still valid on that day.\n`;
  const sections = breakages.map(({ name, role, file, effect, sketches, boards }) => {
    const used = sketches.length > 0 ? `\n\nBuilt into: ${sketches.map(escapeMarkdown).join(', ')}` : '';
    const held = boards.length > 0 ? `\n\nOn boards: ${boards.map(escapeMarkdown).join(', ')}` : '';
    return `## ${escapeMarkdown(name)} (${role})\n\n${escapeMarkdown(effect)}\n\nFile: ${escapeMarkdown(file)}${used}${held}`;
  });
  return `${[title, ...sections].join('\n\n')}\n`;
}
