// Connections that MQTTX exported as JSON: one object, or a list with collections between the connections.
// Source: emqx/MQTTX, src/components/ExportData.vue, src/views/connections/types.ts (the fields),
// src/utils/mqttUtils.ts (what they do; `protocol` is missing in old exports), src/utils/connectionBackup.ts (collections).
import { CHECKED_HERE, type ForeignConnection, type ForeignFile } from './foreignConnection';
import { isLooseObject, type LooseObject, listOf, numberOf, qosOf, textOf } from './looseJson';

const PROTOCOLS = ['mqtt', 'mqtts', 'ws', 'wss'] as const;

/** Undefined when `json` is no such export. */
export function readMqttx(json: unknown): ForeignConnection[] | undefined {
  const records = (Array.isArray(json) ? json : [json]).filter(isLooseObject);
  const isConnection = (record: LooseObject): boolean =>
    'host' in record && 'port' in record && ('clientId' in record || 'mqttVersion' in record);
  const connections = records.filter(isConnection);
  const known = connections.length > 0 || records.some((record) => record['isCollection'] === true);
  return known ? connections.flatMap((record) => connectionOf(record) ?? []) : undefined;
}

function connectionOf(record: LooseObject): ForeignConnection | undefined {
  const host = textOf(record, 'host');
  const port = numberOf(record, 'port', 1, 65_535);
  if (host === '' || port === undefined) return undefined;
  const secure = record['ssl'] === true;
  const protocol =
    PROTOCOLS.find((name) => name === textOf(record, 'protocol')) ?? (secure ? ('mqtts' as const) : ('mqtt' as const));
  const usesTls = protocol === 'mqtts' || protocol === 'wss';
  const ownFiles = usesTls && textOf(record, 'certType') === 'self';
  const file = (key: string): ForeignFile | null => {
    const path = ownFiles ? textOf(record, key) : '';
    return path === '' ? null : { type: 'path', path };
  };
  const version = textOf(record, 'mqttVersion');
  const properties = isLooseObject(record['properties']) ? record['properties'] : {};
  const expiry = (from: LooseObject): number | undefined => numberOf(from, 'sessionExpiryInterval', 0, 4_294_967_295);
  const notes = [
    ...(usesTls && record['rejectUnauthorized'] !== true ? [CHECKED_HERE] : []),
    ...(version === '3.1' ? ['It used MQTT 3.1; here it is 3.1.1.'] : []),
  ];
  return {
    client: 'MQTTX',
    id: textOf(record, 'id') || `${protocol}://${host}:${port}/${textOf(record, 'name')}`,
    name: textOf(record, 'name') || host,
    protocol,
    host,
    port,
    path: `/${textOf(record, 'path').replace(/^\/+/, '')}`,
    version: version === '5.0' || version === '5' ? '5' : '3.1.1',
    clientId: textOf(record, 'clientId'),
    username: textOf(record, 'username'),
    password: textOf(record, 'password'),
    alpn: usesTls ? alpnOf(record) : '',
    keepAlive: numberOf(record, 'keepalive', 0, 65_535) ?? 60,
    cleanStart: record['clean'] !== false,
    sessionExpiry: expiry(properties) ?? expiry(record) ?? 0,
    lastWill: lastWillOf(record['will']),
    subscriptions: listOf(record, 'subscriptions').flatMap((entry) =>
      isLooseObject(entry) ? [{ filter: textOf(entry, 'topic'), qos: qosOf(entry, 'qos') }] : [],
    ),
    authority: file('ca'),
    certificate: file('cert'),
    key: file('key'),
    notes,
  };
}

/** A text such as `[x-amzn-mqtt-ca, mqtt]`, brackets and spaces as people like them (its pull requests 1399 and 1403). */
function alpnOf(record: LooseObject): string {
  const names = textOf(record, 'ALPNProtocols')
    .replace(/[[\]\s"']/g, '')
    .split(',');
  return names.filter((name) => name !== '').join(',');
}

function lastWillOf(will: unknown): ForeignConnection['lastWill'] {
  if (!isLooseObject(will)) return null;
  const topic = textOf(will, 'lastWillTopic');
  if (topic === '') return null;
  return {
    topic,
    payload: textOf(will, 'lastWillPayload'),
    qos: qosOf(will, 'lastWillQos'),
    retain: will['lastWillRetain'] === true,
  };
}
