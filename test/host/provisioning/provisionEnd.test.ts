// How provisioning ends in VS Code: what is waited for at the local broker, where the setting sends the identity, and
// which buttons the last notification has.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import mqtt from 'mqtt';
import { activate } from '../../../src/extension';
import type { CertificateStore } from '../../../src/io/pki/certificateStore';
import { issueBroker, issueDevice } from '../../../src/io/pki/issueCertificates';
import { freePort } from '../../support/mosquitto';
import { testPki } from '../../support/pki';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

describe('the end of provisioning in VS Code', { timeout: 90_000 }, () => {
  const context = fake.context();
  const clients: mqtt.MqttClient[] = [];
  let person: Person;
  let store: CertificateStore;
  let board: VirtualBoard;
  let address: string;
  let port: number;
  const run = (id: string, options?: object) => fake.commands.get(`secureIot.${id}`)?.(options) as Promise<any>;
  const inProgress = (what: RegExp) =>
    until(() => person.progress.some((text) => what.test(text)), `no progress shows ${what}`);
  const told = (what: RegExp) => person.notices.some(({ message }) => what.test(message));

  async function connect(name: string): Promise<void> {
    const device = await store.readDevice(name);
    const identity = { ca: (await store.readCa()).certificate, cert: device.certificate, key: device.key ?? '' };
    const options = { ...identity, clientId: `${name}-${clients.length}`, reconnectPeriod: 0, connectTimeout: 3_000 };
    clients.push(await mqtt.connectAsync(`mqtts://localhost:${port}`, options));
  }

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    const { store: made, authority } = await testPki();
    store = made;
    await issueBroker(store, authority, { hosts: ['localhost'] });
    for (const commonName of ['one', 'two']) await issueDevice(store, authority, { commonName });
    board = await VirtualBoard.start({ port: 0, factory: true });
    address = board.address;
    port = await freePort();
    person = open();
  });
  afterEach(async () => {
    fake.cancelProgress();
    for (const client of clients.splice(0)) client.end(true);
    fake.closeTerminals();
    await run('stopBroker');
    await board.close();
  });

  function open(settings: object = {}): Person {
    fake.state.clear();
    return fake.open(dirname(store.folder), {
      'secureIot.boards.addresses': [address],
      'secureIot.broker.host': '127.0.0.1',
      'secureIot.broker.port': port,
      ...settings,
    });
  }

  it('waits until the device itself comes to the local broker, and opens the monitor with its button', async () => {
    await run('startBroker');
    person.press(/is now "one"/, 'Open Serial Monitor');
    await run('provisionDevice', { address, device: 'one' });
    await inProgress(/Waiting for "one" at the local broker/);
    await connect('two');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(!told(/is now "one"/), 'another device is not this one');
    await connect('one');
    const { kind } = await person.sees(/is now "one".* It is connected to the local broker\.$/);
    assert.equal(kind, 'information');
    await until(() => fake.terminals.length === 1, 'no monitor was opened');
    assert.equal(fake.terminals[0].creationOptions.pty.address, address);
  });

  it('takes no connection from before for the board, and Cancel ends the waiting without a verdict', async () => {
    await run('startBroker');
    await connect('one');
    await run('provisionDevice', { address, device: 'one' });
    await inProgress(/Waiting for "one" at the local broker/);
    assert.ok(!told(/is now "one"/));
    fake.cancelProgress();
    const { kind, message } = await person.sees(/is now "one"/);
    assert.equal(kind, 'information');
    assert.doesNotMatch(message, /broker/);
  });

  it('warns that the device did not connect once it had its time', async (t) => {
    await run('startBroker');
    const real = setTimeout;
    t.mock.method(globalThis, 'setTimeout', (done: () => void, ms?: number, ...rest: []) =>
      real(done, ms === 45_000 ? 20 : ms, ...rest),
    );
    await run('provisionDevice', { address, device: 'one' });
    const { kind, buttons } = await person.sees(/is now "one".* did not connect to the local broker so far/);
    assert.equal(kind, 'warning');
    assert.deepEqual(buttons, ['Open Serial Monitor']);
  });

  it('says nothing of a broker that does not run, and offers no monitor where one is open', async () => {
    await run('openMonitor', { address });
    const { pty } = fake.terminals[0].creationOptions;
    let screen = '';
    pty.onDidWrite((text: string) => {
      screen += text;
    });
    pty.open();
    await until(() => /connected to/.test(screen), 'the monitor did not connect');
    await run('provisionDevice', { address, device: 'one' });
    const { message, buttons } = await person.sees(/is now "one"/);
    assert.doesNotMatch(message, /broker/);
    assert.deepEqual(buttons, []);
    pty.close();
  });

  it('writes where the setting says, and where the caller says before that', async () => {
    person = open({ 'secureIot.provisioning.target': 'littlefs' });
    await run('provisionDevice', { address, device: 'one' });
    await person.sees(/This board has no LittleFS partition/);
    await run('provisionDevice', { address, device: 'one', target: 'nvs' });
    await person.sees(/is now "one".* in its partition "nvs"/);
  });

  it('writes many boards where the setting says, and offers no list of none', async () => {
    person = open({ 'secureIot.provisioning.target': 'littlefs' });
    const running = run('provisionMany', { devices: ['one', 'two'] });
    const { kind } = await person.sees(/"one" is not done\. This board has no LittleFS partition/);
    assert.equal(kind, 'warning');
    await inProgress(/^Provision Many Boards$/);
    fake.cancelProgress();
    await running;
    const { buttons } = await person.sees(/^0 boards provisioned; 2 devices left: the same command goes on\.$/);
    assert.deepEqual(buttons, []);
  });

  it('offers the devices without a board, and shows the list of those with one', async () => {
    person.answers(/devices without a board/, 'two').press(/^1 board provisioned/, 'Show List');
    assert.deepEqual((await run('provisionMany')).done, ['two']);
    const { buttons } = await person.sees(/^1 board provisioned\.$/);
    assert.deepEqual(buttons, ['Make Labels…', 'Show List']);
    await until(() => fake.shown.some(({ fsPath }) => /provisioned\.csv$/.test(fsPath)), 'the list was not shown');
    assert.ok(
      person.notices.every(({ kind }) => kind === 'information'),
      'what goes well is no warning',
    );
    person.answers(/devices without a board/, undefined);
    await run('provisionMany');
    assert.deepEqual(person.prompts.at(-1)?.rows, ['one'], 'a device that has a board is not offered');
    person.wasAskedEverything();
  });

  it('leaves a board of an earlier round alone that is still plugged in, and says which device is next', async () => {
    person.answers(/devices without a board/, 'two');
    await run('provisionMany');
    const flash = board.flash.read(0x9000, 0x6000);
    person.answers(/devices without a board/, 'one');
    const running = run('provisionMany');
    await inProgress(/plug in the board for "one" \(1 left\)/);
    await until(() => fake.log.some((line) => /is "two" already/.test(line)), 'the board was not recognised');
    fake.cancelProgress();
    const { done, left } = await running;
    assert.deepEqual([done, left], [[], ['one']]);
    assert.deepEqual(board.flash.read(0x9000, 0x6000), flash);
  });
});
