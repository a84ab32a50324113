// One VS Code with the packaged extension, an own empty workspace, and a virtual board beside it.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_DEVICE, makeEmptyWorkspace, root } from '../../../scripts/demoWorkspace.mjs';
import { freePort, type Release, type RunningServer, startServer } from '../../../scripts/vscodeServer.mjs';
import { buildDeviceClient } from '../../device/build';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';
import { Workbench } from './workbench';

export interface Session {
  readonly workspace: string;
  /** The folder of the sketch that the test makes. */
  readonly sketch: string;
  readonly brokerPort: number;
  readonly board: VirtualBoard;
  readonly workbench: Workbench;
  close(): Promise<void>;
}

/** Settings of the person at the keyboard: nothing in the way of the screenshots. */
export const USER_SETTINGS = {
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'chat.commandCenter.enabled': false,
  'window.commandCenter': false,
  'editor.minimap.enabled': false,
  'security.workspace.trust.enabled': false,
  'remote.autoForwardPorts': false,
  'terminal.integrated.gpuAcceleration': 'off', // rows as elements, so that the test can read them
};

export interface SessionOptions {
  /** False: the folder is open in restricted mode. */
  readonly trusted?: boolean;
  /** Names and texts of files that are in the folder before it is opened: VS Code misses what comes while it starts. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function openSession(
  release: Release,
  { trusted = true, files = {} }: SessionOptions = {},
): Promise<Session> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `secure-iot-e2e-${release}-`)));
  const workspace = join(folder, 'workshop');
  const userFolder = join(folder, 'user');
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const step of closers.reverse()) await step();
  };
  try {
    const deviceClient = await buildDeviceClient();
    const board = await VirtualBoard.start({ port: 0, factory: true, ...(deviceClient ? { deviceClient } : {}) });
    closers.push(() => board.close());
    const brokerPort = await freePort();
    makeEmptyWorkspace(workspace, { board: board.address, brokerPort });
    for (const [name, text] of Object.entries(files)) await writeFile(join(workspace, name), text);
    await mkdir(join(userFolder, 'data/User'), { recursive: true });
    const trust = { 'security.workspace.trust.enabled': !trusted, 'security.workspace.trust.startupPrompt': 'never' };
    await writeFile(join(userFolder, 'data/User/settings.json'), JSON.stringify({ ...USER_SETTINGS, ...trust }));
    const server: RunningServer = await startServer({
      which: release,
      vsix: join(root, 'dist/secure-iot.vsix'),
      userFolder,
      trust: trusted,
    });
    closers.push(() => server.stop());
    const workbench = await Workbench.open(server.url, workspace, release);
    closers.push(() => workbench.close());
    return { workspace, sketch: join(workspace, DEMO_DEVICE), brokerPort, board, workbench, close };
  } catch (error) {
    await close();
    throw error;
  }
}
