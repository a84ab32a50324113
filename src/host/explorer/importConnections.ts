// Import Connections…: those of MQTT Explorer, MQTTX or a colleague become profiles; their passwords go to SecretStorage.
import { createHash } from 'node:crypto';
import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { CancelledError, UserError } from '../../core/errors';
import {
  addressOf,
  type ConnectionProfile,
  type Identity,
  newProfile,
  profile as parseProfile,
  type Trust,
  usesTls,
} from '../../core/mqtt/connectionProfile';
import type { ForeignConnection, ForeignFile } from '../../core/mqtt/foreignConnection';
import { readSharedConnections } from '../../core/mqtt/sharedConnections';
import { filterProblem } from '../../core/mqtt/topicFilter';
import { ParseError } from '../../core/parse';
import type { ProfileStore } from './profileStore';

const MAX_FILE_BYTES = 200_000_000;
const MAX_SUBSCRIPTIONS = 100;

interface Imported {
  readonly profile: ConnectionProfile;
  readonly notes: readonly string[];
}

/** A connection of the file, before anything of it is written. */
interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** A secret; empty: none. */
  readonly password: string;
  convert(): Promise<Imported>;
}

/**
 * Returns what was imported. `file`: undefined asks. `certificates`: the certificates folder, for keys that are inside
 * the settings. Throws UserError, or CancelledError when nothing was chosen.
 */
export async function importConnections(
  profiles: ProfileStore,
  certificates: string | undefined,
  file?: vscode.Uri,
): Promise<readonly Imported[]> {
  const { client, candidates } = await readCandidates(await readText(file ?? (await pickFile())), certificates);
  const imported: Imported[] = [];
  for (const candidate of await choose(client, candidates, profiles)) {
    const { profile, notes } = await candidate.convert();
    await profiles.save(profile, { password: candidate.password || null, passphrase: null });
    imported.push({ profile, notes });
  }
  return imported;
}

async function readCandidates(
  text: string,
  certificates: string | undefined,
): Promise<{ readonly client: string; readonly candidates: readonly Candidate[] }> {
  const shared = readSharedConnections(text);
  if (shared)
    return {
      client: 'a Colleague',
      candidates: shared.map((profile) => ({
        ...profile,
        address: addressOf(profile),
        password: '',
        convert: async () => ({ profile, notes: await filesOf(profile) }),
      })),
    };
  const { readForeignConnections } = await import('../../core/mqtt/readForeignConnections');
  const connections = readForeignConnections(text);
  return {
    client: connections[0]?.client ?? 'a File',
    candidates: connections.map((connection) => ({
      id: profileId(connection),
      name: connection.name,
      address: `${connection.protocol}://${connection.host}:${connection.port}`,
      password: connection.password,
      convert: () => convert(connection, certificates),
    })),
  };
}

/** What is to be done for a shared profile on this machine. */
async function filesOf({ trust, identity }: ConnectionProfile): Promise<string[]> {
  const paths = [
    ...(trust.type === 'file' ? [trust.path] : []),
    ...(identity.type === 'file' ? [identity.certificate, identity.key] : []),
  ];
  const missing = await Promise.all(paths.map(async (path) => ((await isThere(path)) ? [] : [path])));
  return missing.flat().map((path) => `${path} is not on this machine: pick the file again.`);
}

/** What was imported and what is left to do, as a page. */
export async function importReport(imported: readonly Imported[]): Promise<string> {
  const { escapeMarkdown: escaped } = await import('../../core/escapeMarkdown');
  const sections = imported.map(({ profile, notes }) => {
    const lines = notes.length > 0 ? notes : ['Nothing is left to do.'];
    return `## ${escaped(profile.name)}\n\n${escaped(addressOf(profile))}\n\n${lines.map((line) => `- ${escaped(line)}`).join('\n')}\n`;
  });
  return `# Imported Connections\n\n${sections.join('\n')}`;
}

async function pickFile(): Promise<vscode.Uri> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: 'Import Connections: settings.json of MQTT Explorer, or a JSON export of MQTTX or of Secure IoT',
      openLabel: 'Import',
      filters: { JSON: ['json'], 'All files': ['*'] },
    })) ?? [];
  if (!file) throw new CancelledError();
  return file;
}

async function readText(file: vscode.Uri): Promise<string> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size <= MAX_FILE_BYTES) return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    throw new UserError('file-unreadable', `${file.fsPath} cannot be read: ${String(error)}. Choose another file.`);
  }
  throw new UserError('file-too-large', `${file.fsPath} is too large. Export the connections without their messages.`);
}

async function choose(
  client: string,
  candidates: readonly Candidate[],
  profiles: ProfileStore,
): Promise<readonly Candidate[]> {
  const known = new Set(profiles.all().map(({ id }) => id));
  const rows = candidates.map((candidate) => {
    const isKnown = known.has(candidate.id);
    return {
      label: candidate.name,
      description: candidate.address,
      ...(isKnown ? { detail: 'Is there already: importing it again replaces that profile.' } : {}),
      picked: !isKnown,
      candidate,
    };
  });
  const title = `Import Connections from ${client}`;
  const picked = await vscode.window.showQuickPick(rows, { title, canPickMany: true, matchOnDescription: true });
  if (!picked || picked.length === 0) throw new CancelledError();
  return picked.map(({ candidate }) => candidate);
}

/** The same for the same connection, so that it is not there twice after two imports. */
function profileId({ client, id }: ForeignConnection): string {
  return createHash('sha256').update(`${client}\n${id}`).digest('hex').slice(0, 24);
}

async function convert(connection: ForeignConnection, certificates: string | undefined): Promise<Imported> {
  const notes = [...connection.notes];
  const place = async (kind: 'authority' | 'certificate' | 'key', file: ForeignFile | null): Promise<string> => {
    if (file === null) return '';
    if (file.type === 'content' && certificates === undefined) {
      notes.push(
        `"${file.name}" is inside the settings. Open a folder and import again, so that it can be kept there.`,
      );
      return '';
    }
    const { placeImportedFile } = await import('../../io/mqtt/importedFiles');
    const path = await placeImportedFile(certificates ?? '', connection.name, kind, file);
    if (!(await isThere(path))) notes.push(`${path} is not on this machine: pick the file again.`);
    return path;
  };
  const secure = usesTls(connection.protocol);
  const authority = secure ? await place('authority', connection.authority) : '';
  const certificate = secure ? await place('certificate', connection.certificate) : '';
  const key = secure ? await place('key', connection.key) : '';
  const trust: Trust = authority ? { type: 'file', path: authority } : { type: 'system' };
  const identity: Identity = certificate || key ? { type: 'file', certificate, key } : { type: 'none' };
  const { name, protocol, host, port, path, version, clientId, username } = connection;
  const { alpn, keepAlive, cleanStart, sessionExpiry, lastWill } = connection;
  const fields = {
    name,
    protocol,
    host,
    port,
    path,
    version,
    clientId,
    username,
    alpn,
    keepAlive,
    cleanStart,
    sessionExpiry,
  };
  const subscriptions = usableSubscriptions(connection, notes);
  const made = newProfile({ ...fields, id: profileId(connection), lastWill, subscriptions, trust, identity });
  try {
    return { profile: parseProfile(made, 'connection'), notes };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new UserError('import-value', `"${name.slice(0, 60)}" cannot be imported: ${error.message}.`);
  }
}

function usableSubscriptions(
  { subscriptions }: ForeignConnection,
  notes: string[],
): ConnectionProfile['subscriptions'] {
  const valid = subscriptions.filter(({ filter }) => filterProblem(filter) === undefined);
  if (valid.length < subscriptions.length) notes.push('Subscriptions with an invalid topic filter were left out.');
  if (valid.length > MAX_SUBSCRIPTIONS) notes.push(`Only the first ${MAX_SUBSCRIPTIONS} subscriptions were taken.`);
  return valid.slice(0, MAX_SUBSCRIPTIONS);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
