// A diagnosis as Markdown (the evidence document), as terminal text and as plain JSON. No key is ever in it.
import { escapeMarkdown } from '../escapeMarkdown';
import type { Diagnosis } from './diagnose';
import type { Evidence, ProposedFix, Verdict } from './verdict';

export interface ReportHead {
  /** `host:port`. */
  readonly address: string;
  readonly hostName: string;
  /** The project's folder, for people; missing when everything came from options. */
  readonly project?: string;
  readonly stack: string;
  /** What the board printed and how it fits, where the diagnosis was asked for from a printed code. */
  readonly boardSaid?: Evidence;
}

export function markdownReport({ verdict, next, remarks }: Diagnosis, head: ReportHead): string {
  const lines = [
    '# Diagnosis',
    '',
    `**${escapeMarkdown(verdict.title)}**`,
    '',
    `${CERTAINTY[verdict.certainty]} · broker ${code(head.address)} · name checked: ${code(head.hostName)}${head.project ? ` · project ${code(head.project)}` : ''} · ${head.stack}`,
    '',
    '## Evidence',
    '',
    ...[...(head.boardSaid ? [head.boardSaid] : []), ...verdict.evidence].map(
      (evidence) => `- ${escapeMarkdown(evidenceText(evidence))}`,
    ),
    '',
    ...(verdict.boardPrints ? [`On the board this shows as ${escapeMarkdown(verdict.boardPrints)}.`, ''] : []),
    ...section('What mends it', verdict.fixes.map(fixText)),
    ...section('What it may be otherwise', verdict.remaining),
    ...section('What would fail next', next.map(nextText)),
    ...section('Good to know', remarks),
  ];
  return lines.join('\n');
}

export function textReport({ verdict, next, remarks }: Diagnosis): string {
  const list = (title: string, items: readonly string[]): string[] =>
    items.length === 0 ? [] : ['', `${title}:`, ...items.map((item) => `  - ${item}`)];
  return [
    verdict.title,
    `(${CERTAINTY[verdict.certainty]}${verdict.boardPrints ? `; the board prints ${verdict.boardPrints}` : ''})`,
    ...list('Evidence', verdict.evidence.map(evidenceText)),
    ...list('What mends it', verdict.fixes.map(fixText)),
    ...list('What it may be otherwise', verdict.remaining),
    ...list('What would fail next', next.map(nextText)),
    ...list('Good to know', remarks),
    '',
  ].join('\n');
}

/** For `--json`: fixes without the PEM texts they write. */
export function jsonReport({ verdict, next, remarks }: Diagnosis, head: ReportHead): unknown {
  const plain = (one: Verdict) => ({
    cause: one.cause,
    certainty: one.certainty,
    title: one.title,
    boardPrints: one.boardPrints ?? null,
    evidence: one.evidence.map(({ text, at }) => ({ text, file: at?.file ?? null, line: at?.line ?? null })),
    fixes: one.fixes.map(({ kind, title, confirm }) => ({ kind, title, needsConfirmation: confirm !== undefined })),
    remaining: one.remaining,
  });
  return { ...head, ...plain(verdict), next: next.map(plain), remarks };
}

const CERTAINTY: Readonly<Record<Verdict['certainty'], string>> = {
  proven: 'proven with the files of the project and the broker’s answer',
  likely: 'likely',
  unknown: 'not known',
};

function evidenceText({ text, at }: Evidence): string {
  return at && !text.includes(at.file) ? `${text} (${at.file}, line ${at.line})` : text;
}

function fixText({ title, confirm }: ProposedFix): string {
  return confirm ? `${title}. ${confirm}` : title;
}

function nextText({ title, certainty }: Verdict): string {
  return certainty === 'proven' ? title : `${title} (likely)`;
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${escapeMarkdown(item)}`), ''];
}

/** Somebody else's text in a code span, which a backtick would end. */
function code(text: string): string {
  return `\`${text.replace(/[`\r\n]/g, "'")}\``;
}
