// Start Local TLS Broker, with a login, with WebSocket and with a fault, and the Brokers view, in a fake VS Code.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import mqtt from 'mqtt';
import { activate } from '../../../src/extension';
import { openCertificateStore } from '../../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { freePort } from '../../support/mosquitto';
import { sketchFiles, writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

const PASSPHRASE = 'correct horse battery';

describe('Start Local TLS Broker', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let port: number;
  let identity: { ca: string; cert: string; key: string };
  const run = (id: string, argument?: unknown) => fake.commands.get(id)?.(argument);
  const open = async (settings: Record<string, unknown> = {}) => {
    port = await freePort();
    person = fake.open(folder, { 'secureIot.broker.host': '127.0.0.1', 'secureIot.broker.port': port, ...settings });
  };
  const rows = () => {
    const view = fake.trees.get('secureIot.brokers');
    const all = (row?: unknown): any[] => view.getChildren(row).flatMap((child: unknown) => [child, ...all(child)]);
    return all().map((row) => view.getTreeItem(row));
  };
  const started = () => person.notices.filter(({ message }) => /TLS broker listens on/.test(message)).length;
  const connect = (options: mqtt.IClientOptions, url = `mqtts://localhost:${port}`) =>
    mqtt.connectAsync(url, { ...identity, reconnectPeriod: 0, connectTimeout: 3_000, ...options });

  before(async () => {
    activate(context);
    folder = temporaryFolder('local-broker');
    const store = openCertificateStore(join(folder, 'certs'));
    await createAuthority(store, { commonName: 'Workshop CA', passphrase: PASSPHRASE });
    const issuer = await unlockAuthority(store, PASSPHRASE);
    await issueBroker(store, issuer, { hosts: ['localhost'] });
    await issueDevice(store, issuer, { commonName: 'lamp' });
    const device = await store.readDevice('lamp');
    identity = { ca: (await store.readCa()).certificate, cert: device.certificate, key: device.key ?? '' };
  });
  beforeEach(() => open());
  afterEach(() => run('secureIot.stopBroker'));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });

  it('shows who is connected, by the common name of the certificate', async () => {
    await run('secureIot.startBroker');
    await person.sees(/asks every client for a certificate of your CA\./);
    const client = await connect({ clientId: 'lamp-1' });
    const item = rows().find(({ contextValue }) => contextValue === 'brokerClient');
    assert.equal(item?.label, 'lamp');
    assert.match(item?.description, /^lamp-1 · 127\.0\.0\.1 · TLSv1\.3$/);
    await client.endAsync();
    await run('secureIot.startBroker');
    await person.sees(/already listens/);
  });

  it('shows who was refused and why', async () => {
    await run('secureIot.startBroker');
    await assert.rejects(connect({ cert: '', key: '' }));
    const item = rows().find(({ contextValue }) => contextValue === 'brokerRefusal');
    assert.match(item?.label, /showed no certificate|no certificate/);
    assert.match(item?.tooltip, /-0x7780/);
  });

  it('takes no handshake of a TLS test or a diagnosis for a board that fails', async () => {
    await run('secureIot.startBroker');
    await run('secureIot.testTls', { address: `localhost:${port}`, device: '' });
    await person.sees(/trusted and for this name; works on/);
    const refusals = () => rows().filter(({ contextValue }) => contextValue === 'brokerRefusal');
    assert.deepEqual(refusals(), []);
    const values = { host: 'localhost', port, ca: identity.ca };
    await writeFiles(sketchFiles(values), join(folder, 'board'));
    assert.equal(await run('secureIot.diagnoseConnection', { folder: 'board' }), 'missing-client-certificate');
    assert.deepEqual(refusals(), []);
    await assert.rejects(connect({ cert: '', key: '' }));
    assert.equal(refusals().length, 1, 'others are still seen');
  });

  it('asks once for the password of the user in the settings, and lets nobody else in', async () => {
    const webSocketPort = await freePort();
    await open({ 'secureIot.broker.user': 'workshop', 'secureIot.broker.webSocketPort': webSocketPort });
    person.answers(/password of "workshop"/, 'tools');
    await run('secureIot.startBroker');
    assert.ok(person.prompts[0]?.password);
    await person.sees(/and for the password of "workshop"\. WebSocket: wss:/);
    const client = await connect({ username: 'workshop', password: 'tools' });
    await client.endAsync();
    await assert.rejects(connect({ username: 'workshop', password: 'wrong' }), /Bad username or password/);
    const web = await connect({ username: 'workshop', password: 'tools' }, `wss://localhost:${webSocketPort}/mqtt`);
    await web.endAsync();
    await run('secureIot.stopBroker');
    await run('secureIot.startBroker'); // nobody is asked: the person promised one answer only
    person.wasAskedEverything();
  });

  it('starts with a fault that is picked, on the same port, and mends it with a button', async () => {
    await run('secureIot.startBroker');
    person
      .answers(/Start Broker with a Fault/, 'Another host name')
      .answers(/Passphrase of the certificate/, PASSPHRASE);
    person.press(/fault on purpose/, 'Start without the Fault');
    await run('secureIot.startFaultyBroker');
    const { kind, message } = await person.sees(/fault on purpose/);
    assert.equal(kind, 'warning');
    assert.match(message, new RegExp(`localhost:${port} .*another\\.invalid.*-0x2700`));
    await until(() => started() === 2, 'it was not started again');
    const client = await connect({});
    await client.endAsync();
  });

  it('shows the fault in the view', async () => {
    await run('secureIot.startFaultyBroker', 'wrong-ca');
    assert.match(rows()[0]?.description, /FAULT: wrong-ca/);
    await assert.rejects(
      connect({}),
      /self-signed certificate in certificate chain|unable to verify|unable to get local issuer/,
    );
    await run('secureIot.startFaultyBroker', 'gremlins');
    await person.sees(/There is no fault "gremlins"/);
  });

  it('says who holds the port, and offers a free one', async () => {
    await run('secureIot.startBroker');
    const { createServer } = await import('node:net');
    const busy = await freePort();
    const server = createServer().listen(busy, '127.0.0.1');
    await run('secureIot.stopBroker');
    await run('secureIot.startBroker', { port: busy });
    const { message, buttons } = await person.sees(/is taken/);
    assert.match(message, process.platform === 'linux' ? /taken by this program itself/ : /taken/);
    assert.match(buttons[0] ?? '', /^Use Port \d+$/);
    server.close();
  });
});
