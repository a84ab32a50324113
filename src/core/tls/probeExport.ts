// The formats in which a TLS test's report leaves the house.
import type { BoardVerdict } from './boardTable';
import { probeJson } from './probeJson';
import { probeMarkdown } from './probeMarkdown';
import type { ProbeReport } from './probeReport';
import { probeSarif } from './probeSarif';

export const EXPORT_FORMATS = {
  markdown: { label: 'Markdown', extension: 'md', write: probeMarkdown },
  json: { label: 'JSON', extension: 'json', write: probeJson },
  sarif: { label: 'SARIF 2.1.0', extension: 'sarif', write: probeSarif },
} as const satisfies Record<
  string,
  {
    readonly label: string;
    readonly extension: string;
    readonly write: (report: ProbeReport, boards: readonly BoardVerdict[]) => string;
  }
>;

export type ExportFormat = keyof typeof EXPORT_FORMATS;
