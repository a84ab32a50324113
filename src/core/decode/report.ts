// How findings look outside: one JSON object, or a few lines of text.
import type { Finding, KnownBy } from './finding';

/** The object of `secure-iot decode --json`: the first eleven keys are an agreement, the rest says how it was read. */
export function findingJson(finding: Finding): Record<string, unknown> {
  const { explanation } = finding;
  return {
    line: finding.line,
    column: finding.column,
    text: finding.text,
    code: finding.code,
    name: finding.name,
    family: finding.family,
    also: finding.also,
    title: explanation.title,
    causes: explanation.causes.map(causeText),
    fixes: explanation.fixes.map(({ text }) => text),
    platform: finding.platform,
    platformKnownBy: finding.platformKnownBy,
    ...(finding.version === undefined ? {} : { version: finding.version }),
    sources: explanation.sources,
  };
}

export function causeText({ text, evidence }: Finding['explanation']['causes'][number]): string {
  return evidence ? `${text} (seen: "${evidence}")` : text;
}

/** The heading of a finding: code, name, and the version it was read for. */
export function findingHeading(finding: Finding): string {
  const code = finding.code === finding.name ? '' : `${finding.code} `;
  const version = finding.version ? ` (${finding.family} ${finding.version})` : ` (${finding.family})`;
  return `${code}${finding.name}${version}`;
}

/** On one line: code, name and what happened. */
export function findingSummary({ code, name, explanation }: Finding): string {
  return `${code === name ? '' : `${code} `}${name}: ${explanation.title}`;
}

/** Indented lines: what happened, why, what to do. */
export function explanationLines(finding: Finding): string[] {
  const { explanation, also } = finding;
  return [
    explanation.title,
    ...(also.length ? [`Also read as: ${also.join(', ')}`] : []),
    ...explanation.causes.map((cause) => `- ${causeText(cause)}`),
    ...explanation.fixes.map(({ text }) => `> ${text}`),
  ];
}

const KNOWN_FROM: Readonly<Partial<Record<KnownBy, string>>> = {
  option: 'as asked for',
  'boot-banner': 'from the boot banner',
  'log-format': 'from the form of the log',
  includes: "from the project's #include lines",
};

/** `esp-idf, from sdkconfig`: the platform that a finding was read for, and how it was known. */
export function platformText({ platform, platformKnownBy: by }: Pick<Finding, 'platform' | 'platformKnownBy'>): string {
  return by === 'unknown' ? 'not known' : `${platform}, ${KNOWN_FROM[by] ?? `from ${by}`}`;
}
