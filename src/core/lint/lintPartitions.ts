// Mistakes in ESP-IDF's partition table as CSV, which the build or the boot would stop at.
import { hex } from '../firmware/flashFile';
import { partitionProblems } from '../firmware/partitionChecks';
import { looksLikePartitionCsv, readPartitionCsv } from '../firmware/partitionCsv';
import type { LintProblem } from './problem';

/** `Name, Type, SubType, Offset, …` */
const OFFSET_FIELD = 3;

export function lintPartitions(text: string): LintProblem[] {
  if (!looksLikePartitionCsv(text)) return []; // some other list that has the word in its name
  const { partitions, lines, wrong } = readPartitionCsv(text);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const rangeOf = (line: number) => {
    const start = starts[line] ?? 0;
    const length = /^[^\r\n]*/.exec(text.slice(start))?.[0].trimEnd().length ?? 0;
    return { start, end: start + length };
  };
  const base = { rule: 'partition-table', severity: 'error' } as const;
  if (wrong.length > 0)
    return wrong.map(({ line, text: what }) => ({
      ...base,
      ...rangeOf(line),
      message: `${what[0]?.toUpperCase()}${what.slice(1)}`,
    }));
  return partitionProblems(partitions, undefined).map(({ index, text: message, moveTo }) => {
    const range = rangeOf(lines[index] ?? 0);
    const field = moveTo === undefined ? undefined : fieldRange(text.slice(range.start, range.end), OFFSET_FIELD);
    if (moveTo === undefined || !field) return { ...base, ...range, message };
    const newText = hex(moveTo);
    const fix = {
      title: `Start it at ${newText}`,
      newText,
      start: range.start + field.start,
      end: range.start + field.end,
    };
    return { ...base, ...range, message, fix };
  });
}

/** Without the spaces around it. */
function fieldRange(line: string, wanted: number): { readonly start: number; readonly end: number } | undefined {
  const fields = line.split(',');
  const field = fields[wanted];
  if (field === undefined) return undefined;
  const before = fields.slice(0, wanted).join(',').length + 1;
  const start = before + (field.length - field.trimStart().length);
  return { start, end: start + field.trim().length };
}
