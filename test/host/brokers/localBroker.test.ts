// Start Local TLS Broker and its view, with the whole extension activated in a fake VS Code and real MQTT clients.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import mqtt from 'mqtt';
import { activate } from '../../../src/extension';
import { freePort } from '../../support/mosquitto';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('the local TLS broker in VS Code', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let port: number;
  const run = (id: string, argument?: object) => fake.commands.get(id)?.(argument) as Promise<any>;
  const view = () => fake.trees.get('secureIot.brokers');
  const rows = () => {
    const [root] = view().getChildren();
    return root
      ? view()
          .getChildren(root)
          .map((row: unknown) => view().getTreeItem(row))
      : [];
  };
  const file = (name: string) => readFileSync(join(folder, 'certs', name));

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'broker-host-'));
    port = await freePort();
    person = fake.open(folder, { 'secureIot.broker.port': port, 'secureIot.broker.host': '127.0.0.1' });
  });
  afterEach(() => run('secureIot.stopBroker'));

  async function certificates(): Promise<void> {
    await run('secureIot.generateCertificates', {
      caName: 'Workshop CA',
      passphrase: 'correct horse',
      brokerNames: ['localhost'],
      deviceName: 'board-1',
    });
  }

  async function rowsUntil(what: (labels: string[]) => boolean): Promise<any[]> {
    for (let i = 0; i < 200; i += 1) {
      const items = rows();
      if (what(items.map((item: any) => String(item.label)))) return items;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`the view shows ${JSON.stringify(rows().map((item: any) => item.label))}`);
  }

  it('says what is missing where there are no certificates, and offers to make them', async () => {
    await run('secureIot.startBroker');
    const { kind, buttons } = await person.sees(/certificate/i);
    assert.equal(kind, 'error');
    assert.deepEqual(buttons, ['Generate Certificates']);
    assert.deepEqual(view().getChildren(), []);
  });

  it('shows who connects with which certificate, and forgets who leaves', async () => {
    await certificates();
    await run('secureIot.startBroker');
    await person.sees(new RegExp(`mqtts://localhost:${port}`));
    const client = await mqtt.connectAsync(`mqtts://localhost:${port}`, {
      ca: file('ca/ca.crt'),
      cert: file('devices/board-1.crt'),
      key: file('devices/board-1.key'),
      clientId: 'client-1',
    });
    const items = await rowsUntil((labels) => labels.includes('board-1'));
    const item = items.find(({ label }) => label === 'board-1');
    assert.match(item.description, /client-1 · .*127\.0\.0\.1 · TLSv1\.3/);
    assert.match(item.tooltip, /Certificate: board-1/);
    assert.match(view().getTreeItem(view().getChildren()[0]).description, /mutual TLS · 1 client$/);
    await client.endAsync();
    await rowsUntil((labels) => !labels.includes('board-1'));
  });

  it('shows a client without a certificate as refused, with what its board prints, once with a count', async () => {
    await certificates();
    await run('secureIot.startBroker');
    for (let i = 0; i < 2; i += 1) {
      const refused = mqtt.connect(`mqtts://localhost:${port}`, { ca: file('ca/ca.crt'), reconnectPeriod: 0 });
      refused.on('error', () => {});
      await new Promise((resolve) => refused.once('close', () => resolve(undefined)));
      refused.end(true);
    }
    const items = await rowsUntil(() => rows().some((item: any) => / 2 times/.test(item.description ?? '')));
    const [refusal, ...more] = items.filter(({ contextValue }) => contextValue === 'brokerRefusal');
    assert.equal(more.length, 0);
    assert.match(refusal.label, /certificate/);
    assert.match(refusal.tooltip, /The board prints: /);
  });

  it('starts only once, and stops', async () => {
    await certificates();
    const first = await run('secureIot.startBroker');
    const second = await run('secureIot.startBroker');
    assert.equal(second.port, first.port);
    assert.ok(
      fake.ran.some(({ id, args }) => id === 'setContext' && args[0] === 'secureIot.brokerRunning' && args[1] === true),
    );
    await run('secureIot.stopBroker');
    assert.deepEqual(view().getChildren(), []);
  });

  it('offers a free port where its own is taken', async () => {
    await certificates();
    const taken = await new Promise<Server>((resolve) => {
      const server = createServer();
      server.listen(port, '127.0.0.1', () => resolve(server));
    });
    await run('secureIot.startBroker');
    const { message, buttons } = await person.sees(new RegExp(String(port)));
    assert.doesNotMatch(message, /bug in Secure IoT/);
    assert.equal(buttons.length, 1);
    taken.close();
  });
});
