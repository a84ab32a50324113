// Receiving: our session with the topic store against the bare `mqtt` client, from the same flood of messages over 1,000 and
// 100,000 topics.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import mqtt from 'mqtt';
import type { PublishFrame } from '../../src/core/mqtt/publishTap';
import { TopicStore } from '../../src/core/mqtt/topicStore';
import { MqttSession, type SessionState } from '../../src/io/mqtt/mqttSession';
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
  socket.setNoDelay(true);
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
    const onFrame = (frame: PublishFrame): void => {
      if (received++ === 0) start = performance.now();
      store.recordFrame(frame, Date.now());
      if (received === MESSAGES) resolve(MESSAGES / (performance.now() - start));
    };
    const onState = ({ type }: SessionState): void => void (type === 'connected' && session?.subscribe('#', 0));
    session = new MqttSession({ protocol: 'mqtt', host: '127.0.0.1', port }, { onMessage: () => {}, onFrame, onState });
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
    report(
      `session and topic store, as a multiple of the bare mqtt client’s rate, ${topics} topics`,
      ratio,
      '0.80 or more',
    );
    await worker.terminate();
  }
}

void receiving();
