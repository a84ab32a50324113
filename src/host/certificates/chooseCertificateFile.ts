// Which certificate file a command means.
import * as vscode from 'vscode';
import { findCertificatesFolder } from './certificatesFolder';

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
