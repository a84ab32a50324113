import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { UserError } from '../../src/core/errors';
import { BROKER_PRESETS } from '../../src/protocol/brokerPresets';
import { until as poll } from '../support/until';
import { launchChromium, noChromium } from './chromium';
import { FakeHost, idleSnapshot, NOON } from './fakeHost';
import { openPane, type Pane } from './pane';
import { buildPane, type PaneBundle } from './paneBundle';

let browser: Browser;
let bundle: PaneBundle;
const DEADLINE_MS = 15_000;

before(async () => {
  if (noChromium) return;
  [browser, bundle] = await Promise.all([launchChromium(), buildPane()]);
});
after(() => browser?.close());

async function inPane(host: FakeHost, run: (pane: Pane) => Promise<void>, width = 1200): Promise<void> {
  const pane = await openPane(browser, bundle, host.handlers, { width });
  pane.page.setDefaultTimeout(DEADLINE_MS);
  try {
    await run(pane);
    assert.deepEqual(pane.complaints, []);
  } finally {
    await pane.page.close();
  }
}

const until = (what: string, condition: () => boolean | Promise<boolean>) =>
  poll(condition, `timed out: ${what}`, DEADLINE_MS);

const options = { skip: noChromium };

test('the form offers the workspace broker and Connect sends it', options, async () => {
  const host = new FakeHost(idleSnapshot());
  await inPane(host, async ({ page }) => {
    await page.getByText('Connect', { exact: true }).click();
    await until('connect is asked', () => host.asked.length > 0);
    const [request] = host.asked;
    assert.equal(request?.type, 'connect');
    assert.equal(request.profile.host, 'localhost');
    assert.deepEqual(request.profile.identity, { type: 'device', name: 'kitchen-sensor' });
    assert.deepEqual(request.profile.trust, { type: 'workspace' });
    assert.deepEqual([request.password, request.passphrase], [null, null]);
  });
});

test('a typed password goes to the host once and does not stay in the page', options, async () => {
  const host = new FakeHost(idleSnapshot());
  await inPane(host, async ({ page }) => {
    await page.getByRole('textbox', { name: 'User name' }).fill('ada');
    await page.locator('input[type=password]').first().fill('correct horse');
    await page.getByText('Connect', { exact: true }).click();
    await until('connect is asked', () => host.asked.length > 0);
    const [request] = host.asked;
    assert.equal(request?.type === 'connect' && request.password, 'correct horse');
    await until(
      'the field is empty',
      async () => (await page.locator('input[type=password]').first().inputValue()) === '',
    );
    assert.ok(!(await page.content()).includes('correct horse'));
  });
});

test(
  'a stored password is forgotten on request, with the connection it belongs to, and not before',
  options,
  async () => {
    const snapshot = idleSnapshot();
    const withPassword = snapshot.choices.profiles.slice(0, 1).map(({ id }) => id);
    const host = new FakeHost({ ...snapshot, choices: { ...snapshot.choices, withPassword } });
    await inPane(host, async ({ page }) => {
      const forget = page.getByRole('button', { name: 'Forget the stored password' });
      const field = page.getByRole('textbox', { name: 'Password', exact: true });
      const says = (words: string) => page.getByPlaceholder(words, { exact: true }).last().waitFor();
      const saved = async (count: number) => {
        await page.getByText('Save', { exact: true }).click();
        await until('save is asked', () => host.asked.length === count);
        await page.evaluate(() => new Promise((done) => setTimeout(done, 100))); // the answer empties the field
        const request = host.asked[count - 1];
        return request?.type === 'saveProfile' ? [request.password, request.passphrase] : [];
      };
      await says('stored; type to replace');
      assert.equal(await page.getByRole('button', { name: 'Forget the stored key passphrase' }).count(), 0);
      assert.deepEqual(await saved(1), [null, null], 'kept');
      await forget.click();
      await says('forgotten with Save or Connect');
      await page.getByRole('button', { name: 'Keep the stored password' }).click();
      assert.deepEqual(await saved(2), [null, null], 'thought better of it');
      await forget.click();
      await field.fill('a new one');
      assert.deepEqual(await saved(3), ['a new one', null], 'typed instead');
      await forget.click();
      assert.deepEqual(await saved(4), ['', null], 'forgotten');
    });
  },
);

test('a form with a gap says what is missing and asks nothing', options, async () => {
  const host = new FakeHost(idleSnapshot());
  await inPane(host, async ({ page }) => {
    await page.getByRole('textbox', { name: 'Port', exact: true }).fill('99999');
    await page.getByText('Connect', { exact: true }).click();
    await page.getByText('The port is a number from 1 to 65535').waitFor();
    assert.equal(host.asked.length, 0);
  });
});

test('an error shows the words of the host and its button', options, async () => {
  const host = new FakeHost(idleSnapshot());
  host.fail = ({ type }) => {
    if (type === 'connect')
      throw new UserError('refused', 'Nobody listens on localhost:8883. Start the broker.', {
        title: 'Start Local TLS Broker',
        command: 'secureIot.startBroker',
      });
  };
  await inPane(host, async ({ page }) => {
    await page.getByText('Connect', { exact: true }).click();
    await page.getByText('Nobody listens on localhost:8883').waitFor();
    await page.getByText('Start Local TLS Broker').click();
    await until('the command is asked for', () => host.asked.some(({ type }) => type === 'run'));
  });
});

test('markup in topics and payloads is data', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page }) => {
    await page.getByText('<img src=x onerror=alert(1)>').first().click();
    await page.locator('.payload', { hasText: '<script>document.title="owned"</script>' }).waitFor();
    assert.equal(await page.title(), 'MQTT Explorer');
    assert.equal(await page.locator('.app img, .app script').count(), 0);
  });
});

test('bidirectional and control characters are marked', options, async () => {
  await inPane(new FakeHost(), async ({ page }) => {
    const row = page.locator('.tree-rows .row', { hasText: 'invoice' });
    assert.deepEqual(await row.locator('.hidden-character').allTextContents(), ['U+202E', 'NUL', 'ESC', 'U+200B']);
  });
});

test('the tree is a treegrid that the keyboard walks', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page }) => {
    const tree = page.getByRole('treegrid', { name: 'Topics' });
    await tree.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const active = await tree.getAttribute('aria-activedescendant');
    const row = page.locator(`[id="${active}"]`);
    assert.equal(await row.getAttribute('aria-level'), '2');
    assert.equal(await row.getAttribute('aria-expanded'), 'false');
    assert.equal(await row.getAttribute('aria-selected'), 'true');
    await page.keyboard.press('ArrowRight');
    await until('expand is asked', () => host.asked.some(({ type }) => type === 'expand'));
    assert.deepEqual(host.asked.at(-1), { type: 'expand', row: 3, expanded: true });
    await page.keyboard.press('ArrowLeft');
    assert.equal(await tree.getAttribute('aria-activedescendant'), 'row-1');
  });
});

test('a hundred thousand topics build only the rows on the screen', options, async () => {
  const host = new FakeHost();
  const [first] = host.rows;
  assert.ok(first);
  host.rows = Array.from({ length: 100_000 }, (_, i) => ({ ...first, id: i + 1, label: `topic-${i}` }));
  await inPane(host, async ({ page }) => {
    await page.getByText('topic-0', { exact: true }).waitFor();
    assert.ok((await page.locator('.tree-rows .row').count()) < 100);
    await page.getByRole('treegrid').focus();
    await page.keyboard.press('End');
    await page.getByText('topic-99999', { exact: true }).waitFor();
    assert.ok((await page.locator('.tree-rows .row').count()) < 100);
  });
});

test('JSON is shown folded with every digit, and as text, hex and base64', options, async () => {
  const host = new FakeHost();
  const telemetry = host.rows.find(({ label }) => label === 'telemetry');
  assert.ok(telemetry);
  host.payloads.set(telemetry.id, new TextEncoder().encode('{"n":12345678901234567890,"o":{"a":1}}'));
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.locator('.payload', { hasText: '12345678901234567890' }).waitFor();
    const lines = page.locator('.json-line:visible');
    assert.equal(await lines.count(), 6);
    await page.locator('.fold').nth(1).click();
    assert.equal(await lines.count(), 5);
    await page.getByText('1 entry').waitFor();
    await page.getByRole('radio', { name: 'Hex' }).click();
    await page.locator('.payload', { hasText: '00000000  7b 22 6e 22' }).waitFor();
    await page.getByRole('radio', { name: 'Base64' }).click();
    await page.locator('.payload', { hasText: 'eyJuIjoxMjM0' }).waitFor();
  });
});

test('the arrow keys choose the payload format, which is one stop for the Tab key', options, async () => {
  await inPane(new FakeHost(), async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByRole('radio', { name: 'JSON', checked: true }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator(':focus').textContent(), 'Text');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByRole('radio', { name: 'Base64', checked: true }).waitFor();
    assert.equal(await page.locator('.format[tabindex="0"]').count(), 1);
  });
});

test('the deepest topic keeps its name in a narrow panel, and the state its word', options, async () => {
  const host = new FakeHost();
  host.rows = host.rows.map((row, index) => (index === 3 ? { ...row, label: 'station', depth: 40 } : row));
  await inPane(
    host,
    async ({ page }) => {
      const label = page.locator('.topic-label', { hasText: 'station' });
      assert.ok(((await label.boundingBox())?.width ?? 0) > 20);
      const state = page.locator('.state-label');
      assert.equal(await state.evaluate((element) => element.scrollWidth <= element.clientWidth + 1), true);
      const [word, button] = [await state.boundingBox(), await page.getByText('Disconnect').boundingBox()];
      assert.ok(word && button);
      assert.ok(word.x + word.width <= button.x || word.y + word.height <= button.y, 'nothing lies over the word');
    },
    320,
  );
});

test('properties are named in words; names of the sender stay as they are, whatever they are', options, async () => {
  const host = new FakeHost();
  host.properties = [
    ['contentType', 'text/plain'],
    ['constructor', '<b>x</b>'],
    ['__proto__', 'y'],
  ];
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByText('Content type').first().waitFor();
    const shown = await page.locator('.properties').innerText();
    assert.deepEqual(shown.split(/\s*\n\s*/), [
      'Content type',
      'text/plain',
      'constructor',
      '<b>x</b>',
      '__proto__',
      'y',
    ]);
  });
});

test('a cut view says so and the whole payload opens in an editor', options, async () => {
  const host = new FakeHost();
  host.payloads.set(6, new Uint8Array(65_536).fill(0x61));
  host.totalBytes = 10_485_760;
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByText('First 65,536 bytes of 10,485,760 bytes').waitFor();
    await page.getByTitle('Open the whole payload in an editor').click();
    await until('openMessage is asked', () => host.asked.some(({ type }) => type === 'openMessage'));
  });
});

test('a long JSON payload is laid out as far as it was sent, with a button for all of it', options, async () => {
  const host = new FakeHost();
  const text = JSON.stringify(Array.from({ length: 5_000 }, (_, n) => ({ n, sensor: `device-${n}` })));
  host.payloads.set(6, new TextEncoder().encode(text).slice(0, 65_536));
  host.totalBytes = text.length;
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByRole('radio', { name: 'JSON', checked: true }).waitFor();
    await page.locator('.json-line', { hasText: '"device-0"' }).waitFor();
    assert.match((await page.locator('.payload-note').textContent()) ?? '', /First 3,000 lines.*First 65,536 bytes of/);
    await page.getByText('Open all of it in an editor').click();
    await until('openMessage is asked', () => host.asked.some(({ type }) => type === 'openMessage'));
  });
});

test(
  'a broker that does not speak MQTT 5 is offered 3.1.1, for this connection and from then on',
  options,
  async () => {
    const host = new FakeHost(idleSnapshot());
    await inPane(host, async ({ page, rpc }) => {
      rpc.tell({
        type: 'state',
        state: {
          type: 'failed',
          address: 'mqtts://localhost:8883',
          reason: 'The broker refused the connection: Unsupported Protocol Version (code 132).',
          code: 'CONNACK-132',
          retrying: false,
          offersOlderVersion: true,
        },
      });
      await page.getByText('Connect with MQTT 3.1.1').click();
      await until('connect is asked', () => host.asked.length > 0);
      const [request] = host.asked;
      assert.ok(request?.type === 'connect');
      assert.equal(request.profile.version, '3.1.1');
    });
  },
);

test('several filters are subscribed to, each with its QoS; $SYS on demand; a refusal says why', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page, rpc }) => {
    await page.getByRole('textbox', { name: 'Topic filter to subscribe to' }).fill('home/+/temperature');
    const qos = page.getByRole('combobox', { name: 'QoS of the subscription' });
    await qos.click();
    await qos.getByRole('option', { name: 'QoS 2' }).click();
    await page.getByText('Subscribe', { exact: true }).click();
    rpc.tell({
      type: 'subscriptions',
      subscriptions: [
        { filter: '#', qos: 0, state: 'active' },
        { filter: 'home/+/temperature', qos: 2, state: 'active' },
        { filter: 'secret/#', qos: 1, state: 'refused', reason: 'Not authorized' },
      ],
    });
    await page.locator('.chip', { hasText: 'secret/#' }).getByText('refused: Not authorized').waitFor();
    await page.getByTitle("Subscribe to the broker's own topics").click();
    await page.getByRole('button', { name: 'Unsubscribe from #' }).click();
    await until('all is asked', () => host.asked.length === 3);
    assert.deepEqual(host.asked, [
      { type: 'subscribe', subscription: { filter: 'home/+/temperature', qos: 2 } },
      { type: 'subscribe', subscription: { filter: '$SYS/#', qos: 0 } },
      { type: 'unsubscribe', filter: '#' },
    ]);
    rpc.tell({ type: 'subscriptions', subscriptions: [{ filter: '$SYS/#', qos: 0, state: 'active' }] });
    await page.getByTitle("Subscribe to the broker's own topics").waitFor({ state: 'detached' });
  });
});

test(
  'topic and payload are copied, messages exported, and retained ones cleared, by their buttons',
  options,
  async () => {
    const host = new FakeHost();
    await inPane(host, async ({ page }) => {
      await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
      for (const name of ['Copy topic', 'Copy the whole payload', /^Export the messages of this/, /^Clear retained/])
        await page.getByRole('button', { name }).click();
      await until('all is asked', () => host.asked.length === 4);
      assert.deepEqual(
        host.asked.map(({ type }) => type),
        ['copyTopic', 'copyMessage', 'exportMessages', 'clearRetained'],
      );
    });
  },
);

test('a message is published with its QoS and retain', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page }) => {
    await page.getByRole('tab', { name: 'Publish' }).click();
    await page.getByRole('textbox', { name: 'Topic', exact: true }).fill('devices/a/commands');
    await page.getByRole('textbox', { name: 'Payload', exact: true }).fill('{"led":true}');
    await page.getByText('Retain', { exact: true }).locator('visible=true').click();
    await page.getByText('Publish', { exact: true }).last().click();
    await page.getByText('Sent (QoS 0 has no answer)').waitFor();
    assert.deepEqual(host.asked.at(-1), {
      type: 'publish',
      topic: 'devices/a/commands',
      payload: '{"led":true}',
      encoding: 'text',
      qos: 0,
      retain: true,
      properties: null,
    });
  });
});

test(
  'a file and MQTT 5 properties are published; a broken property line is said and nothing is sent',
  options,
  async () => {
    const host = new FakeHost();
    await inPane(host, async ({ page }) => {
      await page.getByRole('tab', { name: 'Publish' }).click();
      await page.getByRole('textbox', { name: 'Topic', exact: true }).fill('a/image');
      await page.getByRole('combobox', { name: 'Payload encoding' }).click();
      await page.getByRole('option', { name: 'A file' }).click();
      await page.getByRole('button', { name: 'Browse for file' }).click();
      await page.getByText('MQTT 5 properties').click();
      await page.getByRole('textbox', { name: 'Content type' }).fill('image/png');
      await page.getByRole('textbox', { name: 'Message expiry' }).fill('60');
      await page.getByRole('textbox', { name: 'User properties' }).fill('site: north\nsouth');
      const publish = page.getByText('Publish', { exact: true }).last();
      await publish.click();
      await page.getByText('Line 2 of the user properties').waitFor();
      assert.equal(host.asked.length, 0);
      await page.getByRole('textbox', { name: 'User properties' }).fill('site: north\nurl: a:b');
      await publish.click();
      await page.getByText('Sent (QoS 0 has no answer)').waitFor();
      const request = host.asked.at(-1);
      assert.ok(request?.type === 'publish');
      assert.deepEqual([request.encoding, request.payload], ['file', '/workspace/certs/ca/ca.crt']);
      assert.deepEqual(request.properties, {
        contentType: 'image/png',
        responseTopic: '',
        correlationData: '',
        messageExpiry: 60,
        utf8: false,
        userProperties: [
          { name: 'site', value: 'north' },
          { name: 'url', value: 'a:b' },
        ],
      });
    });
  },
);

test('the text of an editor becomes the payload', options, async () => {
  await inPane(new FakeHost(), async ({ page }) => {
    await page.getByRole('tab', { name: 'Publish' }).click();
    await page.getByRole('button', { name: 'Take the text of an open editor' }).click();
    const payload = page.getByRole('textbox', { name: 'Payload', exact: true });
    await until('the text is there', async () => (await payload.inputValue()) === '{"from":"an editor"}');
  });
});

test('a form that nobody touched follows the local broker to its port; what was typed stays', options, async () => {
  const snapshot = idleSnapshot();
  const movedTo = (port: number) => ({
    ...snapshot.choices,
    profiles: snapshot.choices.profiles.map((profile) => (profile.id === 'local' ? { ...profile, port } : profile)),
  });
  await inPane(new FakeHost(snapshot), async ({ page, rpc }) => {
    const port = page.getByRole('textbox', { name: 'Port', exact: true });
    rpc.tell({ type: 'choices', choices: movedTo(18_883) });
    await until('the port is the new one', async () => (await port.inputValue()) === '18883');
    const user = page.getByRole('textbox', { name: 'User name' });
    await user.fill('anna');
    rpc.tell({ type: 'choices', choices: movedTo(18_884) });
    rpc.tell({ type: 'choices', choices: { ...movedTo(18_884), localBroker: 'mqtts://localhost:18884' } });
    await page.getByText('is running at mqtts://localhost:18884').waitFor();
    assert.deepEqual([await user.inputValue(), await port.inputValue()], ['anna', '18883']);
  });
});

test('the TLS tab shows what was negotiated, the chain and the checks', options, async () => {
  await inPane(new FakeHost(), async ({ page }) => {
    await page.getByRole('tab', { name: 'TLS' }).click();
    const panel = page.getByRole('tabpanel', { name: 'TLS' });
    for (const text of ['TLS_AES_256_GCM_SHA384', 'DNS:localhost, DNS:broker.local', 'ECDSA P-256', 'Name matches'])
      await panel.getByText(text).first().waitFor();
    assert.equal(await panel.locator('.certificate').count(), 2);
  });
});

test('changes from the host are shown: rows, state and numbers', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page, rpc }) => {
    const [row] = host.rows;
    assert.ok(row);
    await page.locator('.tree-rows .row').first().waitFor();
    rpc.tell({ type: 'rows', rows: { total: 1, start: 0, rows: [{ ...row, label: 'fresh' }] } });
    await page.getByText('fresh').waitFor();
    assert.equal(await page.locator('.tree-rows .row').count(), 1);
    rpc.tell({
      type: 'state',
      state: { type: 'failed', address: 'mqtts://x:1', reason: 'The broker went away.', code: 'x', retrying: true },
    });
    await page.getByText('The broker went away.').waitFor();
    assert.equal(await page.locator('.tree-rows .row').first().isVisible(), true);
  });
});

test('what changed since the message before is shown line by line', options, async () => {
  const host = new FakeHost();
  host.payloads.set(6, new TextEncoder().encode('{"t":22,"h":40}'));
  host.previous = new TextEncoder().encode('{"t":21,"h":40}');
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByRole('radio', { name: 'Diff' }).click();
    assert.deepEqual(await page.locator('.diff-line').allTextContents(), [
      '  {',
      '-   "t": 21,',
      '+   "t": 22,',
      '    "h": 40',
      '  }',
    ]);
  });
});

test('a CBOR payload is shown in diagnostic notation', options, async () => {
  const host = new FakeHost();
  host.payloads.set(6, Uint8Array.of(0xa1, 0x61, 0x74, 0xf9, 0x4d, 0x40));
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.locator('.payload', { hasText: '"t": 21.0' }).waitFor();
  });
});

test(
  'what the host reads in a payload is shown first, with its note; the bytes stay a click away',
  options,
  async () => {
    const host = new FakeHost();
    host.readings = [
      {
        kind: 'text',
        label: 'Sparkplug B',
        text: '{"led":true,"by":"<b>me</b>"}',
        note: 'site.Reading of a.proto',
        sure: true,
      },
      { kind: 'text', label: 'Protobuf', text: '1: 5', note: null, sure: false },
    ];
    await inPane(host, async ({ page }) => {
      await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
      await page.locator('.payload .json-line', { hasText: '"<b>me</b>"' }).waitFor();
      await page.getByText('site.Reading of a.proto.').waitFor();
      await page.getByRole('radio', { name: 'Protobuf' }).click();
      await page.locator('.payload', { hasText: '1: 5' }).waitFor();
      await page.getByRole('radio', { name: 'Hex' }).click();
      assert.equal(await page.locator('.payload .json-line').count(), 0);
    });
  },
);

test('an image is drawn, under a policy that fetches nothing', options, async () => {
  const host = new FakeHost();
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  host.readings = [
    {
      kind: 'image',
      label: 'Image',
      mediaType: 'image/gif',
      bytes: Uint8Array.from(gif),
      note: 'image/gif, 1 x 1',
      sure: true,
    },
  ];
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    const image = page.getByRole('img', { name: 'The payload as an image' });
    await image.waitFor({ state: 'attached' });
    await page.waitForFunction(() => (document.querySelector('.payload-image') as any)?.naturalWidth === 1);
  });
});

test('packets are listed with their codes', options, async () => {
  await inPane(new FakeHost(), async ({ page, rpc }) => {
    await page.locator('.tree-rows .row').first().waitFor();
    await page.getByRole('tab', { name: 'Packets' }).click();
    rpc.tell({
      type: 'trace',
      packets: [{ timeMs: 0, direction: 'in', name: 'CONNACK', detail: 'Not authorized (5)' }],
      skipped: 1_200,
    });
    await page.getByText('1,200 more packets not shown').waitFor();
    await page.getByRole('cell', { name: 'Not authorized (5)' }).waitFor();
  });
});

test('messages can be left out of the packets, and go first when there are too many', options, async () => {
  await inPane(new FakeHost(), async ({ page, rpc }) => {
    await page.locator('.tree-rows .row').first().waitFor();
    await page.getByRole('tab', { name: 'Packets' }).click();
    const packet = (name: string, i: number) => ({ timeMs: i, direction: 'in' as const, name, detail: `number ${i}` });
    rpc.tell({ type: 'trace', packets: [packet('CONNACK', 0)], skipped: 0 });
    for (let i = 1; i <= 6; i++)
      rpc.tell({
        type: 'trace',
        packets: Array.from({ length: 100 }, (_, k) => packet('PUBLISH', i * 100 + k)),
        skipped: 0,
      });
    await page.getByRole('cell', { name: 'number 699' }).waitFor();
    assert.equal(await page.locator('.trace tbody tr').count(), 500);
    await page.getByRole('cell', { name: 'CONNACK' }).waitFor();
    await page.getByText('Messages (PUBLISH)').click();
    await until('only CONNACK is left', async () => (await page.locator('.trace tbody tr:visible').count()) === 1);
  });
});

test(
  'the packets stay at the newest when a banner takes their room, but not when the person scrolled up',
  options,
  async () => {
    await inPane(new FakeHost(), async ({ page, rpc }) => {
      const packets = (from: number) =>
        Array.from({ length: 60 }, (_, n) => ({
          timeMs: NOON,
          direction: 'in' as const,
          name: 'PINGRESP',
          detail: `number ${from + n}`,
        }));
      await page.getByRole('tab', { name: 'Packets' }).click();
      rpc.tell({ type: 'trace', packets: packets(0), skipped: 0 });
      await page.getByText('number 59').waitFor();
      const away = () =>
        page.locator('.trace-rows').evaluate((e) => Math.round(e.scrollHeight - e.scrollTop - e.clientHeight));
      await until('it is at the end', async () => (await away()) <= 1);
      const failed = { type: 'failed', address: 'mqtts://b:8883', code: 'CLOSED', retrying: true } as const;
      rpc.tell({ type: 'state', state: { ...failed, reason: 'The connection was lost. '.repeat(20) } });
      await page.getByText('The connection was lost.').first().waitFor();
      await until('it is at the end with less room', async () => (await away()) <= 1);
      rpc.tell({ type: 'trace', packets: packets(100), skipped: 0 });
      await page.getByText('number 159').waitFor();
      await until('it is at the end again', async () => (await away()) <= 1);
      await page.locator('.trace-rows').evaluate((e) => e.scrollTo(0, 0));
      await page.waitForTimeout(100);
      rpc.tell({ type: 'trace', packets: packets(200), skipped: 0 });
      await until('the packet is there', async () => (await page.getByText('number 259').count()) === 1);
      assert.equal(await page.locator('.trace-rows').evaluate((e) => e.scrollTop), 0);
    });
  },
);

test('a message is repeated at a rate and used again from the history', options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page, rpc }) => {
    await page.getByRole('tab', { name: 'Publish' }).click();
    await page.getByRole('textbox', { name: 'Topic', exact: true }).fill('a/b');
    await page.getByRole('textbox', { name: 'Seconds between' }).fill('0.5');
    await page.getByText('Repeat', { exact: true }).click();
    await until('repeat is asked', () => host.asked.length > 0);
    assert.deepEqual(host.asked[0], {
      type: 'repeat',
      topic: 'a/b',
      payload: '',
      encoding: 'text',
      qos: 0,
      retain: false,
      properties: null,
      everyMs: 500,
    });
    rpc.tell({ type: 'repetition', repetition: { running: true, sent: 3 } });
    await page.getByText('Repeating: 3 messages sent.').waitFor();
    await page.getByText('Stop', { exact: true }).click();
    await until('stop is asked', () => host.asked.at(-1)?.type === 'stopRepeating');
    await page.getByRole('textbox', { name: 'Topic', exact: true }).fill('other');
    await page.locator('.publish-history .history-row').click();
    const topic = page.getByRole('textbox', { name: 'Topic', exact: true });
    await until('the topic is back', async () => (await topic.inputValue()) === 'a/b');
  });
});

test('numbers are drawn over time', options, async () => {
  const host = new FakeHost();
  host.series = [
    {
      path: 'heap.free',
      points: [
        [0, 10],
        [1_000, 20],
        [2_000, 15],
      ],
    },
  ];
  await inPane(host, async ({ page }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByRole('tab', { name: 'Chart' }).click();
    await page.getByRole('img', { name: 'heap.free: 10 to 20, now 15' }).waitFor();
    assert.equal(await page.locator('polyline').getAttribute('points'), '0.0,68.0 300.0,4.0 600.0,36.0');
  });
});

test('curves go when their topic goes', options, async () => {
  const host = new FakeHost();
  host.series = [{ path: 'heap.free', points: [[0, 10]] }];
  await inPane(host, async ({ page, rpc }) => {
    await page.locator('.tree-rows .row', { hasText: 'telemetry' }).click();
    await page.getByRole('tab', { name: 'Chart' }).click();
    await page.getByRole('img', { name: /heap\.free/ }).waitFor();
    const none = { topics: 0, messages: 0, perSecond: 0, keptBytes: 0, droppedMessages: 0 };
    rpc.tell({ type: 'stats', stats: { ...none, paused: false, missedWhilePaused: 0 } });
    await page.getByText('Select a topic whose payload is a number').waitFor();
    assert.equal(await page.locator('polyline').count(), 0);
  });
});

test("a name in a broker's certificate cannot reorder the words of a failure", options, async () => {
  const host = new FakeHost();
  await inPane(host, async ({ page, rpc }) => {
    const reason = 'The name is not in the certificate, which has DNS:\u202egro.live.';
    rpc.tell({ type: 'state', state: { type: 'failed', address: 'mqtts://x:1', reason, code: 'x', retrying: false } });
    await page.locator('.banner .hidden-character', { hasText: 'U+202E' }).waitFor();
    assert.doesNotMatch((await page.locator('.banner').textContent()) ?? '', /\u202e/);
  });
});

test('the TLS test shows its progress and which boards will work', options, async () => {
  const host = new FakeHost(idleSnapshot());
  await inPane(host, async ({ page, rpc }) => {
    await page.getByText('Test TLS', { exact: true }).click();
    await until('the test is asked for', () => host.asked.at(-1)?.type === 'testTls');
    const blank = { address: 'mqtts://localhost:8883', sections: [], boards: [] };
    rpc.tell({ type: 'report', report: { ...blank, step: 'cipher suites' } });
    await page.locator('.report-step', { hasText: 'Testing: cipher suites' }).waitFor();
    const board = {
      board: 'ESP32 Arduino 2.x',
      verdict: 'fails',
      code: '-0x2700',
      why: 'Not trusted. The chain does not lead to its CA, or an intermediate certificate is missing in it.',
      heap: 'about 40 KB',
      change: 'Give it the CA. Give the board the CA that signs this chain, and let the broker send its intermediates.',
    } as const;
    const check = { result: 'failed', label: 'Trust', detail: 'not trusted' } as const;
    const sections = [{ title: 'Certificate', checks: [check] }];
    rpc.tell({ type: 'report', report: { ...blank, step: null, sections, boards: [board] } });
    await page
      .getByRole('row', { name: /ESP32 Arduino 2\.x Fails -0x2700 Not trusted\..* Give it the CA\./ })
      .waitFor();
    await page.setViewportSize({ width: 900, height: 700 }); // beside a sidebar
    const table = page.locator('.boards');
    const overflow = await table.evaluate((element) => element.getBoundingClientRect().right - innerWidth);
    assert.ok(overflow <= 0, `the table is ${overflow} pixels wider than the pane`);
    await page.getByText('Save as SARIF…', { exact: true }).click();
    await until('the report is asked for', () => host.asked.at(-1)?.type === 'saveReport');
    await page.getByText('Close', { exact: true }).click();
    await until('closing is asked for', () => host.asked.at(-1)?.type === 'cancelTest');
    rpc.tell({ type: 'report', report: null });
    await page.getByText('Connect', { exact: true }).waitFor();
  });
});

test('an empty list says why: nothing came, or nothing matches', options, async () => {
  const host = new FakeHost();
  host.rows = [];
  await inPane(host, async ({ page, rpc }) => {
    await page.getByText('No topic matches the search.').waitFor();
    const { stats } = host.snapshot;
    rpc.tell({ type: 'stats', stats: { ...stats, topics: 0, messages: 0 } });
    await page.getByText('No messages yet.').waitFor();
  });
});

test('a preset fills the form and says what is left to fill in', options, async () => {
  const host = new FakeHost(idleSnapshot());
  await inPane(host, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Connection' }).click();
    await page.getByRole('option', { name: 'New: AWS IoT Core…' }).click();
    await page.getByText('Copy the endpoint from Settings').waitFor();
    assert.match(await page.getByRole('textbox', { name: 'Host' }).inputValue(), /-ats\.iot\./);
    await page.getByText('Connect', { exact: true }).click();
    await page.getByText('Replace the names in <brackets>').waitFor();
    assert.equal(host.asked.length, 0);
  });
});

test('every preset fills the form with what that broker needs', options, async () => {
  await inPane(new FakeHost(idleSnapshot()), async ({ page }) => {
    for (const { name, fields, advice } of BROKER_PRESETS) {
      await page.getByRole('combobox', { name: 'Connection' }).click();
      await page.getByRole('option', { name: `New: ${name}…` }).click();
      await page.getByText(advice).waitFor();
      assert.equal(await page.getByRole('textbox', { name: 'Host' }).inputValue(), fields.host ?? '', name);
      assert.equal(await page.getByRole('textbox', { name: 'Port' }).inputValue(), String(fields.port), name);
    }
    assert.deepEqual(
      BROKER_PRESETS.map(({ fields }) => fields.protocol),
      Array(5).fill('mqtts'),
    );
  });
});

test('a new connection gets an id and is sent', options, async () => {
  const host = new FakeHost(idleSnapshot());
  await inPane(host, async ({ page }) => {
    await page.getByRole('combobox', { name: 'Connection' }).click();
    await page.getByRole('option', { name: 'New connection…' }).click();
    await page.getByRole('textbox', { name: 'Host' }).fill('broker.example.com');
    await page.getByText('Save', { exact: true }).click();
    await until('saving is asked for', () => host.asked.length > 0);
    const [request] = host.asked;
    assert.ok(request?.type === 'saveProfile');
    assert.match(request.profile.id, /^[0-9a-f]{24}$/);
    assert.equal(request.profile.name, 'broker.example.com');
  });
});

test('nothing sticks out of a narrow panel beside an editor', options, async () => {
  const width = 420;
  for (const host of [new FakeHost(), new FakeHost(idleSnapshot())])
    await inPane(
      host,
      async ({ page }) => {
        await page.locator('.app').waitFor();
        await page.waitForTimeout(200);
        const outside = await page.evaluate(
          `[...document.querySelectorAll('vscode-button, vscode-text-field, .tab')]
            .filter((element) => element.checkVisibility())
            .filter((element) => element.getBoundingClientRect().right > ${width})
            .map((element) => element.getAttribute('aria-label') || element.textContent)`,
        );
        assert.deepEqual(outside, []);
      },
      width,
    );
});
