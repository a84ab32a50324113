// Files as the other clients write them, by their sources (see the readers), with made-up values.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readForeignConnections } from '../../../src/core/mqtt/readForeignConnections';

const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const explorerSettings = {
  ConnectionManager_connections: {
    '0f1c': {
      configVersion: 1,
      certValidation: false,
      clientId: 'mqtt-explorer-4bf1a25c',
      id: '0f1c',
      name: 'Greenhouse',
      encryption: true,
      password: 'correct horse',
      username: 'anna',
      subscriptions: [
        { topic: '#', qos: 0 },
        { topic: '$SYS/#', qos: 1 },
      ],
      type: 'mqtt',
      host: 'mqtt.example.com',
      port: 8883,
      protocol: 'mqtt',
      selfSignedCertificate: { name: 'ca.pem', data: Buffer.from(pem).toString('base64') },
      order: 2,
    },
    'test.mosquitto.org': {
      certValidation: true,
      clientId: 'my-laptop',
      id: 'test.mosquitto.org',
      name: 'test.mosquitto.org',
      encryption: false,
      subscriptions: ['#', '$SYS/#'],
      type: 'mqtt',
      host: 'test.mosquitto.org',
      port: 8080,
      protocol: 'ws',
      basePath: 'mqtt',
      order: 1,
    },
  },
  Settings: { theme: 'dark' },
};

const mqttxExport = [
  { id: 'c1', name: 'Factory', isCollection: true, parentId: null, orderId: 1 },
  {
    clientId: 'mqttx_5d1c2f3a',
    name: 'EMQX',
    clean: false,
    protocol: 'wss',
    host: 'emqx.example.com',
    keepalive: 30,
    connectTimeout: 10,
    reconnect: true,
    username: 'u',
    password: 'p',
    path: '/mqtt',
    port: 8084,
    ssl: true,
    certType: 'self',
    rejectUnauthorized: true,
    ALPNProtocols: "[ x-amzn-mqtt-ca, 'mqtt' ]",
    ca: '/home/anna/ca.crt',
    cert: '/home/anna/client.crt',
    key: '/home/anna/client.key',
    mqttVersion: '5.0',
    subscriptions: [{ topic: 'plant/+/status', qos: 1, disabled: false, color: '#aabbcc' }],
    messages: [{ id: 'm', topic: 'x', payload: 'secret telemetry', qos: 0, retain: false, out: false }],
    will: { lastWillTopic: 'plant/laptop', lastWillPayload: 'gone', lastWillQos: 1, lastWillRetain: true },
    properties: { sessionExpiryInterval: 3600, receiveMaximum: null },
    id: '5a0e',
    parentId: 'c1',
    isCollection: false,
  },
];

test('MQTT Explorer: addresses, embedded certificates, both forms of subscriptions, in its own order', () => {
  const [first, second] = readForeignConnections(JSON.stringify(explorerSettings));
  assert.deepEqual(
    [first?.name, first?.protocol, first?.path, first?.clientId, first?.notes],
    ['test.mosquitto.org', 'ws', '/mqtt', 'my-laptop', []],
  );
  assert.deepEqual(first?.subscriptions, [
    { filter: '#', qos: 0 },
    { filter: '$SYS/#', qos: 0 },
  ]);
  assert.deepEqual([second?.protocol, second?.username, second?.password], ['mqtts', 'anna', 'correct horse']);
  assert.equal(second?.clientId, '', 'a generated client id is no choice of the person');
  assert.equal(second?.subscriptions[1]?.qos, 1);
  const { authority } = second ?? {};
  assert.ok(authority?.type === 'content');
  assert.equal(Buffer.from(authority.bytes).toString(), pem);
  assert.match(second?.notes.join() ?? '', /did not check the broker's certificate/);
});

test('MQTTX: version, session, Last Will, files by path; collections and messages are passed over', () => {
  const [only, ...none] = readForeignConnections(JSON.stringify(mqttxExport));
  assert.deepEqual(none, []);
  assert.deepEqual(
    [only?.protocol, only?.host, only?.port, only?.version, only?.cleanStart, only?.keepAlive, only?.sessionExpiry],
    ['wss', 'emqx.example.com', 8084, '5', false, 30, 3600],
  );
  assert.deepEqual(only?.lastWill, { topic: 'plant/laptop', payload: 'gone', qos: 1, retain: true });
  assert.deepEqual(only?.key, { type: 'path', path: '/home/anna/client.key' });
  assert.equal(only?.alpn, 'x-amzn-mqtt-ca,mqtt');
  assert.deepEqual(only?.notes, []);
  assert.ok(!JSON.stringify(only).includes('secret telemetry'));
});

test('MQTTX: one connection alone, of an old version without a protocol', () => {
  const old = { name: 'a', host: 'h', port: '8883', clientId: 'c', ssl: true, certType: 'server', mqttVersion: '3.1' };
  const [only] = readForeignConnections(`\uFEFF${JSON.stringify(old)}`);
  assert.deepEqual([only?.protocol, only?.port, only?.version, only?.authority], ['mqtts', 8883, '3.1.1', null]);
  assert.match(only?.notes.join() ?? '', /did not check .* 3\.1\.1/);
});

test('other files are refused with what to choose instead', () => {
  const refusals: readonly (readonly [string, RegExp])[] = [
    ['name,host\na,b', /not JSON.*exported as JSON/],
    ['[]', /no connections of MQTT Explorer or MQTTX/],
    ['{"connections":[1]}', /no connections of/],
    ['null', /no connections of/],
    ['{"ConnectionManager_connections":{}}', /has no connection in it/],
    ['{"ConnectionManager_connections":{"a":null,"b":{"host":7}}}', /has no connection in it/],
    ['[{"host":"h","port":99999,"clientId":"c"}]', /has no connection in it/],
  ];
  for (const [text, expected] of refusals) assert.throws(() => readForeignConnections(text), expected, text);
});

test('a damaged embedded certificate is told and the connection is still there', () => {
  const settings = structuredClone(explorerSettings);
  settings.ConnectionManager_connections['0f1c'].selfSignedCertificate.data = '%%%';
  const [, second] = readForeignConnections(JSON.stringify(settings));
  assert.equal(second?.authority, null);
  assert.match(second?.notes.join() ?? '', /"ca\.pem" in the settings is damaged/);
});
