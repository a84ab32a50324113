// Analyze Log File…: a saved log of any size, streamed, with progress and cancel; the result is a page.
import * as path from 'node:path';
import type * as vscode from 'vscode';
import { counted } from '../../core/counted';
import { CrashLog } from '../../core/decode/crashLog';
import type { Finding } from '../../core/decode/finding';
import { pickLogFile } from '../pickLogFile';
import { withProgress } from '../progress';
import type { ExplainDocuments } from './explainDocument';
import { newestElf } from './newestElf';
import type { ProjectFirmware } from './projectFirmware';

export interface AnalyzeOptions {
  readonly file?: string | vscode.Uri;
  /** For the source lines of its crashes; else that of the workspace's newest build. */
  readonly elf?: string;
}

interface Group {
  readonly first: Finding;
  last: number;
  count: number;
}

/** More kinds than this are counted, not listed. */
const MAX_KINDS = 200;

export async function analyzeLogFile(
  documents: ExplainDocuments,
  firmware: ProjectFirmware,
  options: AnalyzeOptions = {},
): Promise<void> {
  const file =
    typeof options.file === 'string' ? options.file : (options.file?.fsPath ?? (await pickLogFile('Analyze Log File')));
  if (!file) return;
  const { analyzeLog, openLog } = await import('../../io/decode/logAnalysis');
  const { chunks, size } = await openLog(file);
  const known = await firmware.options(file);
  const elf = options.elf ?? (await newestElf());
  const crashes = new CrashLog();
  const groups = new Map<string, Group>();
  let findings = 0;
  let percent = 0;
  const lines = await withProgress(`Analyzing ${path.basename(file)}`, ({ signal, report }) =>
    analyzeLog(chunks, {
      ...known,
      signal,
      ...(elf !== undefined && { onLine: (line: string) => crashes.take(line) }),
      onFinding: (finding) => {
        findings += 1;
        const key = `${finding.family}\n${finding.code}\n${finding.name}`;
        const group = groups.get(key);
        if (group) {
          group.count += 1;
          group.last = finding.line;
        } else if (groups.size < MAX_KINDS) groups.set(key, { first: finding, last: finding.line, count: 1 });
      },
      onProgress: (bytes) => {
        const now = Math.floor((bytes / Math.max(size, 1)) * 100);
        if (now > percent) report(`${now} %, ${findings} findings`, now / 100);
        percent = now;
      },
    }),
  );
  const kinds = [...groups.values()];
  const { crashSection } = await import('./crashSection');
  const calls = elf === undefined ? withoutElf(kinds) : await crashSection(elf, crashes.end());
  await documents.show(`Analysis of ${path.basename(file)}`, (await page(file, lines, findings, kinds)) + calls);
}

const withoutElf = (kinds: readonly Group[]): string =>
  kinds.some(({ first }) => first.family === 'panic')
    ? '\nBuild the project in this workspace to see the source lines of its crashes here, or use "Resolve Backtrace".\n'
    : '';

async function page(file: string, lines: number, findings: number, groups: readonly Group[]): Promise<string> {
  const { explanationMarkdown } = await import('../../core/decode/explanationMarkdown');
  const { escapeMarkdown } = await import('../../core/escapeMarkdown');
  const sorted = [...groups].sort((a, b) => b.count - a.count);
  const head = `# ${escapeMarkdown(path.basename(file))}\n\n${counted(lines, 'line')}, ${counted(findings, 'finding')} of ${counted(groups.length, 'kind')}.\n`;
  const rows = sorted.map(
    ({ first, count, last }) =>
      `| ${count} | ${escapeMarkdown(first.code)} | ${escapeMarkdown(first.name)} | ${first.line} | ${last} |`,
  );
  const table = rows.length
    ? `\n| Times | Code | Name | First line | Last line |\n| ---: | --- | --- | ---: | ---: |\n${rows.join('\n')}\n`
    : '\nNo known error in this log.\n';
  return head + table + sorted.map(({ first }) => `\n${explanationMarkdown(first, { level: 2 })}`).join('');
}
