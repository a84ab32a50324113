// What a screen reader makes of the explorer, by the tree that Chromium gives it; and whether all text can be read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { until as poll } from '../support/until';
import { spoken } from './accessibilityTree';
import { launchChromium, noChromium } from './chromium';
import { FakeHost, idleSnapshot } from './fakeHost';
import { openPane, type Pane } from './pane';
import { buildPane, type PaneBundle } from './paneBundle';
import { lowContrast } from './textContrast';
import type { Theme } from './themes';

let browser: Browser;
let bundle: PaneBundle;
before(async () => {
  if (noChromium) return;
  [browser, bundle] = await Promise.all([launchChromium(), buildPane()]);
});
after(() => browser?.close());
const options = { skip: noChromium };
const DEADLINE_MS = 15_000;

async function inPane(host: FakeHost, run: (pane: Pane) => Promise<void>, theme: Theme = 'dark'): Promise<void> {
  const pane = await openPane(browser, bundle, host.handlers, { theme });
  pane.page.setDefaultTimeout(DEADLINE_MS);
  try {
    await run(pane);
  } finally {
    await pane.page.close();
  }
}

const of = async (page: Page, role: string) => (await spoken(page)).filter((node) => node.role === role);
const heard = (page: Page, role: string, words: RegExp) =>
  poll(
    async () => (await of(page, role)).some(({ text }) => words.test(text)),
    `no ${role} says ${words}`,
    DEADLINE_MS,
  );

const failed = { type: 'failed', address: 'mqtts://x:1', code: 'x', retrying: false } as const;

test(
  'a topic is told with its level, whether it is open, its value, retained or not, and its count',
  options,
  async () => {
    await inPane(new FakeHost(), async ({ page }) => {
      await page.getByText('telemetry', { exact: true }).waitFor();
      const rows = (await of(page, 'row')).map(({ name, states: { level, expanded } }) => ({ name, level, expanded }));
      const row = (words: RegExp) => rows.find(({ name }) => words.test(name));
      assert.equal(rows[0]?.name, 'Topic Value Messages Per s Time');
      assert.deepEqual(row(/^\$SYS/), { name: '$SYS 12 topics 1', level: 1, expanded: false });
      assert.deepEqual(row(/^kitchen/), { name: 'kitchen-sensor 412', level: 2, expanded: true });
      assert.deepEqual(row(/^status/), { name: 'status retained online 549 12:00:05', level: 3, expanded: undefined });
      assert.deepEqual(row(/^commands/)?.name, 'commands (empty) 823 12:00:07');
      assert.ok(row(/^\(empty level\)/), 'a topic level of no characters has words too');
      assert.ok(row(/^invoiceU\+202Efdp\.exe/), 'what cannot be seen is spoken');
    });
  },
);

test('topics are told in their order, also after scrolling up', options, async () => {
  const host = new FakeHost();
  const [first] = host.rows;
  assert.ok(first);
  host.rows = Array.from({ length: 1_000 }, (_, i) => ({ ...first, id: i + 1, label: `topic-${i}` }));
  await inPane(host, async ({ page }) => {
    const numbers = async () =>
      (await of(page, 'row')).flatMap(({ name }) => /^topic-(\d+)/.exec(name)?.slice(1).map(Number) ?? []);
    await page.getByText('topic-0', { exact: true }).waitFor();
    await page.getByRole('treegrid').focus();
    for (const [key, topic] of [
      ['End', 999],
      ['PageUp', 970],
      ['PageUp', 950],
      ['Home', 0],
      ['PageDown', 20],
    ] as const) {
      await page.keyboard.press(key);
      await poll(async () => (await numbers()).includes(topic), `${key} does not lead to ${topic}`, DEADLINE_MS);
      const told = await numbers();
      assert.deepEqual(
        told,
        [...told].sort((a, b) => a - b),
        `after ${key}`,
      );
    }
  });
});

test('connecting, failing and coming back are announced', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page, rpc }) => {
    await heard(page, 'status', /^Connected mqtts:/);
    const region = (await of(page, 'status')).find(({ text }) => /^Connected/.test(text));
    assert.equal(region?.states['live'], 'polite');
    rpc.tell({ type: 'state', state: { ...failed, reason: 'The broker went away.', retrying: true } });
    await heard(page, 'status', /^Reconnecting/);
    await heard(page, 'alert', /^The broker went away\./);
    rpc.tell({ type: 'state', state: { type: 'idle' } });
    await heard(page, 'status', /^Not connected/);
  });
});

test('everything that can be operated has a name, on every tab and in the form', options, async () => {
  const operable = /^(button|textbox|combobox|checkbox|radio|tab|option|listbox|treegrid|link|slider|spinbutton)$/;
  const nameless = async (page: Page) =>
    (await spoken(page)).filter(({ role, name }) => operable.test(role) && name.trim() === '').map(({ role }) => role);
  await inPane(new FakeHost(), async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    for (const tab of ['Messages', 'Chart', 'Publish', 'TLS', 'Packets']) {
      await page.getByRole('tab', { name: tab }).click();
      assert.deepEqual(await nameless(page), [], tab);
    }
    await page.getByRole('tab', { name: 'Publish' }).click();
    const names = (await spoken(page)).map(({ role, name }) => `${role} ${name}`);
    for (const control of ['textbox Topic', 'textbox Payload', 'checkbox Retain', 'button Publish'])
      assert.ok(names.includes(control), `${control} is not among ${names.join(', ')}`);
  });
  await inPane(new FakeHost(idleSnapshot()), async ({ page }) => {
    await page.getByText('Session and Last Will').click();
    assert.deepEqual(await nameless(page), []);
  });
});

test('the TLS test announces its steps and its end, and each cell of its table has its headers', options, async () => {
  await inPane(new FakeHost(idleSnapshot()), async ({ page, rpc }) => {
    const blank = { address: 'mqtts://localhost:8883', sections: [], boards: [] };
    rpc.tell({ type: 'report', report: { ...blank, step: 'TLS versions' } });
    await heard(page, 'status', /^Testing: TLS versions$/);
    const region = await page.locator('.report [role=status]').elementHandle();
    const board = {
      board: 'ESP-IDF 5.x',
      verdict: 'fails',
      code: '-0x2700',
      why: 'w',
      heap: 'h',
      change: 'c',
    } as const;
    const checks = [{ result: 'failed', label: 'Trust', detail: 'not trusted' }] as const;
    const sections = [{ title: 'Certificate', checks }];
    rpc.tell({ type: 'report', report: { ...blank, step: null, sections, boards: [board] } });
    await heard(page, 'status', /^TLS test done\. 1 check failed\. It works on 0 of 1 board\.$/);
    assert.ok(await region?.evaluate((element) => element.isConnected), 'the same region: a new one is not announced');
    const said = await spoken(page);
    const cells = (role: string) => said.filter((node) => node.role === role).map(({ name }) => name);
    assert.deepEqual(cells('rowheader'), ['ESP-IDF 5.x']);
    assert.deepEqual(cells('columnheader').slice(0, 3), ['Board', 'Verdict', 'Prints']);
    assert.ok(said.some(({ role, name }) => role === 'table' && name === 'Will it work on my board?'));
    assert.ok(said.some(({ role, text }) => role === 'listitem' && /^failed: Trust not trusted/.test(text)));
  });
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`all text stands out from what is behind it (${theme})`, options, async () => {
    const host = new FakeHost();
    host.totalBytes = 10_000_000; // a cut view says so
    await inPane(
      host,
      async ({ page }) => {
        await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
        for (const tab of ['Messages', 'Publish', 'TLS', 'Packets']) {
          await page.getByRole('tab', { name: tab }).click();
          assert.deepEqual(await lowContrast(page, 4.5), [], tab);
        }
      },
      theme,
    );
    await inPane(
      new FakeHost(idleSnapshot()),
      async ({ page }) => assert.deepEqual(await lowContrast(page, 4.5), []),
      theme,
    );
  });
}
