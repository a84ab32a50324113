// A finding as Markdown: for a hover, a preview and a bug report.
import { escapeMarkdown } from '../escapeMarkdown';
import { redact } from '../redact';
import type { Finding, Fix } from './finding';
import { causeText, platformText } from './report';

/** Turns a fix into a link; returns undefined where it has no command. */
export type FixLink = (command: string, finding: Finding) => string | undefined;

export interface MarkdownOptions {
  /** Heading level of the code; 3 in a hover. */
  readonly level?: number;
  readonly fixLink?: FixLink;
  /** What fixes change in the project at hand, and a link that does it where links may. */
  readonly edits?: ReadonlyMap<Fix, { readonly title: string; readonly link?: string }>;
  readonly sources?: boolean;
}

export function explanationMarkdown(finding: Finding, options: MarkdownOptions = {}): string {
  const { explanation, also, version, family } = finding;
  const title = finding.code === finding.name ? finding.name : `${finding.code} ${finding.name}`;
  const parts = [`${'#'.repeat(options.level ?? 1)} ${escapeMarkdown(title)}`, escapeMarkdown(explanation.title)];
  if (explanation.causes.length) {
    const causes = explanation.causes.map((cause, i) => `${i + 1}. ${escapeMarkdown(causeText(cause))}`);
    parts.push('**Likely causes**', causes.join('\n'));
  }
  if (explanation.fixes.length) {
    const fixes = explanation.fixes.map((fix) => {
      const link = fix.command && options.fixLink?.(fix.command, finding);
      const edit = options.edits?.get(fix);
      const advice = link ? `[${escapeMarkdown(fix.text)}](${link})` : escapeMarkdown(fix.text);
      if (!edit) return `- ${advice}`;
      const title = escapeMarkdown(edit.title);
      return `- ${advice} ${edit.link ? `[${title}](${edit.link})` : `Edit: ${title}.`}`;
    });
    parts.push('**What to do**', fixes.join('\n'));
  }
  const read = [
    `Read as ${family}${version ? ` ${version}` : ''}`,
    ...(also.length ? [`also: ${also.join(', ')}`] : []),
    ...(finding.platformKnownBy === 'unknown' ? [] : [`platform ${platformText(finding)}`]),
  ];
  parts.push(escapeMarkdown(`${read.join('; ')}.`));
  if (options.sources !== false && explanation.sources.length) {
    parts.push('**Sources**', explanation.sources.map((source) => `- ${escapeMarkdown(source)}`).join('\n'));
  }
  return `${parts.join('\n\n')}\n`;
}

/** What goes into an issue: the facts and the line, with secrets taken out. */
export function bugReport(finding: Finding, line: string, count: number): string {
  const facts = [
    `- Error: \`${finding.code}\` ${finding.name}`,
    `- Family: ${finding.family}${finding.version ? ` ${finding.version}` : ''}`,
    `- Platform: ${platformText(finding)}`,
    `- Seen: ${count} time${count === 1 ? '' : 's'}`,
    `- Meaning: ${finding.explanation.title}`,
  ];
  return redact(`${facts.join('\n')}\n\n\`\`\`\n${line.replaceAll('```', "'''")}\n\`\`\`\n`);
}
