// Registers the Certificates view and its commands.
import * as vscode from 'vscode';
import type { CommandRegistrar } from '../commands';
import type { Log } from '../log';
import { AuthorityPassphrase } from './authorityPassphrase';
import {
  CERTIFICATE_SCHEME,
  CertificateDocuments,
  chooseCertificateFile,
  showCertificate,
} from './certificateDocuments';
import { CertificatesView } from './certificatesView';
import { ExpiryWarnings } from './expiryWarnings';
import type { GenerateCertificatesOptions } from './generateCertificates';

export function registerCertificates(context: vscode.ExtensionContext, commands: CommandRegistrar, log: Log): void {
  const passphrases = new AuthorityPassphrase(context.secrets);
  const warnings = new ExpiryWarnings();
  const view = new CertificatesView(warnings);
  const watcher = vscode.workspace.createFileSystemWatcher('**/{inventory.json,*.crt}');
  const refresh = () => view.refresh();
  context.subscriptions.push(
    warnings,
    view,
    watcher,
    watcher.onDidCreate(refresh),
    watcher.onDidChange(refresh),
    watcher.onDidDelete(refresh),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('secureIot.certificates.folder')) refresh();
    }),
    vscode.workspace.registerTextDocumentContentProvider(CERTIFICATE_SCHEME, new CertificateDocuments()),
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
  const actions = {
    'secureIot.renewCertificate': 'renewCertificate',
    'secureIot.revokeCertificate': 'revokeCertificate',
    'secureIot.issueBrokerCertificate': 'issueBrokerCertificate',
    'secureIot.issueFleet': 'issueFleet',
  } as const;
  for (const [id, action] of Object.entries(actions) as [
    keyof typeof actions,
    (typeof actions)[keyof typeof actions],
  ][]) {
    commands.register(id, async (argument) => {
      const module = await import('./certificateActions');
      try {
        await module[action](isOptions(argument) ? argument : undefined, passphrases);
      } finally {
        view.refresh();
      }
    });
  }
  commands.register('secureIot.inspectCertificate', async (argument) => {
    const file = await chooseCertificateFile(argument);
    if (file) await showCertificate(file);
  });
}

/** A view's button hands over nothing of ours. */
function isOptions(value: unknown): value is GenerateCertificatesOptions {
  return typeof value === 'object' && value !== null && !(value instanceof vscode.Uri);
}
