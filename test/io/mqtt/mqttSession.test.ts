import assert from 'node:assert/strict';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { before, describe, it, type TestContext } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { frameMessage } from '../../../src/core/mqtt/publishTap';
import { type LocalBroker, type LocalBrokerOptions, startLocalBroker } from '../../../src/io/broker/localBroker';
import {
  MqttSession,
  type ReceivedMessage,
  type SessionListener,
  type SessionOptions,
  type SessionState,
} from '../../../src/io/mqtt/mqttSession';
import { EventLog } from '../../support/eventLog';
import { freePort, startMosquitto } from '../../support/mosquitto';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';

type Failed = Extract<SessionState, { type: 'failed' }>;
type Connected = Extract<SessionState, { type: 'connected' }>;
let good: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
let other: typeof good;
before(async () => {
  [good, other] = await Promise.all([goodSet(), goodSet()]);
});

async function startBroker(t: TestContext, options: Partial<LocalBrokerOptions> = {}): Promise<LocalBroker> {
  const { ca, broker } = good;
  const files = { ca: ca.pem, certificate: broker.pem, key: broker.keyPem };
  const started = await startLocalBroker({ ...files, host: '127.0.0.1', port: 0, ...options });
  t.after(() => started.stop());
  return started;
}

const identity = () => ({ ca: good.ca.pem, certificate: good.device.pem, key: good.device.keyPem });

function open(t: TestContext, options: Partial<SessionOptions> & { readonly port: number }) {
  const states = new EventLog<SessionState>();
  const messages = new EventLog<ReceivedMessage>();
  const packets: string[] = [];
  const session = new MqttSession(
    { protocol: 'mqtts', host: 'localhost', timeoutMs: 3_000, backOff: { firstMs: 20, maxMs: 100 }, ...options },
    {
      onState: states.add,
      onMessage: (message) => messages.add({ ...message, payload: new Uint8Array(message.payload) }),
      onPacket: (direction, { name, detail }) => packets.push(`${direction} ${name} ${detail}`),
    },
  );
  t.after(() => session.disconnect());
  session.connect();
  return { session, states, messages, packets };
}

/** A session at a mosquitto of its own, without TLS. */
async function atMosquitto(t: TestContext, version: SessionOptions['version'], listener: Partial<SessionListener>) {
  const { port, stop } = await startMosquitto({});
  t.after(stop);
  const states = new EventLog<SessionState>();
  const onMessage = () => undefined;
  const options = { protocol: 'mqtt', host: '127.0.0.1', port, ...(version && { version }) } as const;
  const session = new MqttSession(options, { onMessage, ...listener, onState: states.add });
  t.after(() => session.disconnect());
  session.connect();
  await states.until(isConnected);
  return session;
}

const isFailed = (state: SessionState): state is Failed => state.type === 'failed';
const isConnected = (state: SessionState): state is Connected => state.type === 'connected';

/** A server that treats every connection with `handler`. */
async function rawServer(t: TestContext, handler: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    handler(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

describe('MQTT session', () => {
  it('connects over mutual TLS, tells version, cipher and chain, and receives what is published', async (t) => {
    const broker = await startBroker(t);
    const { session, states, messages, packets } = open(t, { port: broker.port, tls: identity(), clientId: 'pane' });
    const { tls } = await states.until(isConnected);
    assert.equal(tls?.version, 'TLSv1.3');
    assert.match(tls.cipher, /^TLS_/);
    assert.deepEqual(tls.chain[0]?.names, ['DNS:localhost', 'IP:127.0.0.1']);
    assert.equal(tls.chain[0]?.key, 'EC P-256');
    assert.equal(tls.chain[0]?.fingerprint.length, 95);
    assert.deepEqual([tls.chainProblem, tls.nameProblem], ['', '']);
    assert.deepEqual(await session.subscribe('home/#', 1), { type: 'active', qos: 1 });
    await session.publish('home/ä', new Uint8Array([0, 255]), { qos: 1 });
    const message = await messages.until(() => true);
    assert.deepEqual([message.topic, [...message.payload]], ['home/ä', [0, 255]]);
    await session.disconnect();
    assert.deepEqual(session.state, { type: 'idle' });
    assert.ok(packets.includes('out CONNECT MQTT 3.1.1, client "pane", clean, keep alive 60 s'), packets.join('\n'));
    assert.ok(packets.includes('in CONNACK Connection accepted (0)'));
    assert.ok(packets.some((line) => line.startsWith('out DISCONNECT')));
  });

  for (const version of ['3.1.1', '5'] as const) {
    it(`gives QoS 0 as frames and the rest as messages, each once (MQTT ${version}, mosquitto)`, async (t) => {
      if (!requireTool(t, 'mosquitto')) return;
      const seen = new EventLog<string>();
      const session = await atMosquitto(t, version, {
        onMessage: ({ topic, payload, qos }) => seen.add(`message ${topic} ${payload.length} ${qos}`),
        onFrame: (frame) => {
          const { topic, payload, qos } = frameMessage(frame);
          seen.add(`frame ${topic} ${payload.length} ${qos}`);
        },
      });
      await session.subscribe('#', 2);
      const sizes = [0, 1, 127, 70_000, 2_000_000]; // the last ones come in many pieces
      for (const size of sizes)
        for (const qos of [0, 1, 2] as const) await session.publish(`q${qos}`, new Uint8Array(size), { qos });
      await seen.until(() => seen.all.length === 15);
      const expected = sizes.flatMap((size) => [`frame q0 ${size} 0`, `message q1 ${size} 1`, `message q2 ${size} 2`]);
      assert.deepEqual([...seen.all].sort(), expected.sort());
    });
  }

  it('holds several subscriptions, each with its own QoS (mosquitto)', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const seen = new EventLog<string>();
    const session = await atMosquitto(t, '3.1.1', { onMessage: ({ topic, qos }) => seen.add(`${topic} ${qos}`) });
    for (const qos of [0, 1, 2] as const)
      assert.deepEqual(await session.subscribe(`most/${qos}/#`, qos), { type: 'active', qos });
    for (const most of [0, 1, 2]) await session.publish(`most/${most}/x`, new Uint8Array(1), { qos: 2 });
    await session.publish('other', new Uint8Array(1), { qos: 2 });
    await seen.until(() => seen.all.length === 3);
    assert.deepEqual([...seen.all].sort(), ['most/0/x 0', 'most/1/x 1', 'most/2/x 2']);
  });

  it('speaks MQTT over a WebSocket with TLS', async (t) => {
    const broker = await startBroker(t, { webSocketPort: 0 });
    const { session, states } = open(t, { protocol: 'wss', port: broker.webSocketPort ?? 0, tls: identity() });
    assert.equal((await states.until(isConnected)).tls?.version, 'TLSv1.3');
    await session.publish('a', 'b', { qos: 1 });
  });

  it('subscribes again after the broker was restarted', async (t) => {
    const first = await startBroker(t);
    const { session, states, messages } = open(t, { port: first.port, tls: identity() });
    await states.until(isConnected);
    await session.subscribe('a', 0);
    await first.stop();
    const lost = await states.until(isFailed);
    assert.equal(lost.failure.transient, true);
    assert.ok(lost.retryAtMs);
    await startBroker(t, { port: first.port });
    await states.until((state) => isConnected(state) && state !== states.all.find(isConnected));
    await session.publish('a', 'again', { qos: 1 });
    await messages.until(({ topic }) => topic === 'a');
  });

  it('refuses a certificate of another CA, says so, shows it, and does not try again', async (t) => {
    const broker = await startBroker(t);
    const { states } = open(t, { port: broker.port, tls: { ...identity(), ca: other.ca.pem } });
    const { failure, tls, retryAtMs } = await states.until(isFailed);
    assert.equal(failure.phase, 'certificate');
    assert.match(failure.reason, /not signed by a CA that you trust|issuer is not|signature does not match/);
    assert.equal(tls?.chain[0]?.subject, 'CN=localhost');
    assert.equal(retryAtMs, null);
    assert.deepEqual(broker.clients(), []);
  });

  it('sends nothing of MQTT before the certificate is verified', async (t) => {
    const received: Buffer[] = [];
    const server = createTlsServer({ cert: other.broker.pem, key: other.broker.keyPem }, (socket) => {
      socket.on('error', () => undefined).on('data', (chunk) => received.push(chunk));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const { states } = open(t, { port, tls: { ca: good.ca.pem }, username: 'u', password: 'secret' });
    await states.until(isFailed);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(received.length, 0);
  });

  it('says which names the certificate is for when the host is not one of them', async (t) => {
    const broker = await startBroker(t);
    const { states } = open(t, { port: broker.port, tls: { ...identity(), servername: 'mqtt.example.com' } });
    const { failure } = await states.until(isFailed);
    assert.equal(failure.code, 'ERR_TLS_CERT_ALTNAME_INVALID');
    assert.match(failure.reason, /it is for DNS:localhost, IP:127\.0\.0\.1, not for "mqtt\.example\.com"/);
  });

  it('says that the certificate has expired', async (t) => {
    const expired = await issue({
      cn: 'localhost',
      issuer: good.ca,
      san: [{ type: 'dns', value: 'localhost' }],
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    const broker = await startBroker(t, { certificate: expired.pem, key: expired.keyPem });
    const { states } = open(t, { port: broker.port, tls: identity() });
    assert.equal((await states.until(isFailed)).failure.code, 'CERT_HAS_EXPIRED');
  });

  it('says that nothing listens, and tries again with a growing pause', async (t) => {
    const { states } = open(t, { port: await freePort(), tls: identity() });
    const { failure } = await states.until(isFailed);
    assert.equal(failure.code, 'ECONNREFUSED');
    assert.match(failure.reason, /Nothing listens.*8883/);
    await states.until((state) => state.type === 'connecting' && state.attempt >= 3);
  });

  it('says that a host name is not known', async (t) => {
    const { states } = open(t, { host: 'broker.invalid', port: 8883, tls: identity() });
    assert.equal((await states.until(isFailed)).failure.phase, 'name');
  });

  it('says that a port does not speak TLS', async (t) => {
    const port = await rawServer(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const { states } = open(t, { port, tls: identity() });
    assert.match((await states.until(isFailed)).failure.reason, /does not speak TLS/);
  });

  it('gives up on a broker that stalls in the handshake', async (t) => {
    const port = await rawServer(t, () => undefined);
    const { states } = open(t, { port, tls: identity(), timeoutMs: 100 });
    const { failure } = await states.until(isFailed);
    assert.deepEqual([failure.phase, failure.code], ['tls', 'TIMEOUT']);
  });

  it('says that a server is not an MQTT broker', async (t) => {
    const port = await rawServer(t, (socket) => socket.once('data', () => socket.end('220 mail ready\r\n')));
    const { states } = open(t, { protocol: 'mqtt', port });
    const { failure } = await states.until(isFailed);
    assert.equal(failure.phase, 'mqtt');
  });

  it('leaves a broker that sends malformed packets, with a reason, and tries again slowly', async (t) => {
    const connack = Buffer.from([0x20, 2, 0, 0]);
    const port = await rawServer(t, (socket) =>
      socket.once('data', () => socket.write(Buffer.concat([connack, Buffer.from('f0ffffffffff00', 'hex')]))),
    );
    const { states } = open(t, { protocol: 'mqtt', port });
    const { failure, retryAtMs } = await states.until(isFailed);
    assert.match(failure.reason, /malformed|not MQTT|lost|closed/);
    assert.equal(failure.phase, 'mqtt');
    assert.ok(retryAtMs);
  });

  it('gives up on a server that takes the connection and says nothing', async (t) => {
    const port = await rawServer(t, (socket) => socket.resume());
    const { states } = open(t, { protocol: 'mqtt', port, timeoutMs: 150 });
    assert.equal((await states.until(isFailed)).failure.code, 'CONNACK-TIMEOUT');
  });

  it('explains a wrong password and does not try again', async (t) => {
    const broker = await startBroker(t, { requireClientCertificate: false, users: new Map([['u', 'right']]) });
    const { states } = open(t, { port: broker.port, tls: { ca: good.ca.pem }, username: 'u', password: 'wrong' });
    const { failure, retryAtMs } = await states.until(isFailed);
    assert.equal(failure.code, 'CONNACK-4');
    assert.equal(retryAtMs, null);
  });

  it('says that MQTT 5 is not spoken by a 3.1.1 broker', async (t) => {
    const broker = await startBroker(t, { requireClientCertificate: false });
    const { states } = open(t, { port: broker.port, tls: { ca: good.ca.pem }, version: '5' });
    assert.match((await states.until(isFailed)).failure.reason, /3\.1\.1|version/);
  });

  it('refuses to publish while it is not connected', async (t) => {
    const { session } = open(t, { port: await freePort() });
    await assert.rejects(session.publish('a', 'b'), { code: 'not-connected' });
  });

  it('says that client certificate and key do not belong together', async (t) => {
    const broker = await startBroker(t);
    const { states } = open(t, { port: broker.port, tls: { ...identity(), key: other.device.keyPem } });
    assert.match((await states.until(isFailed)).failure.reason, /do not belong together/);
  });
});

describe('MQTT session with a real mosquitto', () => {
  it('speaks MQTT 5 and shows user properties', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const files = { ca: good.ca.pem, certificate: good.broker.pem, key: good.broker.keyPem };
    const broker = await startMosquitto({ ...files, requireCertificate: true });
    t.after(() => broker.stop());
    const { session, states, messages } = open(t, { port: broker.port, tls: identity(), version: '5' });
    await states.until(isConnected);
    await session.subscribe('#', 1);
    await session.publish('a', 'b', { qos: 1, properties: { userProperties: { unit: '°C' } } });
    assert.deepEqual((await messages.until(() => true)).properties, [['unit', '°C']]);
  });

  it('sees in MQTT 5 that a live message is retained', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const { port, stop } = await startMosquitto({});
    t.after(stop);
    for (const [version, retained] of [
      ['3.1.1', false],
      ['5', true],
    ] as const) {
      const { session, states, messages } = open(t, { protocol: 'mqtt', host: '127.0.0.1', port, version });
      await states.until(isConnected);
      await session.subscribe(`live/${version}`, 1);
      await session.publish(`live/${version}`, 'x', { qos: 1, retain: true });
      assert.equal((await messages.until(() => true)).retain, retained, version);
    }
  });

  it('says that a client certificate is wanted', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const files = { ca: good.ca.pem, certificate: good.broker.pem, key: good.broker.keyPem };
    const broker = await startMosquitto({ ...files, requireCertificate: true });
    t.after(() => broker.stop());
    const { states } = open(t, { port: broker.port, tls: { ca: good.ca.pem } });
    assert.match((await states.until(isFailed)).failure.reason, /client certificate/);
  });

  it('says that the client certificate was refused', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const files = { ca: good.ca.pem, certificate: good.broker.pem, key: good.broker.keyPem };
    const broker = await startMosquitto({ ...files, requireCertificate: true });
    t.after(() => broker.stop());
    const wrong = { ca: good.ca.pem, certificate: other.device.pem, key: other.device.keyPem };
    const { states } = open(t, { port: broker.port, tls: wrong });
    assert.match((await states.until(isFailed)).failure.reason, /refused the client certificate/);
  });
});
