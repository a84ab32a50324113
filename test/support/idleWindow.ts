// What VS Code does for the explorer, where nobody asks anything of it.
import type { ExplorerWindow } from '../../src/host/explorer/explorerController';
import { idleSnapshot } from '../webview/fakeHost';

const refuse = (): Promise<never> => Promise.reject(new Error('nobody asks that here'));

export const idleWindow: ExplorerWindow = {
  choices: async () => idleSnapshot().choices,
  lastUsed: () => undefined,
  saveProfile: async () => {},
  deleteProfile: refuse,
  prepare: refuse,
  probe: refuse,
  pickFile: refuse,
  read: async () => [],
  readPayload: refuse,
  editorText: refuse,
  exportFormat: refuse,
  openPayload: refuse,
  copy: refuse,
  run: refuse,
  saveFile: refuse,
  confirm: refuse,
};
