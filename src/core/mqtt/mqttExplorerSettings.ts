// MQTT Explorer's settings.json: `ConnectionManager_connections` is an object of connections by id.
// Source: thomasnordquist/MQTT-Explorer, app/src/model/ConnectionOptions.ts (the fields, and how they become a URL),
// app/src/actions/migrations/Connection.ts (subscriptions as plain texts before configVersion 1; the generated client id),
// app/src/actions/ConnectionManager.ts (certificate files are kept inside, in base64).
import { CHECKED_HERE, type ForeignConnection, type ForeignFile } from './foreignConnection';
import { isLooseObject, type LooseObject, listOf, numberOf, qosOf, textOf } from './looseJson';
import { payloadBytes } from './payloadBytes';

/** Undefined when `json` is no such file. */
export function readMqttExplorer(json: unknown): ForeignConnection[] | undefined {
  if (!isLooseObject(json)) return undefined;
  const connections = json['ConnectionManager_connections'];
  if (!isLooseObject(connections)) return undefined;
  const all = Object.entries(connections).flatMap(([id, value]) => (isLooseObject(value) ? [{ id, value }] : []));
  const order = ({ value }: (typeof all)[number]): number => numberOf(value, 'order', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  return all.sort((a, b) => order(a) - order(b)).flatMap(({ id, value }) => connectionOf(id, value) ?? []);
}

function connectionOf(id: string, value: LooseObject): ForeignConnection | undefined {
  const host = textOf(value, 'host');
  const port = numberOf(value, 'port', 1, 65_535);
  if (host === '' || port === undefined) return undefined;
  const secure = value['encryption'] === true;
  const web = textOf(value, 'protocol') === 'ws';
  const notes: string[] = [];
  const file = (key: string): ForeignFile | null => (secure ? embeddedFile(value[key], notes) : null);
  if (secure && value['certValidation'] === false) notes.push(CHECKED_HERE);
  const clientId = textOf(value, 'clientId');
  return {
    client: 'MQTT Explorer',
    id,
    name: textOf(value, 'name') || host,
    protocol: web ? (secure ? 'wss' : 'ws') : secure ? 'mqtts' : 'mqtt',
    host,
    port,
    path: `/${textOf(value, 'basePath').replace(/^\/+/, '')}`,
    version: '3.1.1',
    clientId: /^mqtt-explorer-[0-9a-f]{8}$/.test(clientId) ? '' : clientId,
    username: textOf(value, 'username'),
    password: textOf(value, 'password'),
    alpn: '', // it has no such setting
    keepAlive: 60,
    cleanStart: true,
    sessionExpiry: 0,
    lastWill: null,
    subscriptions: listOf(value, 'subscriptions').flatMap((entry) => {
      if (typeof entry === 'string') return [{ filter: entry, qos: 0 as const }];
      return isLooseObject(entry) ? [{ filter: textOf(entry, 'topic'), qos: qosOf(entry, 'qos') }] : [];
    }),
    authority: file('selfSignedCertificate'),
    certificate: file('clientCertificate'),
    key: file('clientKey'),
    notes,
  };
}

function embeddedFile(value: unknown, notes: string[]): ForeignFile | null {
  if (!isLooseObject(value)) return null;
  const name = textOf(value, 'name') || 'certificate';
  try {
    return { type: 'content', name, bytes: payloadBytes(textOf(value, 'data'), 'base64') };
  } catch {
    notes.push(`"${name}" in the settings is damaged: pick the file again.`);
    return null;
  }
}
