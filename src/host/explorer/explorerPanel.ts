// The panel: one webview, its RPC, its controller. Opened once; a second command brings it to the front.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type HostSide, type PaneSide, paneRequest } from '../../protocol/explorerMessages';
import { Rpc } from '../../protocol/rpc';
import type { Log } from '../log';
import { ExplorerController, type ExplorerWindow } from './explorerController';
import { explorerHtml } from './explorerHtml';
import { TopicFeed } from './topicFeed';

const VIEW_TYPE = 'secureIot.explorer';

export class ExplorerPanel implements vscode.Disposable {
  private readonly panel: vscode.WebviewPanel;
  private readonly controller: ExplorerController;
  private readonly rpc: Rpc<HostSide, PaneSide>;

  constructor(
    extension: vscode.Uri,
    window: ExplorerWindow,
    private readonly log: Log,
    onClosed: () => void,
  ) {
    const media = vscode.Uri.joinPath(extension, 'dist', 'webview');
    this.panel = vscode.window.createWebviewPanel(VIEW_TYPE, 'MQTT Explorer', vscode.ViewColumn.Active, {
      enableScripts: true,
      retainContextWhenHidden: true, // what is typed into the form and not saved yet
      localResourceRoots: [media],
    });
    const picture = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', 'explorer', `${theme}.svg`);
    this.panel.iconPath = { light: picture('light'), dark: picture('dark') };
    const { webview } = this.panel;
    const post = (message: unknown): void => {
      webview
        .postMessage(message)
        .then(undefined, (error: unknown) => this.log.debug(`not delivered: ${String(error)}`));
    };
    this.controller = new ExplorerController(
      window,
      new TopicFeed({ seed: Math.floor(Math.random() * 2 ** 32) | 0 }),
      (event) => this.rpc.tell(event),
    );
    this.rpc = new Rpc<HostSide, PaneSide>({
      post,
      parseRequest: (value) => paneRequest(value, 'request'),
      parseEvent: () => {
        throw new Error('the pane has no events');
      },
      handlers: this.controller.handlers,
      onEvent: () => {},
      onBug: (error) => this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    webview.onDidReceiveMessage((message: unknown) => this.rpc.receive(message));
    webview.html = explorerHtml({
      script: webview.asWebviewUri(vscode.Uri.joinPath(media, 'explorer.js')).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(media, 'explorer.css')).toString(),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
    });
    this.panel.onDidChangeViewState(() => this.controller.show(this.panel.visible));
    this.panel.onDidDispose(() => {
      onClosed();
      this.end();
    });
  }

  /** `profile`: its id; undefined: the one used last, or the local broker. */
  connect(profile: string | undefined): Promise<void> {
    return this.controller.connectTo(profile);
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Certificates or the local broker changed. */
  refresh(): void {
    this.controller.tellChoices().catch((error: unknown) => this.log.warn(String(error)));
  }

  dispose(): void {
    this.panel.dispose();
  }

  private end(): void {
    this.rpc.dispose();
    void this.controller.dispose();
  }
}
