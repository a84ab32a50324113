// Generate Certificates… with the whole extension activated in a fake VS Code and a person who answers its questions.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('Generate Certificates…', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  const generate = (options?: object) => fake.commands.get('secureIot.generateCertificates')?.(options);
  const answerAll = () =>
    person
      .accepts(/name of the authority/)
      .accepts(/passphrase of the authority/)
      .answers(/the broker's names/, 'mqtt.example.com, 192.168.1.10')
      .answers(/name of the device/, 'esp32-device-001');

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(() => {
    folder = temporaryFolder('certificates-host');
    fake.secrets.clear();
    person = fake.open(folder);
  });

  it('makes authority, broker and device; the passphrase is in the secret storage and nowhere else', async () => {
    answerAll().press(/Made in certs/, 'Copy CA Passphrase');
    await generate();
    await person.sees(/Made in certs: authority .* broker "mqtt.example.com", device "esp32-device-001"/);
    person.wasAskedEverything();
    assert.match(readFileSync(join(folder, 'certs/ca/ca.key'), 'utf8'), /BEGIN ENCRYPTED PRIVATE KEY/);
    assert.equal(statSync(join(folder, 'certs/devices/esp32-device-001.key')).mode & 0o777, 0o600);
    assert.ok(existsSync(join(folder, 'certs/.gitignore')));
    const [passphrase = ''] = [...fake.secrets.values()];
    assert.ok(passphrase.length >= 20);
    assert.equal(person.clipboard, passphrase);
    assert.ok(!JSON.stringify([person.notices, person.prompts, fake.log, [...fake.state]]).includes(passphrase));
  });

  it('asks only for the next device when the authority and a broker are there', async () => {
    answerAll();
    await generate();
    person = fake.open(folder).accepts(/name of the device/);
    await generate();
    assert.deepEqual(
      person.prompts.map(({ title, value }) => [title, value]),
      [['Generate Certificates: name of the device', 'esp32-device-002']],
    );
    assert.ok(existsSync(join(folder, 'certs/devices/esp32-device-002.crt')));
  });

  it('writes nothing when the person gives up at the last question', async () => {
    person
      .accepts(/name of the authority/)
      .accepts(/passphrase of the authority/)
      .answers(/the broker's names/, 'localhost')
      .answers(/name of the device/, undefined);
    await generate();
    assert.deepEqual(person.notices, []);
    assert.ok(!existsSync(join(folder, 'certs')));
  });

  it('refuses names that no certificate can hold while they are typed', async () => {
    person
      .answers(/name of the authority/, 'x'.repeat(65))
      .accepts(/name of the authority/)
      .accepts(/passphrase of the authority/)
      .answers(/the broker's names/, '*.*.example.com')
      .answers(/the broker's names/, 'localhost')
      .answers(/name of the device/, '../../etc/passwd')
      .answers(/name of the device/, 'board-1');
    await generate();
    const [long, wildcard, path] = person.notices.map(({ message }) => message);
    assert.match(long ?? '', /64/);
    assert.match(wildcard ?? '', /wildcard|\*/i);
    assert.match(path ?? '', /\//);
    await person.sees(/device "board-1"/);
  });

  it('asks again after a wrong passphrase, and keeps the right one', async () => {
    await generate({ caName: 'CA', passphrase: 'correct horse', brokerNames: ['localhost'], deviceName: 'one' });
    fake.secrets.clear();
    person = fake
      .open(folder)
      .answers(/name of the device/, 'two')
      .answers(/Passphrase of the certificate authority/, 'wrong')
      .answers(/Passphrase of the certificate authority/, 'correct horse');
    await generate();
    assert.match(person.prompts.at(-1)?.prompt ?? '', /does not open the key/);
    assert.deepEqual([...fake.secrets.values()], ['correct horse']);
    assert.ok(existsSync(join(folder, 'certs/devices/two.crt')));
  });

  it('says what is wrong with a broken CA and touches nothing', async () => {
    await generate({ caName: 'CA', passphrase: 'correct horse', brokerNames: ['localhost'], deviceName: 'one' });
    const file = join(folder, 'certs/ca/ca.crt');
    const broken = readFileSync(file, 'utf8').replace(/\n/g, ' ');
    writeFileSync(file, broken);
    person = fake.open(folder);
    await generate({ deviceName: 'two' });
    const notice = await person.sees(/ca\.crt/);
    assert.equal(notice.kind, 'error');
    assert.doesNotMatch(notice.message, /bug in Secure IoT/);
    assert.equal(readFileSync(file, 'utf8'), broken);
    assert.ok(!existsSync(join(folder, 'certs/devices/two.crt')));
  });

  it('never replaces a key that is there', async () => {
    await generate({ caName: 'CA', passphrase: 'correct horse', brokerNames: ['localhost'], deviceName: 'one' });
    const key = readFileSync(join(folder, 'certs/devices/one.key'), 'utf8');
    person = fake.open(folder);
    await generate({ deviceName: 'one' });
    await person.sees(/one/);
    assert.equal(readFileSync(join(folder, 'certs/devices/one.key'), 'utf8'), key);
  });

  it('says that a folder cannot be written, and leaves nothing half-made', async (t) => {
    if (process.getuid?.() === 0) {
      // Root writes everywhere but where a file stands in the way.
      writeFileSync(join(folder, 'certs'), 'a file');
    } else {
      mkdirSync(join(folder, 'certs'));
      chmodSync(join(folder, 'certs'), 0o500);
      t.after(() => chmodSync(join(folder, 'certs'), 0o700));
    }
    await generate({ caName: 'CA', passphrase: 'correct horse', brokerNames: ['localhost'], deviceName: 'one' });
    const { message } = await person.sees(/certs/);
    assert.doesNotMatch(message, /bug in Secure IoT/);
    assert.ok(!existsSync(join(folder, 'certs/ca/ca.key')));
  });

  it('asks for a folder where none is open', async () => {
    person = fake.open().press(/Open a folder first/, 'Open Folder');
    await generate();
    assert.ok(fake.ran.some(({ id }) => id === 'vscode.openFolder'));
  });

  it('makes no authority whose passphrase would be lost: nobody could ever sign with it', async (t) => {
    const { set } = fake.secrets;
    t.after(() => {
      fake.secrets.set = set;
    });
    for (const fails of [
      () => {
        throw new Error('no keyring');
      },
      () => fake.secrets, // says that it kept it, and did not
    ]) {
      fake.secrets.set = fails;
      answerAll();
      await generate();
      await person.sees(/cannot keep the passphrase.*Nothing was made/);
      assert.equal(existsSync(join(folder, 'certs/ca')), false);
      person = fake.open(folder);
    }
  });
});
