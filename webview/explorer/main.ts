// Entry of the MQTT Explorer's pane: joins the app to the host.
import type { HostSide, PaneSide } from '../../src/protocol/explorerMessages';
import type { ExplorerEvent } from '../../src/protocol/explorerModel';
import { Rpc } from '../../src/protocol/rpc';
import { App } from './app';
import './explorer.css';
import type { Host } from './host';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const vscode = acquireVsCodeApi();
const rpc = new Rpc<PaneSide, HostSide>({
  post: (message) => vscode.postMessage(message),
  parseRequest: () => {
    throw new Error('the host asks nothing of the pane');
  },
  parseEvent: (value) => value as ExplorerEvent, // our own host, same version: only the pane is not trusted
  handlers: {},
  onEvent: (event) => app.receive(event),
  onBug: (error) => app.fail(error),
});
const host: Host = {
  ask: (request) => rpc.request(request),
  askOrTell: async (request) => {
    try {
      return await rpc.request(request);
    } catch (error) {
      app.fail(error);
      return undefined;
    }
  },
  act: async (request) => {
    try {
      await rpc.request(request);
      app.clearNotice();
      return true;
    } catch (error) {
      app.fail(error);
      return false;
    }
  },
};
const app = new App(host);
window.addEventListener('message', (event: MessageEvent<unknown>) => rpc.receive(event.data));
document.body.append(app.element);
void app.start().catch((error: unknown) => app.fail(error));
