// Registers the Certificates view and its commands.
import * as vscode from 'vscode';
import type { CommandRegistrar } from '../commands';
import type { Log } from '../log';
import { AuthorityPassphrase } from './authorityPassphrase';
import { CertificatesView } from './certificatesView';
import type { GenerateCertificatesOptions } from './generateCertificates';

export function registerCertificates(context: vscode.ExtensionContext, commands: CommandRegistrar, log: Log): void {
  const passphrases = new AuthorityPassphrase(context.secrets);
  const view = new CertificatesView();
  const watcher = vscode.workspace.createFileSystemWatcher('**/{inventory.json,*.crt}');
  const refresh = () => view.refresh();
  context.subscriptions.push(
    view,
    watcher,
    watcher.onDidCreate(refresh),
    watcher.onDidChange(refresh),
    watcher.onDidDelete(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('secureIot.certificates.folder')) refresh();
    }),
    vscode.window.registerTreeDataProvider('secureIot.certificates', view),
  );
  commands.register('secureIot.generateCertificates', async (options) => {
    const { generateCertificates } = await import('./generateCertificates');
    try {
      return await generateCertificates(isOptions(options) ? options : {}, passphrases, log.child('certificates'));
    } finally {
      view.refresh();
    }
  });
}

/** A view's button hands over nothing of ours. */
function isOptions(value: unknown): value is GenerateCertificatesOptions {
  return typeof value === 'object' && value !== null && !(value instanceof vscode.Uri);
}
