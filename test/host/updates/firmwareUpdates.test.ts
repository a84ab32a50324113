// Sign and Send Firmware Update… in a fake VS Code, against a real mosquitto and a board that speaks the template's words.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import { connectAsync, type MqttClient } from 'mqtt';
import { activate } from '../../../src/extension';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../../src/io/sketch/templateFolder';
import { makeSketch } from '../../support/makeSketch';
import { type Mosquitto, startMosquitto } from '../../support/mosquitto';
import { temporaryFolder } from '../../support/temporaryFolder';
import { findTool } from '../../support/tools';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

function imageOf(version: number): Buffer {
  const image = Buffer.alloc(9_000, `pieces of version ${version} `);
  image[0] = 0xe9;
  image.write(`\n[secure-iot] firmware version ${version}\0`, 5_000);
  return image;
}

describe('firmware updates', { skip: !findTool('mosquitto') && 'mosquitto is not installed' }, () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let broker: Mosquitto;
  let image: string;
  const at = (...parts: string[]) => join(folder, ...parts);
  const pem = (file: string) => readFileSync(at('certs', file), 'utf8');
  const run = (id: string, options?: object) => fake.commands.get(`secureIot.${id}`)?.(options) as Promise<unknown>;

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });

  /** A project of the template with a build in it, its certificates, and its broker. */
  beforeEach(async (context) => {
    folder = temporaryFolder('firmware-updates');
    fake.secrets.clear();
    fake.open(folder);
    const answers = {
      caName: 'Workshop',
      passphrase: 'correct horse',
      brokerNames: ['localhost'],
      deviceName: 'pump-1',
    };
    await run('generateCertificates', answers);
    person = fake.open(folder);
    broker = await startMosquitto({
      ca: pem('ca/ca.crt'),
      certificate: pem('broker/localhost.crt'),
      key: pem('broker/localhost.key'),
      requireCertificate: true,
    });
    (context as TestContext).after(() => broker.stop());
    const templates = findTemplateFolder();
    const template = pickTemplate(await loadTemplates(templates), 'rotation-ota');
    const values = { host: 'localhost', port: String(broker.port), device: 'pump-1', topicPrefix: 'site/a' };
    const request = { templates, template, framework: 'platformio' as const, out: at('pump'), values };
    await makeSketch({ ...request, certificates: at('certs') }, Date.now());
    mkdirSync(at('pump/.pio/build/esp32'), { recursive: true });
    image = at('pump/.pio/build/esp32/firmware.bin');
    writeFileSync(image, imageOf(5));
  });

  /** Asks for each piece of what is offered, and answers with `outcome`; silent after `pieces`. */
  async function board(t: TestContext, outcome: string, pieces = Number.POSITIVE_INFINITY): Promise<() => Buffer> {
    const files = { ca: pem('ca/ca.crt'), cert: pem('devices/pump-1.crt'), key: pem('devices/pump-1.key') };
    const client: MqttClient = await connectAsync(`mqtts://localhost:${broker.port}`, files);
    t.after(() => client.endAsync(true));
    let size = 0;
    let received = Buffer.alloc(0);
    const next = () => client.publish('site/a/pump-1/want', String(received.length));
    client.on('message', (topic, payload) => {
      if (topic.endsWith('/offer')) {
        size = payload.readUInt32BE(8);
        return next();
      }
      received = Buffer.concat([received, payload.subarray(4)]);
      if (received.length === size) client.publish('site/a/pump-1/event', outcome);
      else if (--pieces > 0) next();
      return client;
    });
    await client.subscribeAsync('site/a/pump-1/update/+');
    return () => received;
  }

  async function operator(): Promise<void> {
    person.answers(/^Issue Operator Certificate: name/, 'operator');
    await run('issueOperator');
    await person.sees(/Made operators\/operator\.crt/);
  }

  it('signs the build that was picked, and sends it on to the board that the project knows', async (t) => {
    await operator();
    const received = await board(t, 'update installed, restarting');
    person
      .answers(/Sign Firmware Update: which build/, 'firmware.bin')
      .press(/version 5 is signed/, 'Send to a Board…');
    person.accepts(/broker host/).answers(/to which board/, 'pump-1');
    await run('signUpdate');
    await person.sees(/pump-1 has firmware version 5, checked it, and restarts into it/, 15_000);
    assert.deepEqual(received(), imageOf(5), 'byte for byte');
    assert.equal(person.prompts.find(({ title }) => /broker host/.test(title))?.value, 'localhost');
    assert.ok(existsSync(at('pump/.pio/build/esp32/firmware-5.signed')));
    person.wasAskedEverything();
  });

  it('signs each version once, and says how the next one comes about', async () => {
    await run('signUpdate', { image });
    await person.sees(/version 5 is signed/);
    await run('signUpdate', { image });
    const refusal = await person.sees(/firmware-5\.signed.*signed already.*raise FIRMWARE_VERSION/);
    assert.deepEqual(refusal.buttons, ['Send to a Board…']);
    writeFileSync(image, imageOf(6));
    await run('signUpdate', { image });
    await person.sees(/version 6 is signed/);
  });

  it('says what the board says where it does not take it', async (t) => {
    await operator();
    await board(t, 'update given up: the image is not the one that was signed');
    const file = await run('signUpdate', { image });
    await run('sendUpdate', { file, host: 'localhost', device: 'pump-1', as: 'operator' });
    assert.equal((await person.sees(/pump-1 says: update given up: the image is not/)).kind, 'error');
  });

  it('stops when the person cancels, and says nothing more', async (t) => {
    await operator();
    const received = await board(t, '', 2);
    const file = await run('signUpdate', { image });
    const sending = run('sendUpdate', { file, host: 'localhost', device: 'pump-1', as: 'operator' });
    const shown = () => person.progress.some((line) => /2 of 9 kB/.test(line));
    await until(shown, () => person.progress.join());
    const notices = person.notices.length;
    fake.cancelProgress();
    await sending;
    assert.equal(person.notices.length, notices);
    assert.ok(received().length < 9_000);
  });

  it('offers to make a certificate to send with, and names what is no signed update', async () => {
    const file = await run('signUpdate', { image });
    await run('sendUpdate', { file, host: 'localhost', device: 'pump-1' });
    assert.deepEqual((await person.sees(/certificate of your own/)).buttons, ['Issue Operator Certificate…']);
    await run('sendUpdate', { file: image, host: 'localhost', device: 'pump-1' });
    await person.sees(/no signed update|not a signed/i);
  });

  it('names the file in which the broker has no usable port', async () => {
    await operator();
    const file = await run('signUpdate', { image });
    const project = at('pump/secure-iot.json');
    for (const port of ['mqtts', '8883 ', 0, 65_536, 1.5, null, { at: 8883 }]) {
      const before = JSON.parse(readFileSync(project, 'utf8'));
      writeFileSync(project, JSON.stringify({ ...before, values: { ...before.values, port } }));
      person = fake.open(folder);
      person.answers(/broker port/, undefined);
      await run('sendUpdate', { file, host: 'localhost', device: 'pump-1', as: 'operator' });
      if (port === null) continue; // then it is asked
      await person.sees(/broker's port is ".*": a port is a number from 1 to 65535\. The project's secure-iot\.json/);
    }
  });

  it('says that nothing was built or signed yet', async () => {
    person = fake.open(temporaryFolder('nothing-built'));
    person.answers(/which build/, undefined).answers(/which update/, undefined);
    await run('signUpdate');
    await run('sendUpdate');
    assert.match(person.prompts[0]?.placeHolder ?? '', /Build the project first/);
    assert.match(person.prompts[1]?.placeHolder ?? '', /Run Sign Firmware Update… first/);
  });
});
