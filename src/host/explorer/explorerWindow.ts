// What the explorer asks of VS Code: files to pick, editors to open, the workspace's certificates, secrets.
import * as vscode from 'vscode';
import type { CommandId } from '../../contributions/commands';
import { UserError } from '../../core/errors';
import {
  type ConnectionProfile,
  LOCAL_PROFILE,
  newProfile,
  profile as parseProfile,
} from '../../core/mqtt/connectionProfile';
import type { ExportFormat } from '../../core/mqtt/messageExport';
import type { ProfileSecrets } from '../../io/mqtt/profileSession';
import { MAX_PUBLISH_BYTES } from '../../io/mqtt/publishMessage';
import type { OwnConnections } from '../../io/network/ownConnections';
import type { ConnectionChoices } from '../../protocol/explorerModel';
import { readSetting, runCommand } from '../commands';
import { saveFile } from '../saveFile';
import type { ExplorerWindow } from './explorerController';
import { prepareConnection } from './prepareConnection';
import type { ProfileStore } from './profileStore';

/** Beyond this an editor is no help: the payload is saved instead (VS Code's own limit for a synchronised document). */
const MAX_EDITOR_BYTES = 50 * 1024 * 1024;

export interface ExplorerPlaces {
  /** The workspace's certificates folder; undefined without a folder on a disk. */
  certificates(): string | undefined;
  /** Where the local broker will listen once it is started. */
  brokerPort(): number;
  /** Is told of the TLS test's connections, which the local broker may refuse. */
  readonly own: OwnConnections;
  /** The local broker while it runs. */
  localBroker(): RunningLocalBroker | undefined;
}

export interface RunningLocalBroker {
  readonly port: number;
  /** What its certificate is good for. */
  readonly certificateNames: readonly string[];
}

export function explorerWindow(profiles: ProfileStore, places: ExplorerPlaces): ExplorerWindow {
  return {
    choices: () => readChoices(profiles, places),
    lastUsed: () => profiles.lastUsed,
    saveProfile: async ({ profile, password, passphrase }) => {
      await profiles.use(profile.id);
      const untouched = password === null && passphrase === null;
      const { profiles: offered } = await readChoices(profiles, places);
      const known = offered.find(({ id }) => id === profile.id);
      // The offered local broker is made anew each time, from what runs and what certificates there are.
      if (untouched && JSON.stringify(known && parseProfile(known, 'profile')) === JSON.stringify(profile)) return;
      await profiles.save(profile, { password, passphrase });
    },
    deleteProfile: (id) => profiles.remove(id),
    prepare: async (profile) => prepareConnection(profile, await secretsOf(profiles, profile), places.certificates()),
    probe: async (profile, onStep, signal) => {
      const { probeBroker } = await import('./probeBroker');
      return probeBroker(
        profile,
        await secretsOf(profiles, profile),
        places.certificates(),
        onStep,
        signal,
        places.own,
      );
    },
    pickFile: async (purpose) => {
      const titles = {
        authority: 'Certificate authority (PEM)',
        certificate: 'Client certificate (PEM)',
        key: 'Private key (PEM)',
        payload: 'File to publish',
      };
      const [file] = (await vscode.window.showOpenDialog({ title: titles[purpose], openLabel: 'Choose' })) ?? [];
      return file?.fsPath ?? null;
    },
    readPayload,
    editorText,
    openPayload,
    read: async (topic, payload) => {
      const { payloadReadings } = await import('./payloadReadings');
      const folder = vscode.workspace.workspaceFolders?.[0];
      return payloadReadings(topic, payload, {
        workspace: folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined,
        protobuf: readSetting('secureIot.explorer.protobuf', folder),
      });
    },
    copy: async (text) => await vscode.env.clipboard.writeText(text),
    run: async (command) => {
      await runCommand(command as CommandId); // the protocol lets only four of ours through
    },
    exportFormat,
    saveFile: async (name, content) =>
      void (await saveFile(name, typeof content === 'string' ? new TextEncoder().encode(content) : content)),
    confirm: async (question, detail, yes) =>
      (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes,
  };
}

async function secretsOf(profiles: ProfileStore, { id }: ConnectionProfile): Promise<ProfileSecrets> {
  const [password, passphrase] = await Promise.all([
    profiles.secret(id, 'password'),
    profiles.secret(id, 'passphrase'),
  ]);
  return { password, passphrase };
}

async function readChoices(profiles: ProfileStore, places: ExplorerPlaces): Promise<ConnectionChoices> {
  const folder = places.certificates();
  const [{ listDevices }, { authoritySubject }] = await Promise.all([
    import('../../io/pki/identityFiles'),
    import('../../io/mqtt/connectionFiles'),
  ]);
  const devices = folder ? await listDevices(folder).catch(noneOfThese) : [];
  const saved = profiles.all();
  const running = places.localBroker();
  const local = localProfile(devices, running ?? { port: places.brokerPort(), certificateNames: ['localhost'] });
  const all = saved.some(({ id }) => id === local.id)
    ? saved.map((profile) =>
        profile.id === local.id && running ? { ...profile, ...addressOfLocal(running) } : profile,
      )
    : [local, ...saved];
  const withSecret = async (name: 'password' | 'passphrase'): Promise<readonly string[]> => {
    const stored = await Promise.all(all.map(async ({ id }) => ((await profiles.secret(id, name)) ? [id] : [])));
    return stored.flat();
  };
  return {
    profiles: all,
    withPassword: await withSecret('password'),
    withPassphrase: await withSecret('passphrase'),
    devices,
    authority: folder ? await authoritySubject(folder) : null,
    localBroker: running ? `mqtts://localhost:${running.port}` : null,
  };
}

/** A damaged inventory keeps nobody from another broker; the Certificates view says what is wrong with it. */
function noneOfThese(error: unknown): readonly string[] {
  if (error instanceof UserError) return [];
  throw error;
}

/** This workspace's broker with this workspace's certificates: what "Connect" should do without any typing. */
function localProfile(devices: readonly string[], broker: RunningLocalBroker): ConnectionProfile {
  const [name] = devices;
  return newProfile({
    id: LOCAL_PROFILE,
    name: 'Local TLS broker',
    ...addressOfLocal(broker),
    identity: name === undefined ? { type: 'none' } : { type: 'device', name },
  });
}

/** Where it listens now, by a name that its certificate has. */
function addressOfLocal({
  port,
  certificateNames,
}: RunningLocalBroker): Pick<ConnectionProfile, 'port' | 'servername'> {
  return { port, servername: certificateNames.includes('localhost') ? '' : (certificateNames[0] ?? '') };
}

async function readPayload(path: string): Promise<Uint8Array> {
  const file = vscode.Uri.file(path);
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size <= MAX_PUBLISH_BYTES) return await vscode.workspace.fs.readFile(file);
  } catch (error) {
    throw new UserError('file-unreadable', `${path} cannot be read: ${String(error)}. Choose another file.`);
  }
  throw new UserError('file-too-large', `${path} is larger than an MQTT message can be (256 MB). Send it in parts.`);
}

async function editorText(): Promise<string | null> {
  const editors = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.scheme !== 'output');
  if (editors.length === 0)
    throw new UserError(
      'no-editor',
      'No editor with text is visible. Open the text beside this panel, then try again.',
    );
  const items = editors.map(({ document }) => ({
    label: vscode.workspace.asRelativePath(document.uri),
    description: document.languageId,
    document,
  }));
  const title = 'Publish the text of which editor?';
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  return chosen?.document.getText() ?? null;
}

async function exportFormat(): Promise<ExportFormat | undefined> {
  const items = [
    { label: 'JSON Lines', description: 'every detail, binary payloads in base64', format: 'jsonl' as const },
    { label: 'CSV', description: 'for a spreadsheet', format: 'csv' as const },
  ];
  return (await vscode.window.showQuickPick(items, { title: 'Export Messages: which format?' }))?.format;
}

async function openPayload(topic: string, payload: Uint8Array): Promise<void> {
  const text = textOf(payload);
  if (text === undefined || payload.length > MAX_EDITOR_BYTES) {
    await saveFile(
      `${
        topic
          .split('/')
          .at(-1)
          ?.replace(/[^\w.-]/g, '_') || 'payload'
      }.bin`,
      payload,
    );
    return;
  }
  const language = /^\s*[[{]/.test(text) ? 'json' : 'plaintext';
  const document = await vscode.workspace.openTextDocument({ content: text, language });
  const { viewColumn } = await vscode.window.showTextDocument(document, {
    preview: true,
    viewColumn: vscode.ViewColumn.Beside,
  });
  await closeElsewhere(document.uri, viewColumn);
}

/** VS Code opens an unsaved document by itself, beside the explorer, when ours is slow to show it: 10 MB are. */
async function closeElsewhere(uri: vscode.Uri, keep: vscode.ViewColumn | undefined): Promise<void> {
  const others = vscode.window.tabGroups.all.filter(({ viewColumn }) => viewColumn !== keep);
  const tabs = others
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(payload);
  } catch {
    return undefined;
  }
}
