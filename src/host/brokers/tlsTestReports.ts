// The reports of TLS tests: shown as pages, exported as files.
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import type { BoardVerdict } from '../../core/tls/boardTable';
import type { ExportFormat } from '../../core/tls/probeExport';
import type { ProbeReport } from '../../core/tls/probeReport';
import { saveFile } from '../saveFile';

export const REPORT_SCHEME = 'secure-iot-tls-test';

export interface TlsTestReport {
  readonly report: ProbeReport;
  readonly boards: readonly BoardVerdict[];
}

const MAX_REPORTS = 20;

export class TlsTestReports implements vscode.TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private latest: TlsTestReport | undefined;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.toString()) ?? 'This report is gone. Run "Test TLS of a Broker…" again.\n';
  }

  async show(result: TlsTestReport): Promise<void> {
    const { probeMarkdown } = await import('../../core/tls/probeMarkdown');
    this.latest = result;
    const uri = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/TLS test of ${fileName(result.report)}.md` });
    this.pages.delete(uri.toString());
    this.pages.set(uri.toString(), probeMarkdown(result.report, result.boards));
    const [oldest] = this.pages.keys();
    if (this.pages.size > MAX_REPORTS && oldest !== undefined) this.pages.delete(oldest);
    this.changed.fire(uri);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      // The built-in Markdown extension is switched off: the text itself is readable too.
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
    }
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

  dispose(): void {
    this.changed.dispose();
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
