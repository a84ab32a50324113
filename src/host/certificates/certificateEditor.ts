// The readable editor of certificate files (PEM, DER, PKCS#12, requests, revocation lists): a page without scripts, made
// anew when the file changes. "Reopen Editor With… Text Editor" shows the text.
import { randomBytes } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CERTIFICATE_EDITOR } from '../../contributions/editors';
import { UserError } from '../../core/errors';
import type { Log } from '../log';
import { findCertificatesFolder } from './certificatesFolder';
import { withFilePassphrase } from './filePassphrase';

export class CertificateEditor implements vscode.CustomReadonlyEditorProvider {
  constructor(private readonly log: Log) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => {} };
  }

  async resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = { enableScripts: false, localResourceRoots: [] };
    let latest = 0; // a slow page must not come over a newer one, nor after the editor was closed
    const show = async () => {
      const own = ++latest;
      const html = await pageOf(uri.fsPath);
      if (own === latest) panel.webview.html = html;
    };
    const showAnew = () => void show().catch((error) => this.log.warn(`${uri.fsPath}: ${String(error)}`));
    const folder = vscode.Uri.file(path.dirname(uri.fsPath));
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(folder, path.basename(uri.fsPath)),
    );
    watcher.onDidChange(showAnew);
    watcher.onDidCreate(showAnew);
    panel.onDidDispose(() => {
      latest++;
      watcher.dispose();
    });
    await show();
  }
}

export async function showCertificate(file: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), CERTIFICATE_EDITOR);
}

async function pageOf(file: string): Promise<string> {
  const title = path.basename(file);
  const nonce = randomBytes(16).toString('hex');
  const html = await import('../../core/pki/inspectionHtml');
  try {
    return html.inspectionHtml({ title, ...(await withFilePassphrase(file, (secret) => read(file, secret))) }, nonce);
  } catch (error) {
    if (error instanceof UserError) return html.inspectionErrorHtml(title, error.message, nonce);
    throw error;
  }
}

/** Verified against the workspace's authority, where there is one and the file holds a certificate. */
async function read(file: string, passphrase: string | undefined) {
  const { inspectFile } = await import('../../io/pki/inspectFile');
  const options = passphrase === undefined ? {} : { passphrase };
  const items = await inspectFile(file, options);
  const folder = findCertificatesFolder();
  if (!folder || !items.some(({ certificate }) => certificate)) return { items };
  const { openCertificateStore } = await import('../../io/pki/certificateStore');
  const store = openCertificateStore(folder.path);
  if (!(await store.exists('authority'))) return { items };
  const { verifyInStore } = await import('../../io/pki/verifyInStore');
  return { items, verification: await verifyInStore(store, file, options) };
}
