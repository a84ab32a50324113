// The pane under load: frames while 20,000 messages a second arrive, and the first paint of a tree of 100,000 topics.
// The host's part (store, rows, updates) runs here in Node as in the extension; the pane is a real one in Chromium.
import type { Page } from 'playwright-core';
import { ExplorerController } from '../../src/host/explorer/explorerController';
import { TopicFeed } from '../../src/host/explorer/topicFeed';
import type { ExplorerEvent } from '../../src/protocol/explorerModel';
import { idleWindow } from '../support/idleWindow';
import { launchChromium } from '../webview/chromium';
import { openPane } from '../webview/pane';
import { buildPane } from '../webview/paneBundle';

const PER_SECOND = 20_000;
const TOPICS = 100_000;
const SECONDS = 5;
const payload = new TextEncoder().encode('{"temperature":21.5,"humidity":48.2,"uptime":4711}');
const topicOf = (i: number): string => `site/${i % 10}/room/${i % 1_000}/device-${i % TOPICS}/telemetry`;

/** Milliseconds between frames over `seconds`, sorted. */
function frames(page: Page, seconds: number): Promise<number[]> {
  // As text: tsx would put helpers of its own into a function.
  return page.evaluate(`new Promise((resolve) => {
    const times = [];
    const end = performance.now() + ${seconds * 1_000};
    requestAnimationFrame(function tick(now) {
      times.push(now);
      if (now < end) requestAnimationFrame(tick);
      else resolve(times.slice(1).map((time, i) => time - times[i]).sort((a, b) => a - b));
    });
  })`);
}

const p95 = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length * 0.95)] ?? 0;

/** 10 MB of JSON arrive and are opened: how long nothing else is drawn, and when the text is there. */
async function openLargePayload(page: Page, controller: ExplorerController): Promise<void> {
  const entry = '{"name":"a topic of the site","values":[1,2,3,4.25],"text":"\\u00e4 \\"quoted\\""},';
  const text = `[${entry.repeat(Math.ceil(10e6 / entry.length))}0]`;
  const large = new TextEncoder().encode(text);
  controller.receive({ topic: 'a-large-one', payload: large, qos: 0, retain: false, duplicate: false });
  const row = page.locator('.tree-rows .row', { hasText: 'a-large-one' }).first();
  await row.waitFor();
  const drawn = frames(page, 3);
  const clickedMs = performance.now();
  await row.click();
  await page.getByText('a topic of the site').first().waitFor();
  const shownMs = performance.now() - clickedMs;
  const longest = (await drawn).at(-1) ?? 0;
  console.log(
    `a payload of ${(large.length / 1e6).toFixed(1)} MB: shown after ${Math.round(shownMs)} ms, longest time without a frame ${Math.round(longest)} ms`,
  );
}

async function main(): Promise<void> {
  const bundle = await buildPane();
  const browser = await launchChromium();
  const feed = new TopicFeed();
  let tell: (event: ExplorerEvent) => void = () => {};
  const controller = new ExplorerController(idleWindow, feed, (event) => tell(event));
  const message = { payload, qos: 0 as const, retain: false, duplicate: false };
  for (let i = 0; i < TOPICS; i++) feed.add({ topic: topicOf(i), ...message }, Date.now());
  feed.expandAll(true);
  const listedMs = performance.now();
  feed.rows(0, 50, Date.now());
  console.log(`listing ${TOPICS} open topics: ${Math.round(performance.now() - listedMs)} ms`);
  feed.expandAll(true);
  const emptyMs = performance.now();
  await (await openPane(browser, bundle, controller.handlers)).page.close();
  const startedMs = performance.now();
  const pane = await openPane(browser, bundle, controller.handlers);
  tell = (event) => pane.rpc.tell(event);
  await pane.page.evaluate(() => document.querySelector<HTMLElement>('.explorer')?.removeAttribute('hidden'));
  await pane.page.locator('.tree-rows .row').first().waitFor();
  console.log(
    `first paint of ${TOPICS} topics: ${Math.round(performance.now() - startedMs)} ms with opening the page, ${Math.round(startedMs - emptyMs)} ms of it without a tree`,
  );
  const idle = p95(await frames(pane.page, 2));
  let sent = 0;
  const loadStartedMs = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - loadStartedMs) / 1_000) * PER_SECOND);
    for (; sent < due; sent++) controller.receive({ topic: topicOf(sent * 7), ...message });
  }, 5);
  const loaded = p95(await frames(pane.page, SECONDS));
  clearInterval(timer);
  const rate = sent / ((performance.now() - loadStartedMs) / 1_000);
  console.log(
    `frames, 95th percentile: ${loaded.toFixed(1)} ms at ${Math.round(rate)} messages/s, ${idle.toFixed(1)} ms idle`,
  );
  console.log(`ratio loaded / idle: ${(loaded / idle).toFixed(2)}; within 33 ms: ${loaded < 33 ? 'yes' : 'no'}`);
  console.log(`kept: ${Math.round(feed.stats(Date.now()).keptBytes / 1e6)} MB`);
  await openLargePayload(pane.page, controller);
  await browser.close();
  await controller.dispose();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
