// Registers the Certificates view and its commands.
import * as vscode from 'vscode';
import type { CommandId } from '../../contributions/commands';
import { CERTIFICATE_EDITOR } from '../../contributions/editors';
import type { CommandRegistrar } from '../commands';
import type { Log } from '../log';
import { MarkdownPages } from '../markdownPages';
import { AuthorityPassphrase } from './authorityPassphrase';
import type { Argument } from './certificateChoice';
import { CertificateEditor, showCertificate } from './certificateEditor';
import { CertificatesView } from './certificatesView';
import type { Page } from './checkActions';
import { chooseCertificateFile } from './chooseCertificateFile';
import { ExpiryWarnings } from './expiryWarnings';
import type { GenerateCertificatesOptions } from './generateCertificates';

/** Reports: verification, rehearsal. */
const CERTIFICATE_SCHEME = 'secure-iot-certificate';

/** Activation has other things to do first. */
const FIRST_CHECK_MS = 3000;
/** A window may stay open for weeks. */
const CHECK_MS = 6 * 3_600_000;

export function registerCertificates(context: vscode.ExtensionContext, commands: CommandRegistrar, log: Log): void {
  const passphrases = new AuthorityPassphrase(context.secrets);
  const documents = new MarkdownPages(CERTIFICATE_SCHEME, 'Ask for the report again.');
  const warnings = new ExpiryWarnings();
  const view = new CertificatesView(warnings);
  const watcher = vscode.workspace.createFileSystemWatcher('**/{inventory.json,*.crt,ca.crl}');
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
    documents,
    vscode.workspace.registerTextDocumentContentProvider(CERTIFICATE_SCHEME, documents),
    vscode.window.registerTreeDataProvider('secureIot.certificates', view),
    vscode.window.registerCustomEditorProvider(CERTIFICATE_EDITOR, new CertificateEditor(log.child('certificates'))),
  );
  const check = () => view.checkExpiry().catch((error) => log.child('certificates').warn(String(error)));
  const timers = [setTimeout(check, FIRST_CHECK_MS), setInterval(check, CHECK_MS)];
  context.subscriptions.push({ dispose: () => timers.forEach(clearTimeout) });
  for (const timer of timers) timer.unref();
  commands.register('secureIot.generateCertificates', async (options) => {
    const { generateCertificates } = await import('./generateCertificates');
    try {
      return await generateCertificates(isOptions(options) ? options : {}, passphrases, log.child('certificates'));
    } finally {
      view.refresh();
    }
  });
  const register = (id: CommandId, run: (argument: Argument) => Promise<void>) =>
    commands.register(id, async (argument) => {
      try {
        await run(isOptions(argument) ? (argument as Argument) : undefined);
      } finally {
        view.refresh();
      }
    });
  const leaves = () => import('./certificateActions');
  const authorities = () => import('./authorityActions');
  const requests = () => import('./requestActions');
  const exports_ = () => import('./exportActions');
  register('secureIot.renewCertificate', async (a) => (await leaves()).renewCertificate(a, passphrases));
  register('secureIot.revokeCertificate', async (a) => (await leaves()).revokeCertificate(a, passphrases));
  register('secureIot.issueBrokerCertificate', async (a) => (await leaves()).issueBrokerCertificate(a, passphrases));
  register('secureIot.issueFleet', async (a) => (await leaves()).issueFleet(a, passphrases));
  register('secureIot.issueFleetFromCsv', async (a) => (await leaves()).issueFleetFromCsv(a, passphrases));
  register('secureIot.issueOperator', async (a) => (await requests()).issueOperator(a, passphrases));
  register('secureIot.makeSigningRequest', async (a) => (await requests()).makeSigningRequest(a));
  register('secureIot.signSigningRequest', async (a) => (await requests()).signSigningRequest(a, passphrases));
  register('secureIot.issueIntermediate', async (a) => (await authorities()).issueIntermediate(a, passphrases));
  register('secureIot.importAuthority', async (a) => (await authorities()).importAuthority(a, passphrases));
  register('secureIot.updateRevocationList', async (a) => (await authorities()).updateRevocationList(a, passphrases));
  register('secureIot.exportCertificate', async (a) => (await exports_()).exportCertificate(a));
  register('secureIot.exportManifest', async (a) => (await exports_()).exportManifest(a));
  const checks = () => import('./checkActions');
  const show = async (page: Page | undefined) => page && documents.show(page.name, page.markdown);
  commands.register('secureIot.verifyCertificate', async (a) => show(await (await checks()).verifyCertificate(a)));
  commands.register('secureIot.rehearseExpiry', async (a) => show(await (await checks()).rehearseExpiry(a)));
  commands.register('secureIot.inspectCertificate', async (argument) => {
    const file = await chooseCertificateFile(argument, 'Inspect Certificate');
    if (file) await showCertificate(file);
  });
}

/** A view's button hands over nothing of ours. */
function isOptions(value: unknown): value is GenerateCertificatesOptions {
  return typeof value === 'object' && value !== null && !(value instanceof vscode.Uri);
}
