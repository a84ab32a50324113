// The reports of TLS tests: shown as pages, exported as files.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { BoardVerdict } from '../../core/tls/boardTable';
import type { ExportFormat } from '../../core/tls/probeExport';
import type { ProbeReport } from '../../core/tls/probeReport';
import type { MarkdownPages } from '../markdownPages';
import { saveFile } from '../saveFile';

export interface TlsTestReport {
  readonly report: ProbeReport;
  readonly boards: readonly BoardVerdict[];
}

export class TlsTestReports {
  private latest: TlsTestReport | undefined;

  constructor(private readonly pages: MarkdownPages) {}

  async show(result: TlsTestReport): Promise<void> {
    const { probeMarkdown } = await import('../../core/tls/probeMarkdown');
    this.latest = result;
    await this.pages.show(`TLS test of ${fileName(result.report)}`, probeMarkdown(result.report, result.boards));
  }

  /** Saves the latest report in a format that is asked for. Returns where it went. */
  async export(): Promise<vscode.Uri> {
    if (!this.latest) {
      const action = { title: 'Test TLS of a Broker', command: 'secureIot.testTls' };
      throw new UserError('no-report', 'There is no report yet: test a broker first.', action);
    }
    const { report, boards } = this.latest;
    const { EXPORT_FORMATS } = await import('../../core/tls/probeExport');
    const formats = Object.keys(EXPORT_FORMATS) as ExportFormat[];
    const rows = formats.map((format) => ({ label: EXPORT_FORMATS[format].label, description: USES[format], format }));
    const choice = await vscode.window.showQuickPick(rows, {
      title: 'Export TLS Test Report',
      placeHolder: `Format of the report of ${report.host}:${report.port}`,
    });
    if (!choice) throw new CancelledError();
    const { write, extension } = EXPORT_FORMATS[choice.format];
    const name = `tls-test-${fileName(report)}.${extension}`;
    const target = await saveFile(name, new TextEncoder().encode(write(report, boards)));
    if (!target) throw new CancelledError();
    return target;
  }
}

const USES: Readonly<Record<ExportFormat, string>> = {
  markdown: 'for an issue or a wiki',
  json: 'every fact, for programs',
  sarif: 'for code scanning in CI',
};

function fileName({ host, port }: ProbeReport): string {
  return `${host}-${port}`.replace(/[^\w.-]+/g, '_');
}
