import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import mqtt from 'mqtt';
import { UserError } from '../../../src/core/errors';
import type { BrokerEvent } from '../../../src/core/mqtt/brokerEvents';
import { type LocalBroker, type LocalBrokerOptions, startLocalBroker } from '../../../src/io/broker/localBroker';
import { EventLog } from '../../support/eventLog';
import { freePort } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet, revocationList } from '../../support/testAuthority';
import { findTool } from '../../support/tools';
import { userError } from '../../support/userError';

type Set = Awaited<ReturnType<typeof goodSet>>;
let good: Set;
let other: Set;
before(async () => {
  [good, other] = await Promise.all([goodSet(), goodSet()]);
});

type Failed = Extract<BrokerEvent, { type: 'handshakeFailed' }>;

async function start(t: TestContext, options: Partial<LocalBrokerOptions> = {}) {
  const events = new EventLog<BrokerEvent>();
  const broker = await startLocalBroker({
    ca: good.ca.pem,
    certificate: good.broker.pem,
    key: good.broker.keyPem,
    host: '127.0.0.1',
    port: 0,
    onEvent: events.add,
    ...options,
  });
  t.after(() => broker.stop());
  return { broker, events };
}

/** Makes the handshake and closes; resolves when the socket is closed, whatever happened. */
function handshake(broker: LocalBroker, options: ConnectionOptions): Promise<void> {
  return new Promise((resolve) => {
    const socket = connectTls({ port: broker.port, host: '127.0.0.1', servername: 'localhost', ...options });
    socket.on('secureConnect', () => setTimeout(() => socket.destroy(), 50));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}

async function refusal(broker: LocalBroker, events: EventLog<BrokerEvent>, options: ConnectionOptions) {
  await handshake(broker, options);
  return events.until((event): event is Failed => event.type === 'handshakeFailed');
}

describe('local broker', () => {
  it('knows each client by the common name of its certificate', async (t) => {
    const { broker, events } = await start(t);
    const client = await mqtt.connectAsync(`mqtts://localhost:${broker.port}`, {
      ca: good.ca.pem,
      cert: good.device.pem,
      key: good.device.keyPem,
      username: 'somebody else',
      clientId: 'board-1',
      reconnectPeriod: 0,
    });
    const joined = await events.until((event) => event.type === 'clientConnected');
    assert.equal(joined.type === 'clientConnected' && joined.client.commonName, 'esp32-device-001');
    assert.equal(broker.clients()[0]?.username, 'esp32-device-001', 'the certificate says who it is, not the client');
    assert.equal(broker.clients()[0]?.tlsVersion, 'TLSv1.3');
    assert.equal(broker.clients()[0]?.remoteAddress, '127.0.0.1');
    await client.publishAsync('home/temperature', '21.5', { qos: 1 });
    const published = await events.until((event) => event.type === 'published');
    assert.deepEqual(
      { ...published, timeMs: 0 },
      { type: 'published', timeMs: 0, clientId: 'board-1', topic: 'home/temperature', bytes: 4, qos: 1, retain: false },
    );
    await client.endAsync();
    await events.until((event) => event.type === 'clientDisconnected');
    assert.deepEqual(broker.clients(), []);
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`says that a client showed no certificate (${version})`, async (t) => {
      const { broker, events } = await start(t);
      const { refusal: why } = await refusal(broker, events, {
        ca: good.ca.pem,
        minVersion: version,
        maxVersion: version,
      });
      assert.equal(why.code, 'client-certificate-missing');
      assert.equal(why.refusedBy, 'broker');
      assert.match(why.deviceCode ?? '', /-0x7780/);
    });

    it(`says that a client certificate comes from another CA (${version})`, async (t) => {
      const { broker, events } = await start(t);
      const failed = await refusal(broker, events, {
        ca: good.ca.pem,
        cert: other.device.pem,
        key: other.device.keyPem,
        minVersion: version,
        maxVersion: version,
      });
      assert.equal(failed.refusal.code, 'client-certificate-refused');
      assert.match(failed.refusal.reason, /not signed by this broker’s CA/);
      assert.equal(failed.remoteAddress, '127.0.0.1');
    });
  }

  it('lets clients in without a certificate when it asks for none', async (t) => {
    const { broker, events } = await start(t, { requireClientCertificate: false });
    const client = await mqtt.connectAsync(`mqtts://localhost:${broker.port}`, {
      ca: good.ca.pem,
      reconnectPeriod: 0,
    });
    const joined = await events.until((event) => event.type === 'clientConnected');
    assert.equal(joined.type === 'clientConnected' && joined.client.commonName, null);
    await client.endAsync();
  });

  it('says that something spoke no TLS', async (t) => {
    const { broker, events } = await start(t);
    const socket = connectTcp(broker.port, '127.0.0.1', () =>
      socket.write(Buffer.from('100c00044d5154540402003c0000', 'hex')),
    );
    socket.on('error', () => undefined);
    socket.resume();
    const failed = await events.until((event): event is Failed => event.type === 'handshakeFailed');
    assert.equal(failed.refusal.code, 'not-tls');
    socket.destroy();
  });

  it('tells a port check from a failed handshake', async (t) => {
    const { broker, events } = await start(t);
    connectTcp(broker.port, '127.0.0.1').end().resume();
    const failed = await events.until((event): event is Failed => event.type === 'handshakeFailed');
    assert.equal(failed.refusal.code, 'no-hello');
  });

  it('refuses a wrong password with a reason on both ends', async (t) => {
    const { broker, events } = await start(t, {
      requireClientCertificate: false,
      users: new Map([['board', 'correct']]),
    });
    const connect = (password: string) =>
      mqtt.connectAsync(`mqtts://localhost:${broker.port}`, {
        ca: good.ca.pem,
        username: 'board',
        password,
        reconnectPeriod: 0,
      });
    await assert.rejects(connect('wrong'), /Bad username or password/);
    const refused = await events.until((event) => event.type === 'clientRefused');
    assert.equal(refused.type === 'clientRefused' && refused.reason, 'Wrong user name or password.');
    const client = await connect('correct');
    await events.until((event) => event.type === 'clientConnected'); // its CONNACK is sent before
    assert.equal(broker.clients()[0]?.username, 'board');
    await client.endAsync();
  });

  it('tells an MQTT 5 client that it speaks 3.1.1', async (t) => {
    const { broker, events } = await start(t, { requireClientCertificate: false });
    await assert.rejects(
      mqtt.connectAsync(`mqtts://localhost:${broker.port}`, {
        ca: good.ca.pem,
        protocolVersion: 5,
        reconnectPeriod: 0,
      }),
    );
    const refused = await events.until((event) => event.type === 'clientRefused');
    assert.match(refused.type === 'clientRefused' ? refused.reason : '', /MQTT 3\.1\.1/);
  });

  it('refuses MQTT 5 in its own format: reason code 0x84 and a sentence, then it closes', async (t) => {
    const { broker } = await start(t, { requireClientCertificate: false });
    const socket = connectTls({ port: broker.port, host: '127.0.0.1', servername: 'localhost', ca: good.ca.pem });
    // CONNECT: "MQTT", version 5, clean start, keep alive 60 s, no properties, client id "b"
    socket.write(Buffer.from('100e00044d515454050200' + '3c00000162', 'hex'));
    const answer = Buffer.concat(await socket.toArray());
    assert.deepEqual([...answer.subarray(0, 4)], [0x20, answer.length - 2, 0, 0x84]);
    assert.deepEqual([...answer.subarray(4, 8)], [answer.length - 5, 0x1f, 0, answer.length - 8]);
    assert.equal(answer.subarray(8).toString(), 'This broker speaks MQTT 3.1.1, not MQTT 5.');
  });

  it('is understood by mosquitto_sub with MQTT 5', { skip: !findTool('mosquitto_sub') }, async (t) => {
    const { broker } = await start(t, { requireClientCertificate: false });
    const folder = temporaryFolder('local-broker');
    await writeFile(join(folder, 'ca.crt'), good.ca.pem);
    const args = ['-h', 'localhost', '-p', String(broker.port), '--cafile', join(folder, 'ca.crt'), '-t', 'a'];
    const child = spawn('mosquitto_sub', [...args, '-V', 'mqttv5'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const said = Buffer.concat(await child.stderr.toArray()).toString();
    assert.match(said, /Unsupported Protocol version/i);
  });

  it('says that the port for WebSocket is taken, and frees the other', async (t) => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    t.after(() => taken.close());
    const { port: webSocketPort } = taken.address() as AddressInfo;
    const port = await freePort();
    await assert.rejects(
      start(t, { port, webSocketPort }),
      userError('broker-port-busy', new RegExp(`${webSocketPort}`)),
    );
    const { broker } = await start(t, { port });
    assert.equal(broker.port, port);
  });

  it('speaks MQTT over WebSocket with the same certificates', async (t) => {
    const { broker, events } = await start(t, { webSocketPort: 0 });
    const client = await mqtt.connectAsync(`wss://localhost:${broker.webSocketPort}/mqtt`, {
      ca: good.ca.pem,
      cert: good.device.pem,
      key: good.device.keyPem,
      reconnectPeriod: 0,
    });
    const joined = await events.until((event) => event.type === 'clientConnected');
    assert.ok(joined.type === 'clientConnected');
    assert.deepEqual([joined.client.transport, joined.client.commonName], ['websocket', 'esp32-device-001']);
    await client.endAsync();
  });

  it('refuses a revoked certificate, also one that is revoked while it runs', async (t) => {
    const pair = { ca: good.ca.pem, cert: good.device.pem, key: good.device.keyPem };
    const revoked = await revocationList(good.ca, [good.device]);
    const strict = await start(t, { crl: revoked });
    const failed = await refusal(strict.broker, strict.events, pair);
    assert.match(failed.refusal.reason, /it has been revoked \(CERT_REVOKED\)/);
    const { broker, events } = await start(t, { crl: await revocationList(good.ca, []) });
    const url = `mqtts://localhost:${broker.port}`;
    const client = await mqtt.connectAsync(url, { ...pair, reconnectPeriod: 0 });
    await client.endAsync();
    broker.useRevocationList(revoked);
    await handshake(broker, pair);
    await events.until((event) => event.type === 'handshakeFailed' && /revoked/.test(event.refusal.reason));
  });

  it('loses no message and keeps their order, whatever is retained and of whatever QoS', async (t) => {
    const { broker } = await start(t, { requireClientCertificate: false });
    const connect = () =>
      mqtt.connectAsync(`mqtts://localhost:${broker.port}`, { ca: good.ca.pem, reconnectPeriod: 0 });
    const [listener, board] = [await connect(), await connect()];
    const received = new EventLog<string>();
    listener.on('message', (topic, payload) => received.add(`${topic} ${payload}`));
    await listener.subscribeAsync(['board/#', 'board/+']); // overlapping: each message comes once all the same
    const sent: string[] = [];
    for (let i = 0; i < 300; i++) {
      const [retain, qos] = [i % 3 === 0, ([0, 1, 0, 2] as const)[i % 4] ?? 0];
      sent.push(`board/${i % 4} ${i}`);
      board.publish(`board/${i % 4}`, String(i), { retain, qos }); // all in one go, as a board does after connecting
    }
    const last = sent.slice(-4);
    for (const text of last) await received.until((line) => line === text);
    assert.deepEqual([...received.all].sort(), [...sent].sort());
    for (const topic of ['board/0', 'board/1', 'board/2', 'board/3']) {
      const of = (lines: readonly string[]) => lines.filter((line) => line.startsWith(topic));
      assert.deepEqual(of(received.all), of(sent), topic);
    }
    await Promise.all([listener.endAsync(true), board.endAsync(true)]);
  });

  it('says what to do when its port is taken', async (t) => {
    const { broker } = await start(t);
    await assert.rejects(
      start(t, { port: broker.port }),
      (error) => error instanceof UserError && error.code === 'broker-port-busy' && /another port/.test(error.message),
    );
  });

  it('refuses a key that is not the certificate’s before it listens', async (t) => {
    await assert.rejects(
      start(t, { key: other.broker.keyPem }),
      (error) =>
        error instanceof UserError && error.code === 'broker-certificate' && /belong together/.test(error.message),
    );
  });

  it('frees its port when it stops, with clients connected', async (t) => {
    const { broker } = await start(t);
    const client = await mqtt.connectAsync(`mqtts://localhost:${broker.port}`, {
      ca: good.ca.pem,
      cert: good.device.pem,
      key: good.device.keyPem,
      reconnectPeriod: 0,
    });
    client.on('error', () => undefined);
    await broker.stop();
    const again = await start(t, { port: broker.port });
    assert.equal(again.broker.port, broker.port);
    client.end(true);
  });
});
