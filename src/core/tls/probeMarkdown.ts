// A TLS test's report as Markdown, for an issue or a wiki, and as plain text for a terminal.
import { type BoardVerdict, heapNote } from './boardTable';
import { drawChain } from './chainDrawing';
import type { ProbeReport } from './probeReport';
import { isTrusted, type ReportCheck, reportSections } from './probeSections';

const VERDICTS = { works: '✓ works', fails: '✗ fails', unknown: '? unknown' } as const;
const SYMBOLS: Readonly<Record<ReportCheck['result'], string>> = { passed: '✓', failed: '✗', info: '' };
const MARKS: Readonly<Record<ReportCheck['result'], string>> = { passed: 'ok', failed: 'FAILED', info: '' };

export function probeMarkdown(report: ProbeReport, boards: readonly BoardVerdict[]): string {
  const lines = [`# TLS test of ${report.host}:${report.port}`, '', cell(summary(report)), ''];
  lines.push('## Will it work on my board?', '', ...boardRows(boards), '', cell(heapNote(report)));
  lines.push('', '## Certificate chain', '', ...drawChain(report).map((line) => `    ${oneLine(line)}`), '');
  for (const { title, checks } of reportSections(report)) {
    lines.push(`## ${title}`, '', '| | Check | Result |', '| --- | --- | --- |');
    for (const { result, label, detail } of checks)
      lines.push(`| ${SYMBOLS[result]} | ${cell(label)} | ${cell(detail)} |`);
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

/** A column that says nothing for any board is left out. */
function boardRows(boards: readonly BoardVerdict[]): string[] {
  const columns: readonly (readonly [string, (row: BoardVerdict) => string])[] = [
    ['Board', ({ board }) => board],
    ['Verdict', ({ verdict }) => VERDICTS[verdict]],
    ['Prints', ({ code }) => code],
    ['Why', ({ why }) => why],
    ['What to change', ({ change }) => change],
    ['Heap in the handshake', ({ heap }) => heap],
  ];
  const used = columns.filter(([, read]) => boards.some((row) => read(row) !== ''));
  return [
    `| ${used.map(([title]) => title).join(' | ')} |`,
    `| ${used.map(() => '---').join(' | ')} |`,
    ...boards.map((row) => `| ${used.map(([, read]) => cell(read(row))).join(' | ')} |`),
  ];
}

export function probeText(report: ProbeReport, boards: readonly BoardVerdict[]): string {
  const lines = [`TLS test of ${report.host}:${report.port}`, summary(report), '', 'Certificate chain'];
  lines.push(...drawChain(report).map((line) => `  ${oneLine(line)}`));
  for (const { title, checks } of reportSections(report)) {
    lines.push('', title);
    for (const { result, label, detail } of checks)
      lines.push(`  ${MARKS[result].padEnd(6)} ${label}: ${oneLine(detail)}`);
  }
  lines.push('', 'Will it work on my board?');
  for (const { board, verdict, code, why, heap, change } of boards) {
    lines.push(`  ${verdict.padEnd(7)} ${board}${code ? `: ${code}` : ''}`);
    if (why) lines.push(`          Why: ${oneLine(why)}`);
    lines.push(`          Heap: ${heap}.`);
    if (change) lines.push(`          Change: ${oneLine(change)}`);
  }
  lines.push(`  ${heapNote(report)}`);
  return `${lines.join('\n')}\n`;
}

function summary(report: ProbeReport): string {
  const failures = reportSections(report).flatMap(({ checks }) => checks.filter(({ result }) => result === 'failed'));
  const trusted = isTrusted(report)
    ? 'The certificate is trusted and for this name.'
    : 'The certificate is NOT trusted.';
  return `${trusted} ${failures.length === 0 ? 'Nothing failed.' : `${failures.length} failed.`}`;
}

/** What a certificate says goes into no table syntax and steers no terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

function cell(text: string): string {
  return oneLine(text).replace(/[\\|<>`*_[\]]/g, '\\$&');
}
