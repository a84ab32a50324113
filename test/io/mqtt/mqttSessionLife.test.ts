// What becomes of a session's promises over its life: when it is ended, cut, refused, or comes back.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Packet, parser } from 'mqtt-packet';
import { MqttSession, type SessionOptions, type SessionState } from '../../../src/io/mqtt/mqttSession';
import { EventLog } from '../../support/eventLog';
import { freePort, type Mosquitto, startMosquitto } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';
import { until } from '../../support/until';

type Of<Type extends SessionState['type']> = Extract<SessionState, { type: Type }>;
const is =
  <Type extends SessionState['type']>(type: Type) =>
  (state: SessionState): state is Of<Type> =>
    state.type === type;

function open(t: TestContext, options: Partial<SessionOptions> & { readonly port: number }) {
  const states = new EventLog<SessionState>();
  const messages = new EventLog<string>();
  const session = new MqttSession(
    { protocol: 'mqtt', host: '127.0.0.1', timeoutMs: 3_000, backOff: { firstMs: 20, maxMs: 100 }, ...options },
    { onState: states.add, onMessage: ({ topic, payload }) => messages.add(`${topic} ${Buffer.from(payload)}`) },
  );
  t.after(() => session.disconnect());
  session.connect();
  return { session, states, messages };
}

async function mosquitto(t: TestContext, port?: number, extraLines: readonly string[] = []): Promise<Mosquitto> {
  const broker = await startMosquitto({ extraLines, ...(port === undefined ? {} : { port }) });
  t.after(() => broker.stop());
  return broker;
}

const CONNACK = Buffer.from([0x20, 2, 0, 0]);

/** A broker that does what `onPacket` does with each packet, and says hello by itself unless `mute`. */
async function scripted(t: TestContext, onPacket: (packet: Packet, socket: Socket) => void, mute = false) {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const packets = parser();
    packets.on('error', () => undefined); // a TLS handshake
    packets.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect' && !mute) socket.write(CONNACK);
      onPacket(packet, socket);
    });
    socket.on('data', (chunk) => packets.parse(chunk));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

describe('the end of an MQTT session', () => {
  it('does not wait for a broker that will not let go, and leaves no connection open', async (t) => {
    const { port, sockets } = await scripted(t, ({ cmd }, socket) => cmd === 'connect' && socket.pause());
    const { session, states } = open(t, { port });
    await states.until(is('connected'));
    const pending = session.publish('a', 'never acknowledged', { qos: 1 });
    const refused = assert.rejects(pending, { code: 'publish-failed' });
    const ended = new Promise((resolve) => sockets[0]?.on('close', resolve));
    await Promise.race([session.disconnect(), delay(4_000).then(() => assert.fail('waited for the broker'))]);
    assert.equal(session.state.type, 'idle');
    sockets[0]?.resume();
    const asking = setInterval(() => sockets[0]?.write('anybody there?'), 10); // nobody: the system resets it
    t.after(() => clearInterval(asking));
    await Promise.all([ended, refused]);
  });

  it('hangs up at once on a broker that has not answered CONNECT, and does not come back', async (t) => {
    const { port, sockets } = await scripted(t, () => undefined, true);
    const { session, states } = open(t, { port, timeoutMs: 60_000 });
    await until(() => (sockets[0]?.bytesRead ?? 0) > 0, 'no CONNECT');
    const gone = once(sockets[0] as Socket, 'end');
    await Promise.all([session.disconnect(), gone]);
    await delay(200);
    assert.deepEqual([sockets.length, session.state.type], [1, 'idle']);
    assert.ok(!states.all.some(is('failed')), 'what the person ended is no failure');
  });

  it('breaks off a TLS handshake that hangs, and says nothing more', async (t) => {
    const { port, sockets } = await scripted(t, () => undefined, true);
    const { session, states } = open(t, { port, protocol: 'mqtts', timeoutMs: 60_000 });
    await until(() => (sockets[0]?.bytesRead ?? 0) > 0, 'no ClientHello');
    const gone = new Promise((resolve) => sockets[0]?.on('close', resolve));
    sockets[0]?.on('end', () => sockets[0]?.destroy());
    await Promise.all([session.disconnect(), gone]);
    await delay(50);
    assert.deepEqual(
      states.all.map(({ type }) => type),
      ['connecting', 'idle'],
    );
  });

  it('does not come back after it was ended while it waited to', async (t) => {
    const { session, states } = open(t, { port: await freePort(), backOff: { firstMs: 60, maxMs: 60 } });
    await states.until(is('failed'));
    await session.disconnect();
    const seen = states.all.length;
    await delay(200);
    assert.equal(states.all.length, seen);
  });
});

describe('connecting an MQTT session', () => {
  it('again while it connects or is connected changes nothing', async (t) => {
    const { port, sockets } = await scripted(t, () => undefined);
    const { session, states } = open(t, { port });
    session.connect();
    await states.until(is('connected'));
    session.connect();
    await delay(50);
    assert.deepEqual(
      [sockets.length, states.all.map(({ type }) => type)],
      [1, ['connecting', 'connected']],
      'one connection, one of each state',
    );
  });

  it('again while it waits begins at once, and counts from the beginning', async (t) => {
    const { session, states } = open(t, { port: await freePort(), backOff: { firstMs: 1, maxMs: 60_000 } });
    const attempts = () => states.all.filter(is('connecting')).map(({ attempt }) => attempt);
    await states.until((state) => state.type === 'connecting' && state.attempt === 6);
    await states.until(() => session.state.type === 'failed');
    session.connect();
    assert.equal(attempts().at(-1), 1);
  });
});

describe('a publication', () => {
  it('that the access list refuses is an error in MQTT 5 (mosquitto)', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const acl = join(temporaryFolder('acl'), 'acl');
    await writeFile(acl, 'topic readwrite open/#\n', { mode: 0o600 });
    const { port } = await mosquitto(t, undefined, [`acl_file ${acl}`]);
    const { session, states } = open(t, { port, version: '5' });
    await states.until(is('connected'));
    await session.publish('open/a', 'x', { qos: 1 });
    for (const qos of [1, 2] as const)
      await assert.rejects(session.publish('shut', 'x', { qos }), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'publish-failed');
        assert.match(error.message, /"shut".*not authorized/i);
        return true;
      });
    await session.publish('open/b', 'still usable', { qos: 1 });
  });

  it('is retained only where that is asked for (mosquitto)', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const { port } = await mosquitto(t);
    const { session, states, messages } = open(t, { port });
    await states.until(is('connected'));
    await session.publish('a', 'live', { qos: 1 });
    await session.publish('b', 'kept', { qos: 1, retain: true });
    await session.subscribe('#', 1);
    await session.publish('end', '', { qos: 1 });
    await messages.until((line) => line === 'end ');
    assert.deepEqual(messages.all, ['b kept', 'end ']);
  });

  it('whose acknowledgement never came is an error, also where the session is kept', async (t) => {
    for (const cleanStart of [true, false]) {
      const { port } = await scripted(t, ({ cmd }, socket) => cmd === 'publish' && socket.destroy());
      const { session, states } = open(t, { port, cleanStart, clientId: 'a' });
      await states.until(is('connected'));
      await assert.rejects(session.publish('a', 'b', { qos: 1 }), { code: 'publish-failed' });
    }
  });

  it('goes out beside many others without a warning', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => warnings.push(message);
    process.on('warning', onWarning);
    t.after(() => process.off('warning', onWarning));
    const { session, states } = open(t, { port: (await mosquitto(t)).port });
    await states.until(is('connected'));
    await Promise.all(Array.from({ length: 50 }, (_, n) => session.publish(`a/${n}`, 'x', { qos: 2 })));
    assert.deepEqual(warnings, []);
  });
});

describe('the subscriptions of an MQTT session', () => {
  it('end when they are ended, and do not come back with the connection (mosquitto)', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const first = await mosquitto(t);
    const { session, states, messages } = open(t, { port: first.port });
    await states.until(is('connected'));
    for (const filter of ['kept', 'ended', 'all/#']) await session.subscribe(filter, 1);
    await session.unsubscribe('ended');
    const send = async (round: string) => {
      for (const topic of ['ended', 'all/x', 'kept']) await session.publish(topic, round, { qos: 1 });
      await messages.until((line) => line === `kept ${round}`);
    };
    await send('before');
    await first.stop();
    await states.until(is('failed'));
    await session.unsubscribe('all/#');
    const connections = states.all.filter(is('connected')).length;
    await mosquitto(t, first.port);
    await until(() => states.all.filter(is('connected')).length > connections, 'did not come back');
    await session.subscribe('later', 0);
    await send('after');
    assert.deepEqual(messages.all, ['all/x before', 'kept before', 'kept after']);
  });

  it('are kept by the broker for the session expiry, and what came meanwhile arrives (MQTT 5, mosquitto)', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const { port } = await mosquitto(t);
    const sender = open(t, { port });
    await sender.states.until(is('connected'));
    for (const [sessionExpiry, present] of [
      [60, true],
      [undefined, false],
    ] as const) {
      const options = { port, version: '5', clientId: 'pane', cleanStart: false } as const;
      const first = open(t, { ...options, ...(sessionExpiry && { sessionExpiry }) });
      assert.equal((await first.states.until(is('connected'))).sessionPresent, false);
      await first.session.subscribe('a', 1);
      await first.session.disconnect();
      await sender.session.publish('a', 'meanwhile', { qos: 1 });
      const again = open(t, options);
      assert.equal((await again.states.until(is('connected'))).sessionPresent, present);
      if (present) await again.messages.until((line) => line === 'a meanwhile');
      await again.session.disconnect();
    }
  });

  it('say which QoS the broker gave, and why it refused', async (t) => {
    const answers = [1, 0, 0x80];
    const { port } = await scripted(t, (packet, socket) => {
      if (packet.cmd !== 'subscribe') return;
      const id = packet.messageId ?? 0;
      socket.write(Buffer.from([0x90, 3, id >> 8, id & 255, answers.shift() ?? 0]));
    });
    const { session, states } = open(t, { port });
    await states.until(is('connected'));
    assert.deepEqual(await session.subscribe('a', 2), { type: 'active', qos: 1 });
    assert.deepEqual(await session.subscribe('b', 2), { type: 'active', qos: 0 });
    const refused = await session.subscribe('c', 2);
    assert.equal(refused.type, 'refused');
    assert.match(refused.type === 'refused' ? refused.reason : '', /access rules do not allow it/);
  });

  it('wait for a connection, and are made with it', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const port = await freePort();
    const { session, states, messages } = open(t, { port });
    await states.until(is('failed'));
    assert.deepEqual(await session.subscribe('a', 1), { type: 'pending' });
    await mosquitto(t, port);
    await states.until(is('connected'));
    await session.publish('a', 'x', { qos: 1 });
    await messages.until((line) => line === 'a x');
  });
});

describe('the pauses of an MQTT session', () => {
  /** Takes every connection, and drops it so long after the session has seen it. */
  async function droppedAfter(t: TestContext, livesMs: number, settledMs: number) {
    const { port, sockets } = await scripted(t, () => undefined);
    const { states } = open(t, { port, backOff: { firstMs: 10, maxMs: 100_000, settledMs } });
    const connected = () => states.all.filter(is('connected')).length;
    for (let lived = 0; lived < 4; lived++) {
      await states.until(() => connected() > lived);
      await delay(livesMs);
      sockets.at(-1)?.destroy();
    }
    const connecting = () => states.all.filter(is('connecting'));
    await states.until(() => connecting().length >= 5);
    return connecting()
      .map(({ attempt }) => attempt)
      .slice(0, 5);
  }

  it('grow while a broker takes each connection and drops it at once', async (t) => {
    assert.deepEqual(await droppedAfter(t, 0, 60_000), [1, 2, 3, 4, 5]);
  });

  it('begin anew after a connection that lasted', async (t) => {
    assert.deepEqual(await droppedAfter(t, 30, 5), [1, 1, 1, 1, 1]);
  });

  it('double from failure to failure, up to the longest', async (t) => {
    t.mock.method(Math, 'random', () => 0.5);
    t.mock.method(Date, 'now', () => 1_000_000);
    const { states } = open(t, { port: await freePort(), backOff: { firstMs: 20, maxMs: 150 } });
    const failed = () => states.all.filter(is('failed'));
    await states.until(() => failed().length >= 5);
    const pauses = failed().map(({ retryAtMs }) => (retryAtMs ?? 0) - 1_000_000);
    assert.deepEqual(pauses.slice(0, 5), [20, 40, 80, 150, 150]);
  });
});
