// Registers the Brokers view and the commands of the local broker.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../../core/errors';
import { type CommandRegistrar, readSetting, runCommand, setContext } from '../commands';
import type { Log } from '../log';
import { MarkdownPages } from '../markdownPages';
import { writeBrokerConfiguration } from './brokerConfiguration';
import { BrokerHost } from './brokerHost';
import { analyzeBrokerLog } from './brokerLog';
import { BrokersView } from './brokersView';
import { type TlsTestOptions, testTls } from './tlsTest';
import { TlsTestReports } from './tlsTestReports';

const PAGE_SCHEME = 'secure-iot-broker';

/** What `secureIot.startBroker` takes as its argument; settings and defaults fill in the rest. */
export interface StartBrokerOptions {
  readonly port?: number;
  readonly host?: string;
  readonly requireClientCertificate?: boolean;
  /** Broker certificate by its file name without `.crt`. */
  readonly name?: string;
}

/** Returns the host, for those who connect to the broker that runs here. */
export function registerBrokers(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  log: Log,
): Pick<BrokerHost, 'running' | 'onDidChange' | 'record'> {
  const host = new BrokerHost(log.child('broker'));
  const view = new BrokersView(host);
  context.subscriptions.push(host, view, vscode.window.registerTreeDataProvider('secureIot.brokers', view));
  setContext('secureIot.brokerRunning', false);
  commands.register('secureIot.startBroker', async (argument) => {
    const options = isOptions(argument) ? argument : {};
    const alreadyRuns = host.running !== undefined;
    const workspace = workspaceFolder();
    const running = await host.start({
      folder: certificatesFolder(workspace),
      host: options.host ?? readSetting('secureIot.broker.host', workspace),
      port: options.port ?? readSetting('secureIot.broker.port', workspace),
      requireClientCertificate:
        options.requireClientCertificate ?? readSetting('secureIot.broker.requireClientCertificate', workspace),
      ...(options.name === undefined ? {} : { name: options.name }),
    });
    void announce(running.port, running.requiresClientCertificate, alreadyRuns);
    return running;
  });
  commands.register('secureIot.stopBroker', () => host.stop());
  const pages = new MarkdownPages(PAGE_SCHEME, 'Run the command again.');
  context.subscriptions.push(pages, vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, pages));
  const reports = new TlsTestReports(pages);
  commands.register('secureIot.testTls', (argument) => testTls(reports, host, isTestOptions(argument) ? argument : {}));
  commands.register('secureIot.exportTlsReport', () => reports.export());
  commands.register('secureIot.writeBrokerConfiguration', () => {
    const workspace = workspaceFolder();
    const port = readSetting('secureIot.broker.port', workspace);
    const root = workspace.uri.fsPath;
    return writeBrokerConfiguration(pages, { root, certificates: certificatesFolder(workspace), port });
  });
  commands.register('secureIot.analyzeBrokerLog', (argument) =>
    analyzeBrokerLog(pages, argument instanceof vscode.Uri ? { file: argument.fsPath } : {}),
  );
  return host;
}

async function announce(port: number, mutual: boolean, already: boolean): Promise<void> {
  const openExplorer = 'Open MQTT Explorer';
  const kind = mutual ? 'It asks every client for a certificate of your CA.' : 'It asks for no client certificate.';
  const choice = await vscode.window.showInformationMessage(
    `The local TLS broker ${already ? 'already listens' : 'listens'} on mqtts://localhost:${port}. ${kind}`,
    openExplorer,
  );
  if (choice === openExplorer) await runCommand('secureIot.openExplorer');
}

function workspaceFolder(): vscode.WorkspaceFolder {
  const workspace = vscode.workspace.workspaceFolders?.[0];
  if (workspace?.uri.scheme === 'file') return workspace;
  throw new UserError('no-folder', 'Open a folder first: the broker uses the certificates in it.', {
    title: 'Open Folder',
    command: 'vscode.openFolder',
  });
}

function certificatesFolder(workspace: vscode.WorkspaceFolder): string {
  return path.resolve(workspace.uri.fsPath, readSetting('secureIot.certificates.folder', workspace));
}

/** A view's title button hands over nothing of ours. */
function isOptions(value: unknown): value is StartBrokerOptions {
  return typeof value === 'object' && value !== null;
}

function isTestOptions(value: unknown): value is TlsTestOptions {
  return typeof value === 'object' && value !== null && ('address' in value || 'device' in value);
}
