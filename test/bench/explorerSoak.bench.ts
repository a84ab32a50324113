// The explorer's host part at 5,000 messages a second over TLS while mosquitto is killed and started again and again: it
// comes back, subscribes again, loses nothing while the connection stands, and needs no more memory at the end than when
// its rings were full. SECURE_IOT_SOAK_MINUTES (default 2), SECURE_IOT_SOAK_RESTART_SECONDS (default 30) and
// SECURE_IOT_SOAK_RATE (messages a second) say how long, how often and how much.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { newProfile } from '../../src/core/mqtt/connectionProfile';
import { ExplorerController } from '../../src/host/explorer/explorerController';
import { prepareConnection } from '../../src/host/explorer/prepareConnection';
import { TopicFeed } from '../../src/host/explorer/topicFeed';
import type { ExplorerEvent } from '../../src/protocol/explorerModel';
import { idleWindow } from '../support/idleWindow';
import { freePort, startMosquitto } from '../support/mosquitto';
import { goodSet } from '../support/testAuthority';

const minutes = Number(process.env['SECURE_IOT_SOAK_MINUTES'] ?? 2);
const restartSeconds = Number(process.env['SECURE_IOT_SOAK_RESTART_SECONDS'] ?? 30);
const perSecondSent = Number(process.env['SECURE_IOT_SOAK_RATE'] ?? 5_000);
const TOPICS = 200;
/** By then each topic's ring of 500 messages is full. */
const FULL_AFTER_MS = 45_000;
/** Of the heap and of the process, between full rings and the end. */
const MAX_GROWTH_MB = 16;

/** How long the broker may take to hand on what was published before a pause. */
const DRAIN_MS = 3_000;
/** After a restart. */
const SETTLE_MS = 8_000;

/** A board's part: publishes at the rate while it is connected, in a thread of its own. Told to pause, it says how many. */
const publisher = `
const { parentPort, workerData } = require('node:worker_threads');
const mqtt = require(workerData.mqtt);
const { port, ca, rate, topics } = workerData;
const client = mqtt.connect('mqtts://localhost:' + port, { ca, reconnectPeriod: 200 });
client.on('error', () => {});
let sent = 0;
let paused = false;
parentPort.on('message', (pause) => {
  paused = pause;
  if (paused) parentPort.postMessage(sent);
});
setInterval(() => {
  if (paused || !client.connected) return;
  for (let i = 0; i < rate / 50; i++, sent++)
    client.publish('site/' + (sent % 10) + '/device-' + (sent % topics) + '/telemetry', '{"temperature":21.5,"count":' + sent + '}');
}, 20);
`;

interface Memory {
  readonly heapMB: number;
  readonly residentMB: number;
}

function memory(): Memory {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapMB: (heapUsed + arrayBuffers) / 1e6, residentMB: rss / 1e6 };
}

async function main(): Promise<void> {
  const { ca, broker: identity } = await goodSet();
  const folder = await mkdtemp(join(tmpdir(), 'explorer-soak-'));
  const caFile = join(folder, 'ca.crt');
  await writeFile(caFile, ca.pem);
  const port = await freePort();
  const start = () =>
    startMosquitto({
      port,
      ca: ca.pem,
      certificate: identity.pem,
      key: identity.keyPem,
      extraLines: ['log_dest none'],
    });
  const counts = { connected: 0, failed: 0, subscribed: 0, updates: 0 };
  let backMs = 0;
  let downAtMs = 0;
  const tell = (event: ExplorerEvent): void => {
    counts.updates += 1;
    if (event.type === 'state' && event.state.type === 'failed') counts.failed += 1;
    if (event.type === 'state' && event.state.type === 'connected') {
      counts.connected += 1;
      if (downAtMs > 0) backMs = Math.max(backMs, performance.now() - downAtMs);
    }
    if (event.type === 'subscriptions' && event.subscriptions.some(({ state }) => state === 'active'))
      counts.subscribed += 1;
  };
  const none = { password: undefined, passphrase: undefined };
  const feed = new TopicFeed();
  const window = {
    ...idleWindow,
    prepare: (profile: Parameters<typeof prepareConnection>[0]) => prepareConnection(profile, none, undefined),
  };
  const controller = new ExplorerController(window, feed, tell);
  let broker = await start();
  const worker = new Worker(publisher, {
    eval: true,
    workerData: { mqtt: require.resolve('mqtt'), port, ca: ca.pem, rate: perSecondSent, topics: TOPICS },
  });
  const profile = newProfile({ id: 'soak', host: 'localhost', port, trust: { type: 'file', path: caFile } });
  await controller.handlers.connect({ type: 'connect', profile, password: null, passphrase: null });
  controller.handlers.showRows({ type: 'showRows', start: 0, count: 60 });
  const received = (): number => feed.stats(Date.now()).messages;
  /** What was sent and received up to now, when nothing more is on its way: `wanted` says when that is. */
  const tally = async (wanted: (sent: number) => number) => {
    worker.postMessage(true);
    const [sent] = (await once(worker, 'message')) as [number];
    for (let waited = 0; waited < DRAIN_MS && received() < wanted(sent); waited += 100) await sleep(100);
    const counted = { sent, received: received() };
    worker.postMessage(false);
    return counted;
  };
  const beganMs = performance.now();
  let restarts = 0;
  let sentInPeace = 0;
  let lostInPeace = 0;
  /** Both ends are connected and subscribed by then. */
  let settled: Awaited<ReturnType<typeof tally>> | undefined;
  let settleAtMs = SETTLE_MS;
  let full: Memory | undefined;
  try {
    for (let nextMs = restartSeconds * 1_000; performance.now() - beganMs < minutes * 60_000; ) {
      await sleep(1_000);
      const passedMs = performance.now() - beganMs;
      if (!full && passedMs > FULL_AFTER_MS) full = memory();
      if (!settled && passedMs > settleAtMs) settled = await tally(() => Number.POSITIVE_INFINITY);
      if (passedMs < nextMs) continue;
      if (settled) {
        const from = settled;
        const to = await tally((sent) => from.received + sent - from.sent);
        sentInPeace += to.sent - from.sent;
        lostInPeace += to.sent - from.sent - (to.received - from.received);
        await sleep(1_000); // the broker goes while messages are on their way
      }
      settled = undefined;
      settleAtMs = nextMs + SETTLE_MS;
      nextMs += restartSeconds * 1_000;
      downAtMs = performance.now();
      await broker.stop();
      broker = await start();
      restarts += 1;
    }
    await sleep(5_000); // the last one is back
    const end = memory();
    const { messages, topics, perSecond, keptBytes } = feed.stats(Date.now());
    const before = full ?? end;
    const seconds = (performance.now() - beganMs) / 1_000;
    console.log(
      `${minutes} min: ${messages} messages of ${topics} topics, ${Math.round(messages / seconds)}/s with the pauses, ${Math.round(perSecond)}/s at the end; ${counts.updates} updates told`,
    );
    console.log(
      `${restarts} restarts: ${counts.connected - 1} reconnects, back within ${(backMs / 1_000).toFixed(1)} s; subscribed ${counts.subscribed} times`,
    );
    console.log(
      `${sentInPeace} messages sent while the connection stood, ${lostInPeace} of them lost; ${Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1e4 / seconds)} % of a core, the publisher's part included`,
    );
    console.log(
      `memory with full rings and at the end: heap ${before.heapMB.toFixed(0)} and ${end.heapMB.toFixed(0)} MB, resident ${before.residentMB.toFixed(0)} and ${end.residentMB.toFixed(0)} MB; ${Math.round(keptBytes / 1e6)} MB of messages kept`,
    );
    assert.equal(counts.connected, restarts + 1, 'it did not come back after each restart, and only then');
    assert.ok(counts.subscribed >= restarts + 1, 'it did not subscribe again each time');
    assert.equal(lostInPeace, 0, 'messages were lost while the connection stood');
    assert.ok(end.heapMB - before.heapMB < MAX_GROWTH_MB, 'the heap grows');
  } finally {
    await controller.dispose();
    await worker.terminate();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
