// Reports about certificates (verification, rehearsal): virtual Markdown documents. And which file a command means.
import * as vscode from 'vscode';
import { findCertificatesFolder } from './certificatesFolder';

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

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.reports.get(uri.path) ?? 'This report was made in another window. Ask for it again.';
  }
}

async function showPage(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  } catch {
    // The built-in Markdown extension is switched off: the text itself is readable too.
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  }
}

const CERTIFICATE_FILE = /\.(?:crt|cer|pem|der|p12|pfx|csr|crl|ino|h)$/i;

/** The file that a row, a menu or the palette means; asks where nothing says so, under the title of the command. */
export async function chooseCertificateFile(argument: unknown, title: string): Promise<string | undefined> {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input as { readonly uri?: vscode.Uri } | undefined;
  const active = vscode.window.activeTextEditor?.document.uri ?? tab?.uri; // a text, or an editor of ours
  if (active?.scheme === 'file' && CERTIFICATE_FILE.test(active.path)) return active.fsPath;
  const folder = findCertificatesFolder();
  const chosen = await vscode.window.showOpenDialog({
    title,
    ...(folder ? { defaultUri: vscode.Uri.file(folder.path) } : {}),
    filters: { Certificates: ['crt', 'cer', 'pem', 'der', 'p12', 'pfx', 'csr', 'crl'], 'All files': ['*'] },
  });
  return chosen?.[0]?.fsPath;
}
