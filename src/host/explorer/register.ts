// Registers the MQTT Explorer's command.
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { type CommandRegistrar, readSetting } from '../commands';
import type { Log } from '../log';
import { ExplorerPanel } from './explorerPanel';
import { type ExplorerPlaces, explorerWindow, type RunningLocalBroker } from './explorerWindow';
import { ProfileStore } from './profileStore';

/** The local broker, as far as the explorer asks. */
export interface LocalBrokerView {
  readonly running: RunningLocalBroker | undefined;
  readonly onDidChange: vscode.Event<undefined>;
}

export function registerExplorer(
  context: vscode.ExtensionContext,
  commands: CommandRegistrar,
  log: Log,
  localBroker: LocalBrokerView,
): void {
  let panel: ExplorerPanel | undefined;
  commands.register('secureIot.openExplorer', () => {
    if (panel) {
      panel.reveal();
      return;
    }
    const folder = vscode.workspace.workspaceFolders?.[0];
    const places: ExplorerPlaces = {
      certificates: () => certificatesFolder(folder),
      localBroker: () => localBroker.running,
    };
    const profiles = new ProfileStore(context.workspaceState, context.secrets, folder?.uri.toString() ?? '');
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
    const watching = [...watchCertificates(folder, refresh), localBroker.onDidChange(refresh)];
    panel = opened;
  });
  context.subscriptions.push({ dispose: () => panel?.dispose() });
}

function certificatesFolder(folder: vscode.WorkspaceFolder | undefined): string | undefined {
  if (folder?.uri.scheme !== 'file') return undefined;
  const name = readSetting('secureIot.certificates.folder', folder);
  return isAbsolute(name) ? name : join(folder.uri.fsPath, name);
}

function watchCertificates(folder: vscode.WorkspaceFolder | undefined, changed: () => void): vscode.Disposable[] {
  const path = certificatesFolder(folder);
  if (path === undefined) return [];
  const watcher = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.file(path), '**/*.crt'),
  );
  watcher.onDidCreate(changed);
  watcher.onDidDelete(changed);
  watcher.onDidChange(changed);
  return [watcher];
}
