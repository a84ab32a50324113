// Write Broker Configuration…: mosquitto files for the workspace's certificates, or settings of other brokers to paste.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors';
import type { BrokerProduct } from '../../core/mqtt/brokerSettings';
import type { MosquittoTarget } from '../../core/mqtt/mosquittoRequest';
import type { MarkdownPages } from '../markdownPages';

export interface Places {
  /** The workspace's folder, and its certificates folder. */
  readonly root: string;
  readonly certificates: string;
  /** Of the local broker's settings. */
  readonly port: number;
}

const MOSQUITTO: readonly (vscode.QuickPickItem & { readonly target: MosquittoTarget })[] = [
  { label: 'mosquitto on this machine', description: 'mosquitto.conf, access list, steps', target: 'here' },
  { label: 'mosquitto on a server', description: 'the same, with the paths of a server', target: 'server' },
  { label: 'mosquitto in a container', description: 'also a compose file', target: 'container' },
];

/** Returns the files that were written; none for settings to paste. */
export async function writeBrokerConfiguration(pages: MarkdownPages, places: Places): Promise<readonly string[]> {
  const { BROKER_PRODUCTS } = await import('../../core/mqtt/brokerSettings');
  const products = Object.entries(BROKER_PRODUCTS).map(([product, { label, use }]) => ({
    label,
    description: `settings to paste: ${use}`,
    product: product as BrokerProduct,
  }));
  const title = 'Write Broker Configuration';
  const choice = await vscode.window.showQuickPick([...MOSQUITTO, ...products], {
    title,
    placeHolder: 'Which broker your boards will use',
  });
  if (!choice) throw new CancelledError();
  if ('product' in choice) {
    await showSettings(pages, choice.product, choice.label, places);
    return [];
  }
  const login = await vscode.window.showQuickPick(
    [
      { label: 'Client certificates', description: 'mutual TLS; the common name is the user', login: 'certificate' },
      { label: 'User names and passwords', description: 'over TLS', login: 'password' },
    ] as const,
    { title: `${title}: who gets in`, placeHolder: 'How a board proves who it is' },
  );
  if (!login) throw new CancelledError();
  const { writeMosquittoFolder } = await import('../../io/broker/mosquittoFolder');
  const files = await writeMosquittoFolder({
    certificates: places.certificates,
    out: path.join(places.root, 'mosquitto'),
    port: places.port,
    login: login.login,
    target: choice.target,
    administrators: [],
  });
  await showFiles(files);
  return files;
}

async function showSettings(
  pages: MarkdownPages,
  product: BrokerProduct,
  label: string,
  places: Places,
): Promise<void> {
  const { brokerSettings } = await import('../../core/mqtt/brokerSettings');
  const { brokerNames, deviceNames } = await import('../../io/broker/brokerFiles');
  const [broker = 'broker'] = await brokerNames(places.certificates);
  const [device = 'NAME'] = await deviceNames(places.certificates);
  await pages.show(label, brokerSettings(product, { port: places.port, broker, device }));
}

/** The configuration to read, the steps beside it. */
async function showFiles(files: readonly string[]): Promise<void> {
  const named = (name: string) => vscode.Uri.file(files.find((file) => path.basename(file) === name) ?? '');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(named('mosquitto.conf')));
  await vscode.commands.executeCommand('markdown.showPreviewToSide', named('INSTALL.md'));
}
