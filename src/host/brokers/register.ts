// Registers the Brokers view and the commands of the local broker.
import * as vscode from 'vscode';
import type { FaultId } from '../../core/mqtt/brokerFaults';
import type { CertificateStore } from '../../io/pki/certificateStore';
import { AuthorityPassphrase } from '../certificates/authorityPassphrase';
import { certificatesFolder } from '../certificates/certificatesFolder';
import { type CommandRegistrar, readSetting, runCommand, setContext } from '../commands';
import type { Log } from '../log';
import { MarkdownPages } from '../markdownPages';
import { writeBrokerConfiguration } from './brokerConfiguration';
import { announceFault, chooseFault } from './brokerFault';
import { BrokerHost, type RunningBroker } from './brokerHost';
import { analyzeBrokerLog } from './brokerLog';
import { brokerPassword } from './brokerPassword';
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
): Pick<BrokerHost, 'own' | 'running' | 'onDidChange' | 'record'> {
  const host = new BrokerHost(log.child('broker'));
  const view = new BrokersView(host);
  context.subscriptions.push(host, view, vscode.window.registerTreeDataProvider('secureIot.brokers', view));
  setContext('secureIot.brokerRunning', false);
  const start = async (options: StartBrokerOptions, fault?: FaultId): Promise<RunningBroker> => {
    const { workspace, path: folder } = certificatesFolder();
    const user = readSetting('secureIot.broker.user', workspace);
    const webSocketPort = readSetting('secureIot.broker.webSocketPort', workspace);
    const passphrases = new AuthorityPassphrase(context.secrets);
    return host.start({
      folder,
      host: options.host ?? readSetting('secureIot.broker.host', workspace),
      port: options.port ?? readSetting('secureIot.broker.port', workspace),
      requireClientCertificate:
        options.requireClientCertificate ?? readSetting('secureIot.broker.requireClientCertificate', workspace),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(webSocketPort === 0 ? {} : { webSocketPort }),
      ...(user ? { login: { user, password: await brokerPassword(context.secrets, workspace, user) } } : {}),
      ...(fault ? { fault: { id: fault, issuer: async () => passphrases.unlock(await openStore(folder)) } } : {}),
    });
  };
  commands.register('secureIot.startBroker', async (argument) => {
    const alreadyRuns = host.running !== undefined;
    const running = host.running ?? (await start(isOptions(argument) ? argument : {}));
    void announce(running, alreadyRuns);
    return running;
  });
  commands.register('secureIot.startFaultyBroker', async (argument) => {
    const fault = await chooseFault(argument);
    const { port } = host.running ?? {};
    await host.stop();
    const running = await start(port === undefined ? {} : { port }, fault);
    void announceFault(running);
    return running;
  });
  commands.register('secureIot.stopBroker', () => host.stop());
  const pages = new MarkdownPages(PAGE_SCHEME, 'Run the command again.');
  context.subscriptions.push(pages, vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, pages));
  const reports = new TlsTestReports(pages);
  commands.register('secureIot.testTls', (argument) => testTls(reports, host, isTestOptions(argument) ? argument : {}));
  commands.register('secureIot.exportTlsReport', () => reports.export());
  commands.register('secureIot.writeBrokerConfiguration', () => {
    const { workspace, path: certificates } = certificatesFolder();
    const port = readSetting('secureIot.broker.port', workspace);
    return writeBrokerConfiguration(pages, { root: workspace.uri.fsPath, certificates, port });
  });
  commands.register('secureIot.analyzeBrokerLog', (argument) =>
    analyzeBrokerLog(pages, argument instanceof vscode.Uri ? { file: argument.fsPath } : {}),
  );
  return host;
}

async function announce(running: RunningBroker, already: boolean): Promise<void> {
  if (running.fault) return announceFault(running);
  const { port, requiresClientCertificate, user, webSocketPort } = running;
  const openExplorer = 'Open MQTT Explorer';
  const kind = requiresClientCertificate
    ? 'It asks every client for a certificate of your CA'
    : 'It asks for no client certificate';
  const login = user === undefined ? '' : ` and for the password of "${user}"`;
  const webSocket = webSocketPort === undefined ? '' : ` WebSocket: wss://localhost:${webSocketPort}/mqtt.`;
  const choice = await vscode.window.showInformationMessage(
    `The local TLS broker ${already ? 'already listens' : 'listens'} on mqtts://localhost:${port}. ${kind}${login}.${webSocket}`,
    openExplorer,
  );
  if (choice === openExplorer) await runCommand('secureIot.openExplorer');
  return undefined;
}

async function openStore(folder: string): Promise<CertificateStore> {
  const { openCertificateStore } = await import('../../io/pki/certificateStore');
  return openCertificateStore(folder);
}

/** A view's title button hands over nothing of ours. */
function isOptions(value: unknown): value is StartBrokerOptions {
  return typeof value === 'object' && value !== null;
}

function isTestOptions(value: unknown): value is TlsTestOptions {
  return typeof value === 'object' && value !== null && ('address' in value || 'device' in value);
}
