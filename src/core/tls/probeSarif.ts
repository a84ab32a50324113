// A TLS test's report as SARIF 2.1.0 (OASIS), which code scanning services of CI read: one result for each finding.
import type { BoardVerdict } from './boardTable';
import type { ProbeReport } from './probeReport';
import { type ReportCheck, reportSections } from './probeSections';

interface Finding {
  readonly rule: string;
  readonly title: string;
  readonly level: 'error' | 'warning';
  readonly text: string;
}

/** What keeps a client from trusting the broker; the rest is a warning. */
const ERRORS = new Set(['Trust', 'Name', 'Dates', 'Purpose', 'Intermediate']);

export function probeSarif(report: ProbeReport, boards: readonly BoardVerdict[]): string {
  const checks = reportSections(report).flatMap((section) => section.checks);
  const findings = [
    ...checks.filter(({ result }) => result === 'failed').map(checkFinding),
    ...boards.filter(({ verdict }) => verdict === 'fails').map(boardFinding),
  ];
  const rules = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const address = `${report.host}:${report.port}`;
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Secure IoT TLS test',
            rules: rules.map(({ rule, title, level }) => ({
              id: rule,
              shortDescription: { text: title },
              defaultConfiguration: { level },
            })),
          },
        },
        invocations: [{ executionSuccessful: true, startTimeUtc: new Date(report.timeMs).toISOString() }],
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ rule, level, text }) => ({
          ruleId: rule,
          ruleIndex: rules.findIndex((known) => known.rule === rule),
          level,
          message: { text },
          locations: [
            {
              // A broker has no source line; services that show results by file need some place all the same.
              physicalLocation: { artifactLocation: { uri: `mqtts://${uriHost(report.host)}:${report.port}` } },
              logicalLocations: [{ name: address, fullyQualifiedName: `mqtts://${address}`, kind: 'resource' }],
            },
          ],
          partialFingerprints: { 'secureIotTlsTest/v1': `${address}/${rule}` },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function checkFinding({ label, detail }: ReportCheck): Finding {
  const level = ERRORS.has(label) ? 'error' : 'warning';
  return { rule: `tls/${slug(label)}`, title: label, level, text: `${label}: ${detail}` };
}

function boardFinding({ board, code, why, change }: BoardVerdict): Finding {
  const prints = code ? ` It prints ${code}.` : '';
  return {
    rule: `board/${slug(board)}`,
    title: `${board} cannot connect`,
    level: 'warning',
    text: `${board} cannot connect. ${why}${prints} ${change}`.trim(),
  };
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function uriHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
