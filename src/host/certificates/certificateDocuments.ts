// The readable page of a certificate file: a virtual Markdown document, made from the file each time it is asked for.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';

export const CERTIFICATE_SCHEME = 'secure-iot-certificate';

export class CertificateDocuments implements vscode.TextDocumentContentProvider {
  /** Reports shown since the window opened, by the path of their document. */
  private readonly reports = new Map<string, string>();

  /** Shows a report as a page that closes without a question. */
  async show(name: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.file(`/${name}.md`).with({ scheme: CERTIFICATE_SCHEME });
    this.reports.set(uri.path, markdown);
    await showPage(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const report = this.reports.get(uri.path);
    if (report !== undefined) return report;
    const file = uri.fsPath.replace(/\.md$/, '');
    const { inspectFile } = await import('../../io/inspectFile');
    const { certificatePage } = await import('../../core/pki/certificatePage');
    try {
      return certificatePage(path.basename(file), await inspectFile(file), Date.now());
    } catch (error) {
      if (error instanceof UserError) return `# ${path.basename(file)}\n\n${error.message}\n`;
      throw error;
    }
  }
}

export async function showCertificate(file: string): Promise<void> {
  await showPage(vscode.Uri.file(`${file}.md`).with({ scheme: CERTIFICATE_SCHEME }));
}

async function showPage(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    // The built-in Markdown extension is switched off: the text itself is readable too.
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }
}

/** The file that a row, a menu or the palette means; asks where nothing says so. */
export async function chooseCertificateFile(argument: unknown): Promise<string | undefined> {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active?.scheme === 'file' && /\.(?:crt|cer|pem|der)$/i.test(active.path)) return active.fsPath;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Inspect Certificate',
    filters: { Certificates: ['crt', 'cer', 'pem', 'der'], 'All files': ['*'] },
  });
  return chosen?.[0]?.fsPath;
}
