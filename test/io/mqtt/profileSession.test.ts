// What a connection profile says, as it arrives at a real broker.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { type ConnectionProfile, newProfile } from '../../../src/core/mqtt/connectionProfile';
import { MqttSession, type ReceivedMessage, type SessionState } from '../../../src/io/mqtt/mqttSession';
import { sessionOptions } from '../../../src/io/mqtt/profileSession';
import { makeCertificateFolder } from '../../support/certificateFolder';
import { EventLog } from '../../support/eventLog';
import { startMosquitto } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

let certs: string;
before(async () => {
  certs = await makeCertificateFolder(temporaryFolder('profile-session'), { brokerNames: 'DNS:broker.test' });
});

const isConnected = (state: SessionState): state is Extract<SessionState, { type: 'connected' }> =>
  state.type === 'connected';
const isFailed = (state: SessionState): state is Extract<SessionState, { type: 'failed' }> => state.type === 'failed';

async function open(t: TestContext, fields: Partial<ConnectionProfile>, password?: string) {
  const profile = newProfile({ id: 'a', host: '127.0.0.1', ...fields });
  const options = await sessionOptions(profile, { password, passphrase: undefined }, certs);
  const states = new EventLog<SessionState>();
  const messages = new EventLog<ReceivedMessage>();
  const packets: string[] = [];
  const session = new MqttSession(
    { ...options, timeoutMs: 3_000 },
    {
      onState: states.add,
      onMessage: messages.add,
      onPacket: (direction, { name, detail }) => packets.push(`${direction} ${name} ${detail}`),
    },
  );
  t.after(() => session.disconnect());
  session.connect();
  return { session, states, messages, packets };
}

/** aedes behind whatever brings it streams. */
async function startAedes(t: TestContext): Promise<Aedes> {
  const aedes = await Aedes.createBroker();
  t.after(() => new Promise<void>((resolve) => aedes.close(() => resolve())));
  return aedes;
}

async function tlsServer(t: TestContext, onSocket: (socket: TLSSocket) => void, ALPNProtocols?: string[]) {
  const read = (file: string) => readFile(join(certs, file));
  const [cert, key] = await Promise.all([read('broker/broker.crt'), read('broker/broker.key')]);
  const server = createTlsServer({ cert, key, ...(ALPNProtocols ? { ALPNProtocols } : {}) }, onSocket);
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a connection profile', () => {
  it('says client id, keep alive, user, password and Last Will in CONNECT', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const broker = await startMosquitto({});
    t.after(() => broker.stop());
    const lastWill = { topic: 'w', payload: 'gone', qos: 1, retain: true } as const;
    const fields = { clientId: 'pane-7', keepAlive: 7, username: 'anna', cleanStart: false, lastWill } as const;
    const { states, packets } = await open(t, { protocol: 'mqtt', port: broker.port, ...fields }, 'secret');
    await states.until(isConnected);
    await broker.logShows(/as pane-7 \(p2, c0, k7, u'anna'\)/);
    await broker.logShows(/Will message specified \(4 bytes\) \(r1, q1\)/);
    assert.equal(packets[0]?.includes('user "anna", password ***, Last Will'), true, packets[0]);
    assert.ok(!packets.join().includes('secret'));
  });

  for (const [version, sessionExpiry] of [
    ['3.1.1', 0],
    ['5', 60],
  ] as const) {
    it(`keeps its session where it says so, with what came meanwhile (MQTT ${version})`, async (t) => {
      if (!requireTool(t, 'mosquitto')) return;
      const broker = await startMosquitto({});
      t.after(() => broker.stop());
      const plain = { protocol: 'mqtt', port: broker.port } as const;
      const fields = { ...plain, version, clientId: 'keeper', cleanStart: false, sessionExpiry } as const;
      const first = await open(t, fields);
      const { sessionPresent } = await first.states.until(isConnected);
      assert.equal(sessionPresent, false);
      await first.session.subscribe('home/#', 1);
      await first.session.disconnect();
      const other = await open(t, plain);
      await other.states.until(isConnected);
      await other.session.publish('home/door', 'open', { qos: 1 });
      const again = await open(t, fields);
      assert.equal((await again.states.until(isConnected)).sessionPresent, true);
      assert.equal((await again.messages.until(() => true)).topic, 'home/door');
    });
  }

  it('leaves no session in MQTT 5 without an expiry', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const broker = await startMosquitto({});
    t.after(() => broker.stop());
    const fields = { protocol: 'mqtt', port: broker.port, version: '5', clientId: 'k', cleanStart: false } as const;
    const first = await open(t, fields);
    await first.states.until(isConnected);
    await first.session.subscribe('a', 1);
    await first.session.disconnect();
    const again = await open(t, fields);
    assert.equal((await again.states.until(isConnected)).sessionPresent, false);
  });

  it('goes over a WebSocket without TLS, by its path', async (t) => {
    const aedes = await startAedes(t);
    const http = createHttpServer();
    const sockets = new WebSocketServer({ server: http, path: '/broker', handleProtocols: () => 'mqtt' });
    sockets.on('connection', (socket) => void aedes.handle(createWebSocketStream(socket)));
    await once(http.listen(0, '127.0.0.1'), 'listening');
    t.after(() => {
      for (const client of sockets.clients) client.terminate();
      http.close();
    });
    const { port } = http.address() as AddressInfo;
    const { session, states, messages } = await open(t, { protocol: 'ws', port, path: '/broker' });
    assert.equal((await states.until(isConnected)).tls, null);
    await session.subscribe('a', 0);
    await session.publish('a', 'over http');
    await messages.until(({ topic }) => topic === 'a');
    const wrong = await open(t, { protocol: 'ws', port, path: '/elsewhere' });
    assert.match((await wrong.states.until(isFailed)).failure.reason, /HTTP 400 .* at \/elsewhere/);
  });

  it('sends its server name (SNI) and matches the certificate against it', async (t) => {
    const aedes = await startAedes(t);
    const names: unknown[] = [];
    const port = await tlsServer(t, (socket) => {
      names.push(socket.servername);
      aedes.handle(socket);
    });
    const named = await open(t, { port, servername: 'broker.test' });
    assert.equal((await named.states.until(isConnected)).tls?.servername, 'broker.test');
    assert.deepEqual(names, ['broker.test']);
    const plain = await open(t, { port });
    assert.match(
      (await plain.states.until(isFailed)).failure.reason,
      /it is for DNS:broker\.test, not for "127\.0\.0\.1"/,
    );
  });

  it('offers its ALPN names; one that the broker does not take is told as such', async (t) => {
    const aedes = await startAedes(t);
    const port = await tlsServer(t, (socket) => void aedes.handle(socket), ['x-amzn-mqtt-ca', 'mqtt']);
    const fields = { port, servername: 'broker.test' };
    const agreed = await open(t, { ...fields, alpn: 'other, mqtt' });
    assert.equal((await agreed.states.until(isConnected)).tls?.alpn, 'mqtt');
    const refused = await open(t, { ...fields, alpn: 'http/1.1' });
    assert.match((await refused.states.until(isFailed)).failure.reason, /refused the ALPN protocol/);
  });

  for (const [what, handle] of [
    ['closes at once', (socket: Socket) => void socket.destroy()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
    ['closes after CONNECT', (socket: Socket) => void socket.once('data', () => socket.end())],
  ] as const) {
    it(`says that a broker ${what}, and tries again`, async (t) => {
      const server = createTcpServer((socket) => handle(socket.on('error', () => undefined)));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      t.after(() => server.close());
      const { port } = server.address() as AddressInfo;
      const { states } = await open(t, { protocol: 'mqtt', port });
      const { failure, retryAtMs } = await states.until(isFailed);
      assert.match(failure.reason, /closed the connection (instead of answering CONNECT|at once)/);
      assert.ok(retryAtMs);
    });
  }
});
