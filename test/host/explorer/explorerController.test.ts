import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { type ConnectionProfile, newProfile } from '../../../src/core/mqtt/connectionProfile';
import { ExplorerController, type ExplorerWindow } from '../../../src/host/explorer/explorerController';
import { prepareConnection } from '../../../src/host/explorer/prepareConnection';
import { probeBroker } from '../../../src/host/explorer/probeBroker';
import { TopicFeed } from '../../../src/host/explorer/topicFeed';
import { startLocalBroker } from '../../../src/io/broker/localBroker';
import { sealCommand } from '../../../src/io/mqtt/payloadCipher';
import type { ConnectionState, ExplorerEvent, TopicRows } from '../../../src/protocol/explorerModel';
import { EventLog } from '../../support/eventLog';
import { idleWindow } from '../../support/idleWindow';
import { startMosquitto } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';

let identities: Awaited<ReturnType<typeof goodSet>>;
before(async () => {
  identities = await goodSet();
});

/** A workspace's certificates, a broker that wants one of them, and the explorer between. */
async function open(t: TestContext) {
  const { ca, broker, device } = identities;
  const folder = temporaryFolder('explorer');
  await mkdir(join(folder, 'ca'));
  await mkdir(join(folder, 'devices'));
  await writeFile(join(folder, 'ca', 'ca.crt'), ca.pem);
  await writeFile(join(folder, 'devices', 'board.crt'), device.pem);
  await writeFile(join(folder, 'devices', 'board.key'), device.keyPem);
  const files = { ca: ca.pem, certificate: broker.pem, key: broker.keyPem };
  const running = await startLocalBroker({ ...files, host: '127.0.0.1', port: 0 });
  t.after(() => running.stop());
  const events = new EventLog<ExplorerEvent>();
  const opened: { topic: string; payload: Uint8Array }[] = [];
  const saved: string[] = [];
  const none = { password: undefined, passphrase: undefined };
  const window: ExplorerWindow = {
    choices: async () => ({
      profiles: [],
      withPassword: [],
      withPassphrase: [],
      devices: ['board'],
      authority: 'CA',
      localBroker: null,
    }),
    lastUsed: () => undefined,
    saveProfile: async () => {},
    deleteProfile: async () => {},
    prepare: (profile) => prepareConnection(profile, none, folder),
    probe: (profile, onStep, signal) => probeBroker(profile, none, folder, onStep, signal),
    pickFile: async () => null,
    read: async () => [],
    readPayload: (path) => readFile(path),
    editorText: async () => null,
    exportFormat: async () => 'jsonl',
    openPayload: async (topic, payload) => void opened.push({ topic, payload }),
    copy: async () => {},
    run: async () => {},
    saveFile: async (_name, content) => void saved.push(Buffer.from(content).toString()),
    confirm: async () => true,
  };
  const controller = new ExplorerController(window, new TopicFeed(), events.add);
  t.after(() => controller.dispose());
  const profile = newProfile({ id: 'a', port: running.port, identity: { type: 'device', name: 'board' } });
  const connect = (changes: Partial<ConnectionProfile> = {}) =>
    controller.handlers.connect({
      type: 'connect',
      profile: { ...profile, ...changes },
      password: null,
      passphrase: null,
    });
  return { controller, events, opened, saved, connect, folder, profile };
}

const stateIs =
  (type: ConnectionState['type']) =>
  (event: ExplorerEvent): event is Extract<ExplorerEvent, { type: 'state' }> =>
    event.type === 'state' && event.state.type === type;
const labels = ({ rows }: TopicRows): string[] => rows.map(({ label }) => label);

test('Connect with the workspace certificates shows TLS, and what is published comes back as rows', async (t) => {
  const { controller, events, connect } = await open(t);
  const { handlers } = controller;
  handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await connect();
  await events.until(stateIs('connected'));
  const { tls } = await handlers.ready({ type: 'ready' });
  assert.match(tls?.version ?? '', /^TLSv1\.[23]$/);
  assert.deepEqual(
    tls?.checks.map(({ label, result }) => `${label}: ${result}`),
    ['Trusted: passed', 'Name matches: passed', 'In date: passed', 'Client certificate: info', 'Revocation: info'],
  );
  assert.equal(tls?.chain.length, 2);
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  await handlers.publish({
    type: 'publish',
    topic: 'home/t',
    payload: '21.5',
    encoding: 'text',
    qos: 1,
    retain: true,
    properties: null,
  });
  const event = await events.until((event) => event.type === 'rows' && labels(event.rows).includes('t'));
  assert.ok(event.type === 'rows');
  assert.equal(event.rows.rows[1]?.last?.preview, '21.5');
  await events.until((event) => event.type === 'trace' && event.packets.some(({ name }) => name === 'CONNACK'));
});

test('a payload that a device without TLS sealed is shown in clear, and whose key opened it', async (t) => {
  const { controller, events, connect, folder } = await open(t);
  const { handlers } = controller;
  const key = Buffer.alloc(32, 7);
  await mkdir(join(folder, 'payload'));
  await writeFile(join(folder, 'payload', 'pump.key'), `${key.toString('hex')}\n`);
  handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await connect();
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  const sealed = Buffer.from(sealCommand(key, 'pump', Buffer.from('{"t":21}'), 1)).toString('base64');
  await handlers.publish({
    type: 'publish',
    topic: 'pump',
    payload: sealed,
    encoding: 'base64',
    qos: 1,
    retain: false,
    properties: null,
  });
  const { rows } = await events.until(
    (event): event is Extract<ExplorerEvent, { type: 'rows' }> => event.type === 'rows' && event.rows.total === 1,
  );
  const row = rows.rows[0];
  assert.equal(row?.last?.preview, '{"t":21}');
  const history = await handlers.select({ type: 'select', row: row?.id ?? 0 });
  const message = history?.messages[0]?.id ?? 0;
  const view = await handlers.readMessage({ type: 'readMessage', row: row?.id ?? 0, message });
  assert.deepEqual(view.properties, [['encrypted payload', 'opened with the key of pump, sealed by the controller']]);
});

test('a payload of 10 MB goes to the pane in part and to an editor whole', async (t) => {
  const { controller, events, opened, connect } = await open(t);
  const { handlers } = controller;
  handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await connect();
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  const payload = 'x'.repeat(10 * 1024 * 1024);
  await handlers.publish({
    type: 'publish',
    topic: 'big',
    payload,
    encoding: 'text',
    qos: 1,
    retain: false,
    properties: null,
  });
  const { rows } = await events.until(
    (event): event is Extract<ExplorerEvent, { type: 'rows' }> => event.type === 'rows' && event.rows.total === 1,
  );
  const row = rows.rows[0]?.id ?? 0;
  const history = await handlers.select({ type: 'select', row });
  const message = history?.messages[0]?.id ?? 0;
  const view = await handlers.readMessage({ type: 'readMessage', row, message });
  assert.equal(view.bytes.length, 65_536);
  assert.equal(view.totalBytes, payload.length);
  await handlers.openMessage({ type: 'openMessage', row, message });
  assert.equal(opened[0]?.payload.length, payload.length);
});

test('a refused connection says why, and a dead port offers the local broker', async (t) => {
  const { events, connect } = await open(t);
  await connect({ identity: { type: 'none' } });
  const refused = await events.until(stateIs('failed'));
  assert.match(refused.state.type === 'failed' ? refused.state.reason : '', /client certificate/);
  await connect({ port: 1 });
  const dead = await events.until(
    (event): event is Extract<ExplorerEvent, { type: 'state' }> =>
      event.type === 'state' && event.state.type === 'failed' && event.state.code === 'ECONNREFUSED',
  );
  assert.equal(dead.state.type === 'failed' && dead.state.action?.command, 'secureIot.startBroker');
});

test('a missing certificate is named before anything is sent', async (t) => {
  const { controller, connect, folder } = await open(t);
  await assert.rejects(async () => connect({ identity: { type: 'device', name: 'gone' } }), /devices.gone\.crt/);
  await assert.rejects(async () => connect({ identity: { type: 'device', name: '../ca/ca' } }), /not the name/);
  await writeFile(join(folder, 'ca', 'ca.crt'), 'no PEM');
  await assert.rejects(async () => connect(), /ca\.crt: /);
  assert.deepEqual((await controller.handlers.ready({ type: 'ready' })).state, { type: 'idle' });
});

test('wrong filters, topics and payloads are refused in words', async (t) => {
  const { controller } = await open(t);
  const { handlers } = controller;
  const publish = {
    type: 'publish',
    topic: 'a',
    payload: '',
    encoding: 'text',
    qos: 0,
    retain: false,
    properties: null,
  } as const;
  const subscribe = { type: 'subscribe', subscription: { filter: 'a/#/b', qos: 0 } } as const;
  await assert.rejects(async () => handlers.subscribe(subscribe), /# stands alone/);
  await assert.rejects(async () => handlers.publish({ ...publish, topic: 'a/+' }), /wildcards/);
  await assert.rejects(async () => handlers.publish(publish), /Connect to a broker first/);
});

test('messages are exported', async (t) => {
  const { controller, events, saved, connect } = await open(t);
  const { handlers } = controller;
  handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await connect();
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  await handlers.publish({
    type: 'publish',
    topic: 'a/b',
    payload: 'ff',
    encoding: 'hex',
    qos: 1,
    retain: false,
    properties: null,
  });
  await events.until((event) => event.type === 'rows' && event.rows.total === 2);
  await handlers.exportMessages({ type: 'exportMessages', row: null });
  const { topic, encoding, payload } = JSON.parse(saved[0] ?? '{}');
  assert.deepEqual([topic, encoding, payload], ['a/b', 'base64', '/w==']);
});

test('the TLS test tells its steps, the boards and the checks, and its report is saved', async (t) => {
  const { controller, events, saved, profile } = await open(t);
  await controller.handlers.testTls({ type: 'testTls', profile, password: null, passphrase: null });
  const reports = events.all.flatMap((event) => (event.type === 'report' && event.report ? [event.report] : []));
  assert.ok(reports.some(({ step }) => step === 'cipher suites'));
  const last = reports.at(-1);
  assert.deepEqual(
    last?.boards.map(({ board, verdict }) => `${board}: ${verdict}`).filter((line) => line.includes('Arduino')),
    ['ESP8266 Arduino (BearSSL): works', 'ESP32 Arduino 2.x: works', 'ESP32 Arduino 3.x: works'],
  );
  assert.ok(last.sections.length > 3);
  await controller.handlers.saveReport({ type: 'saveReport', format: 'markdown' });
  assert.match(saved[0] ?? '', /^# TLS test of localhost:/);
});

test('a TLS test of nothing says why', async (t) => {
  const { controller, profile } = await open(t);
  const { handlers } = controller;
  const request = { type: 'testTls', password: null, passphrase: null } as const;
  await handlers.testTls({ ...request, profile: { ...profile, port: 1 } });
  assert.match((await handlers.ready({ type: 'ready' })).report?.error ?? '', /Nothing listens/);
  await handlers.testTls({ ...request, profile: { ...profile, protocol: 'mqtt' } });
  assert.match((await handlers.ready({ type: 'ready' })).report?.error ?? '', /no TLS to test/);
  await assert.rejects(async () => handlers.saveReport({ type: 'saveReport', format: 'json' }), /no report yet/);
});

test('a hidden pane is told nothing until it is shown', async (t) => {
  const { controller, events } = await open(t);
  controller.handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  controller.show(false);
  const message = { payload: new Uint8Array(1), qos: 0, retain: false, duplicate: false } as const;
  controller.receive({ topic: 'a', ...message });
  await new Promise((resolve) => setTimeout(resolve, 150));
  assert.equal(events.all.length, 0);
  controller.show(true);
  await events.until((event) => event.type === 'rows' && event.rows.total === 1);
});

test('Clear forgets the topics and counts from nothing', async (t) => {
  const { controller, events } = await open(t);
  const { handlers } = controller;
  const message = { payload: new Uint8Array(1), qos: 0, retain: false, duplicate: false } as const;
  controller.receive({ topic: 'a', ...message });
  const { rows } = await handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await handlers.select({ type: 'select', row: rows[0]?.id ?? 0 });
  handlers.clear({ type: 'clear' });
  await events.until((event) => event.type === 'rows' && event.rows.total === 0);
  await events.until((event) => event.type === 'stats' && event.stats.messages === 0);
  assert.equal(await handlers.select({ type: 'select', row: rows[0]?.id ?? 0 }), null);
});

test('clearing retained messages asks first, then the broker has them no more', async (t) => {
  const { controller, events, connect } = await open(t);
  const { handlers } = controller;
  handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await connect();
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  const publish = { type: 'publish', payload: 'x', encoding: 'text', qos: 1, retain: true, properties: null } as const;
  await handlers.publish({ ...publish, topic: 'a/b' });
  await connect(); // only now does the broker send it as a retained message
  const { rows } = await events.until(
    (event): event is Extract<ExplorerEvent, { type: 'rows' }> =>
      event.type === 'rows' && event.rows.rows[1]?.last?.retained === true,
  );
  await handlers.clearRetained({ type: 'clearRetained', row: rows.rows[0]?.id ?? 0, recursive: true });
  handlers.clear({ type: 'clear' });
  await connect();
  await events.until((event) => event.type === 'rows' && event.rows.total === 0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal((await handlers.ready({ type: 'ready' })).stats.topics, 0);
});

test('MQTT 5 properties and the bytes of a file arrive; MQTT 3.1.1 refuses properties instead of losing them', async (t) => {
  const { controller, events, connect, folder } = await open(t);
  const { handlers } = controller;
  const broker = await startMosquitto({});
  t.after(() => broker.stop());
  const path = join(folder, 'image.bin');
  await writeFile(path, new Uint8Array([0, 1, 254, 255]));
  const properties = {
    contentType: 'image/x-test',
    responseTopic: 'answers/1',
    correlationData: 'c1',
    messageExpiry: 120,
    utf8: false,
    userProperties: [
      { name: 'site', value: 'north' },
      { name: 'site', value: 'south' },
      { name: '__proto__', value: 'x' },
    ],
  };
  const publish = { type: 'publish', topic: 'a', payload: path, encoding: 'file', qos: 1, retain: false } as const;
  const plain = { protocol: 'mqtt', host: '127.0.0.1', port: broker.port } as const;
  handlers.showRows({ type: 'showRows', start: 0, count: 50 });
  await connect({ ...plain, version: '5' });
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  await handlers.publish({ ...publish, properties });
  const { rows } = await events.until(
    (event): event is Extract<ExplorerEvent, { type: 'rows' }> => event.type === 'rows' && event.rows.total === 1,
  );
  const row = rows.rows[0]?.id ?? 0;
  const history = await handlers.select({ type: 'select', row });
  const view = await handlers.readMessage({ type: 'readMessage', row, message: history?.messages[0]?.id ?? 0 });
  assert.deepEqual([...view.bytes], [0, 1, 254, 255]);
  assert.deepEqual([...view.properties].map((pair) => pair.join('=')).sort(), [
    '__proto__=x',
    'contentType=image/x-test',
    'correlationData=6331',
    'messageExpiryInterval=120',
    'responseTopic=answers/1',
    'site=north',
    'site=south',
  ]);
  await connect({ ...plain, version: '3.1.1' });
  await events.until((event) => event.type === 'subscriptions' && event.subscriptions[0]?.state === 'active');
  await assert.rejects(async () => handlers.publish({ ...publish, properties }), /Properties need MQTT 5/);
  await assert.rejects(async () => handlers.publish({ ...publish, payload: '', properties: null }), /Choose the file/);
});

test('a broker without MQTT 5 is told from other refusals, so that the pane can offer 3.1.1', async (t) => {
  const { events, connect } = await open(t);
  await connect({ version: '5' });
  const { state } = await events.until(stateIs('failed'));
  assert.ok(state.type === 'failed');
  assert.deepEqual([state.code, state.offersOlderVersion, state.retrying], ['CONNACK-132', true, false]);
  assert.match(state.reason, /Unsupported Protocol Version.*Use MQTT 3\.1\.1 for this connection\./);
  await connect({ version: '3.1.1' });
  await events.until(stateIs('connected'));
});

test('a broker that stalls, speaks something else, closes or floods leaves the explorer usable', async (t) => {
  const { controller, events, connect } = await open(t);
  const greet = (socket: Socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
  const flood = (socket: Socket) => {
    socket.once('data', () => {
      socket.write(Buffer.from([0x20, 2, 0, 0]));
      const message = Buffer.concat([Buffer.from([0x30, 0x84, 0x80, 0x04, 0, 1, 0x61]), Buffer.alloc(65_537)]);
      const more = (): void => {
        while (!socket.destroyed && socket.write(message));
      };
      socket.on('drain', more);
      more();
    });
  };
  const bad: readonly (readonly [string, (socket: Socket) => void, RegExp | undefined])[] = [
    ['stalls', () => undefined, undefined],
    ['speaks something else', greet, /not MQTT|closed the connection/],
    ['closes at once', (socket) => void socket.destroy(), /closed the connection/],
    ['floods', flood, undefined],
  ];
  for (const [what, handle, reason] of bad) {
    const server = createServer((socket) => handle(socket.on('error', () => undefined)));
    const sockets = new Set<Socket>();
    server.on('connection', (socket) => sockets.add(socket));
    const close = (): void => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    t.after(close);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    events.all.length = 0;
    await connect({ protocol: 'mqtt', host: '127.0.0.1', port });
    if (reason) {
      const { state } = await events.until(stateIs('failed'));
      assert.match(state.type === 'failed' ? state.reason : '', reason, what);
    }
    if (what === 'floods') {
      await events.until((event) => event.type === 'stats' && event.stats.messages > 1_000);
      const stats = (await controller.handlers.ready({ type: 'ready' })).stats;
      assert.ok(stats.keptBytes <= 256 * 1024 * 1024, `${stats.keptBytes}`);
    }
    events.all.length = 0;
    await connect();
    await events.until(stateIs('connected'));
    close();
  }
});

test('a connection is deleted, and the local one reset, only when the person agrees', async () => {
  const asked: string[] = [];
  const deleted: string[] = [];
  let agrees = false;
  const window: ExplorerWindow = {
    ...idleWindow,
    confirm: async (question, detail, yes) => {
      asked.push(`${question} ${yes}`);
      assert.match(detail, /password .* deleted too/);
      return agrees;
    },
    deleteProfile: async (id) => void deleted.push(id),
  };
  const { handlers } = new ExplorerController(window, new TopicFeed(), () => {});
  await handlers.deleteProfile({ type: 'deleteProfile', profile: 'cloud' });
  assert.deepEqual(deleted, []);
  agrees = true;
  await handlers.deleteProfile({ type: 'deleteProfile', profile: 'cloud' });
  await handlers.deleteProfile({ type: 'deleteProfile', profile: 'local' });
  assert.deepEqual(deleted, ['cloud', 'local']);
  assert.deepEqual(asked.slice(1), ['Delete "Cloud"? Delete', 'Reset "Local TLS broker"? Reset']);
});
