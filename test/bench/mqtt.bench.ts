// Receiving: our session with the topic store against the bare `mqtt` client, from the same flood of messages over 1,000 and
// 100,000 topics; and the TLS test against the bare handshakes that it is made of.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import mqtt from 'mqtt';
import { TopicStore } from '../../src/core/mqtt/topicStore';
import { startLocalBroker } from '../../src/io/localBroker';
import { MqttSession, type ReceivedMessage } from '../../src/io/mqttSession';
import { handshake } from '../../src/io/tlsHandshake';
import { probeTls } from '../../src/io/tlsProbe';
import { goodSet } from '../support/testAuthority';
import { paired, report } from './support/ratio';

const MESSAGES = 1_000_000;

/** A broker in a thread of its own that does one thing: after SUBSCRIBE it sends, as fast as the socket takes it. */
const flood = (topics: number): string => `
const { createServer } = require('node:net');
const { parentPort } = require('node:worker_threads');
const packets = [];
for (let i = 0; i < ${topics}; i++) {
  const topic = Buffer.from('site/' + (i % 100) + '/device-' + i + '/telemetry');
  const payload = Buffer.from('{"temperature":21.5,"humidity":48.2,"count":' + i + '}');
  const length = 2 + topic.length + payload.length;
  packets.push(Buffer.concat([Buffer.from([0x30, length, 0, topic.length]), topic, payload]));
}
const chunks = [];
for (let i = 0; i < packets.length; i += 500) chunks.push(Buffer.concat(packets.slice(i, i + 500)));
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (data[0] >> 4 === 1) socket.write(Buffer.from([0x20, 2, 0, 0]));
    if (data[0] >> 4 !== 8) return;
    socket.write(Buffer.from([0x90, 3, data[2], data[3], 0]));
    let sent = 0;
    const more = () => {
      while (sent < ${MESSAGES / 500}) {
        if (!socket.write(chunks[sent++ % chunks.length])) return socket.once('drain', more);
      }
    };
    more();
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

async function bareClient(port: number): Promise<number> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  let received = 0;
  let start = 0;
  const done = new Promise<number>((resolve) => {
    client.on('message', () => {
      if (received++ === 0) start = performance.now();
      if (received === MESSAGES) resolve(MESSAGES / (performance.now() - start));
    });
  });
  client.subscribe('#');
  const rate = await done;
  client.end(true);
  return rate;
}

async function sessionWithStore(port: number, topics: number): Promise<number> {
  const store = new TopicStore();
  let received = 0;
  let start = 0;
  let session: MqttSession | undefined;
  const rate = await new Promise<number>((resolve) => {
    const onMessage = (message: ReceivedMessage): void => {
      if (received++ === 0) start = performance.now();
      store.record(message.topic, message.payload, message, start);
      if (received === MESSAGES) resolve(MESSAGES / (performance.now() - start));
    };
    session = new MqttSession(
      { protocol: 'mqtt', host: '127.0.0.1', port },
      { onMessage, onState: ({ type }) => void (type === 'connected' && session?.subscribe('#', 0)) },
    );
    session.connect();
  });
  await session?.disconnect();
  if (store.stats(0).topics !== topics) throw new Error(`the store has ${store.stats(0).topics} topics`);
  return rate;
}

async function receiving(): Promise<void> {
  for (const topics of [1_000, 100_000]) {
    const worker = new Worker(flood(topics), { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    const ratio = await paired(
      5,
      () => sessionWithStore(port, topics),
      () => bareClient(port),
    );
    const what = `session and topic store, as a part of the bare mqtt client’s rate, ${topics} topics`;
    report(what, ratio, '0.80 or more');
    await worker.terminate();
  }
}

async function testing(): Promise<void> {
  const set = await goodSet();
  const broker = await startLocalBroker({
    ca: set.ca.pem,
    certificate: set.broker.pem,
    key: set.broker.keyPem,
    host: '127.0.0.1',
    port: 0,
    requireClientCertificate: false,
  });
  const endpoint = { host: '127.0.0.1', port: broker.port, tls: { ca: set.ca.pem, servername: 'localhost' } };
  const { signal } = new AbortController();
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const start = performance.now();
    await work();
    return performance.now() - start;
  };
  // What the test itself does: ten or so real handshakes and about thirty hellos, each of which is a handshake begun.
  const bare = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) {
      const version = i % 2 ? 'TLSv1.2' : 'TLSv1.3';
      await handshake(endpoint, { version, timeoutMs: 5_000, signal, clientId: `bench-${i}` });
    }
  };
  const ratio = await paired(
    5,
    () => timed(() => probeTls({ ...endpoint, nowMs: Date.now() })),
    () => timed(bare),
  );
  report('TLS test, as a multiple of 40 bare handshakes one after the other', ratio, '2 or less');
  await broker.stop();
}

void receiving().then(testing);
