// Registers the MQTT Explorer's command.
import * as vscode from 'vscode';
import type { OwnConnections } from '../../io/network/ownConnections';
import { findCertificatesFolder } from '../certificates/certificatesFolder';
import { type CommandRegistrar, readSetting, runCommand } from '../commands';
import type { Log } from '../log';
import { MarkdownPages } from '../markdownPages';
import type { ExplorerPanel } from './explorerPanel';
import type { ExplorerPlaces, RunningLocalBroker } from './explorerWindow';
import type { ProfileStore } from './profileStore';

const PAGE_SCHEME = 'secure-iot-import';

/** What `secureIot.openExplorer` takes as its argument. */
export interface OpenExplorerOptions {
  /** Connect at once, with what is stored. */
  readonly connect?: boolean;
  /** Id of a saved connection; default: the one used last, else this workspace's local broker (`local`). */
  readonly profile?: string;
}

/** The local broker, as far as the explorer asks. */
export interface LocalBrokerView {
  readonly running: RunningLocalBroker | undefined;
  readonly own: OwnConnections;
  readonly onDidChange: vscode.Event<undefined>;
}

export function registerExplorer(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  log: Log,
  localBroker: LocalBrokerView,
): void {
  let panel: Promise<ExplorerPanel> | undefined;
  const open = async (): Promise<ExplorerPanel> => {
    const { ExplorerPanel } = await import('./explorerPanel');
    const { explorerWindow } = await import('./explorerWindow');
    const folder = vscode.workspace.workspaceFolders?.[0];
    const places: ExplorerPlaces = {
      certificates: () => findCertificatesFolder()?.path,
      brokerPort: () => readSetting('secureIot.broker.port', folder),
      own: localBroker.own,
      localBroker: () => localBroker.running,
    };
    const profiles = await profileStore(context);
    const opened = new ExplorerPanel(
      context.extensionUri,
      explorerWindow(profiles, places),
      log.child('explorer'),
      () => {
        panel = undefined;
        for (const disposable of watching) disposable.dispose();
      },
    );
    const refresh = (): void => opened.refresh();
    const watching = [...watchCertificates(refresh), localBroker.onDidChange(refresh)];
    return opened;
  };
  commands.register('secureIot.openExplorer', async (argument) => {
    const { connect, profile } = readOptions(argument);
    if (panel) (await panel).reveal();
    panel ??= open().catch((error) => {
      panel = undefined; // so that the next try starts anew
      throw error;
    });
    if (connect) await (await panel).connect(profile);
    else await panel;
  });
  const pages = new MarkdownPages(PAGE_SCHEME, 'Import the connections again.');
  context.subscriptions.push(pages, vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, pages));
  commands.register('secureIot.importConnections', async (file) => {
    const { importConnections, importReport } = await import('./importConnections');
    const certificates = findCertificatesFolder()?.path;
    const source = file instanceof vscode.Uri ? file : undefined;
    const imported = await importConnections(await profileStore(context), certificates, source);
    (await panel)?.refresh();
    void announceImport(imported, async () => pages.show('Imported Connections', await importReport(imported)));
  });
  commands.register('secureIot.exportConnections', async () => {
    const { exportConnections } = await import('./exportConnections');
    const { count, file } = await exportConnections(await profileStore(context));
    const what = count === 1 ? '1 connection' : `${count} connections`;
    void vscode.window.showInformationMessage(`Exported ${what}, without passwords, to ${file.fsPath}.`);
  });
  context.subscriptions.push({ dispose: () => void panel?.then((opened) => opened.dispose()) });
}

async function announceImport(
  imported: readonly { readonly notes: readonly string[] }[],
  showNotes: () => Promise<void>,
): Promise<void> {
  const count = imported.length === 1 ? '1 connection' : `${imported.length} connections`;
  const open = 'Open MQTT Explorer';
  const what = 'What Is Left to Do';
  const left = imported.filter(({ notes }) => notes.length > 0).length;
  const [more, buttons] = left > 0 ? [` ${left} of them need a look.`, [what, open]] : ['', [open]];
  const choice = await vscode.window.showInformationMessage(
    `Imported ${count}; passwords are in VS Code's secret storage.${more}`,
    ...buttons,
  );
  if (choice === open) await runCommand('secureIot.openExplorer');
  if (choice === what) await showNotes();
}

async function profileStore(context: vscode.ExtensionContext): Promise<ProfileStore> {
  const { ProfileStore } = await import('./profileStore');
  const folder = vscode.workspace.workspaceFolders?.[0];
  return new ProfileStore(context.workspaceState, context.secrets, folder?.uri.toString() ?? '');
}

function readOptions(argument: unknown): OpenExplorerOptions {
  if (typeof argument !== 'object' || argument === null) return {};
  const connect = 'connect' in argument && argument.connect === true;
  return 'profile' in argument && typeof argument.profile === 'string'
    ? { connect, profile: argument.profile }
    : { connect };
}

function watchCertificates(changed: () => void): vscode.Disposable[] {
  const path = findCertificatesFolder()?.path;
  if (path === undefined) return [];
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.file(path), '**/*.crt'),
  );
  watcher.onDidCreate(changed);
  watcher.onDidDelete(changed);
  watcher.onDidChange(changed);
  return [watcher];
}
