// Test TLS of a Broker…: asks where and with which certificate, runs the test, shows the report as a page.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import { readSetting } from '../commands';
import type { BrokerHost } from './brokerHost';

export const REPORT_SCHEME = 'secure-iot-tls-test';

/** What `secureIot.testTls` takes as its argument; it asks for the rest. */
export interface TlsTestOptions {
  /** `mqtts://host:port`, `host:port` or `host`. */
  readonly address?: string;
  /** Name of a device certificate of the workspace; empty: none. */
  readonly device?: string;
  readonly servername?: string;
}

const MAX_REPORTS = 20;

export class TlsTestReports implements vscode.TextDocumentContentProvider {
  private readonly pages = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.pages.get(uri.toString()) ?? 'This report is gone. Run "Test TLS of a Broker…" again.\n';
  }

  async show(address: string, markdown: string): Promise<void> {
    const name = `TLS test of ${address.replace(/[^\w.-]+/g, '_')}.md`;
    const uri = vscode.Uri.from({ scheme: REPORT_SCHEME, path: `/${name}` });
    this.pages.delete(uri.toString());
    this.pages.set(uri.toString(), markdown);
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

  dispose(): void {
    this.changed.dispose();
  }
}

/** Returns whether the chain is trusted and the name matches. */
export async function testTls(
  reports: TlsTestReports,
  host: Pick<BrokerHost, 'running'>,
  options: TlsTestOptions,
): Promise<boolean> {
  const text = options.address ?? (await askAddress(host));
  const { parseTlsAddress } = await import('../../core/tls/tlsAddress');
  const address = parseTlsAddress(text);
  if (!address) throw new UserError('bad-address', `"${text}" is no address. It looks like mqtts://localhost:8883.`);
  const folder = certificatesFolder();
  const device = options.device ?? (await askDevice(folder));
  const { readConnectionFiles, authoritySubject } = await import('../../io/connectionFiles');
  const own = folder !== undefined && (await authoritySubject(folder)) !== null;
  const files = await readConnectionFiles(
    folder ?? '',
    own ? { type: 'workspace' } : { type: 'system' },
    device ? { type: 'device', name: device } : { type: 'none' },
  );
  const tls = { ...files, ...(options.servername ? { servername: options.servername } : {}) };
  const result = await runWithProgress(address.host, address.port, tls);
  await reports.show(`${address.host}-${address.port}`, result.markdown);
  return result.trusted;
}

async function runWithProgress(
  host: string,
  port: number,
  tls: { readonly ca?: string },
): Promise<{ readonly markdown: string; readonly trusted: boolean }> {
  const { probeTls } = await import('../../io/tlsProbe');
  const { ConnectError } = await import('../../io/connectError');
  const { publicRoots } = await import('../../io/publicRoots');
  const { verifySignature } = await import('../../io/signatureCheck');
  const { boardTable } = await import('../../core/tls/boardTable');
  const { probeMarkdown } = await import('../../core/tls/probeMarkdown');
  const { isTrusted } = await import('../../core/tls/probeSections');
  const { readCertificates } = await import('../../core/x509/readCertificates');
  const title = `Testing the TLS of ${host}:${port}`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort(new CancelledError()));
      const onProgress = (message: string): void => progress.report({ message });
      try {
        const report = await probeTls({ host, port, tls, nowMs: Date.now(), signal: abort.signal, onProgress });
        const anchors = tls.ca === undefined ? publicRoots() : readCertificates(tls.ca);
        const markdown = probeMarkdown(report, boardTable(report, anchors, verifySignature));
        return { markdown, trusted: isTrusted(report) };
      } catch (error) {
        if (error instanceof ConnectError) throw new UserError('tls-test-failed', error.failure.reason);
        throw error;
      }
    },
  );
}

async function askAddress(host: Pick<BrokerHost, 'running'>): Promise<string> {
  const text = await vscode.window.showInputBox({
    title: 'Test TLS of a Broker',
    prompt: 'Address of the broker’s TLS port. The test makes about forty short connections.',
    value: `mqtts://localhost:${host.running?.port ?? 8883}`,
  });
  if (!text) throw new CancelledError();
  return text.trim();
}

async function askDevice(folder: string | undefined): Promise<string> {
  if (folder === undefined) return '';
  const { deviceNames } = await import('../../io/brokerFiles');
  const names = await deviceNames(folder);
  if (names.length === 0) return '';
  const none = 'No client certificate';
  const choice = await vscode.window.showQuickPick([...names, none], {
    title: 'Test TLS of a Broker: client certificate',
    placeHolder: 'Which certificate the test shows when the broker asks for one',
  });
  if (choice === undefined) throw new CancelledError();
  return choice === none ? '' : choice;
}

function certificatesFolder(): string | undefined {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme !== 'file') return undefined;
  return path.resolve(workspace.uri.fsPath, readSetting('secureIot.certificates.folder', workspace));
}
