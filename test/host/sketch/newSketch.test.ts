// New Secure Sketch… with the whole extension activated in a fake VS Code: the questions, the preview, what is written.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { makeCertificateFolder } from '../../support/certificateFolder';
import { temporaryFolder } from '../../support/temporaryFolder';
import { findTool } from '../../support/tools';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('New Secure Sketch…', { skip: !findTool('openssl') && 'openssl is not installed' }, () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  const newSketch = (options?: object) => fake.commands.get('secureIot.newSketch')?.(options);
  const at = (name: string) => join(folder, name);
  const target = (template: string, device?: string, host = 'broker.test'): Person => {
    person
      .answers(/: template/, template)
      .answers(/framework/, 'Arduino')
      .accepts(/board/);
    person.answers(/broker host/, host).accepts(/[Pp]ort/);
    return (device ? person.answers(/device/i, device) : person).answers(/time zone/, 'Asia/Kathmandu');
  };

  before(() => void activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('new-sketch-host');
    person = fake.open(folder);
    await makeCertificateFolder(at('certs'));
  });

  it('asks what the template needs, lists the files, and writes them when told to', async () => {
    target('Mutual TLS', 'sensor-1')
      .accepts(/folder/)
      .answers(/files for sensor-1/, 'Create these files');
    await newSketch();
    person.wasAskedEverything();
    const question = person.prompts.at(-1);
    assert.match(question?.title ?? '', /^New Secure Sketch: \d+ files for sensor-1$/);
    const made = readdirSync(at('sensor-1'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.equal(question?.rows?.length, made.length + 1, 'every file that is made was listed');
    assert.ok(question.rows.some((row) => /secrets\.h \d+ bytes, secret: git ignores it/.test(row)));
    assert.ok(fake.shown.some(({ path }) => path.endsWith('/sensor-1/sensor-1.ino')));
    await person.sees(/Fill in your Wi-Fi in secrets\.h/);
  });

  it('shows a file before it is written, but no secret', async () => {
    const key = readFileSync(at('certs/devices/sensor-1.key'), 'utf8').split('\n')[1] ?? '';
    target('Mutual TLS', 'sensor-1').accepts(/folder/);
    person.answers(/files for/, 'config.h').answers(/preview of config\.h/, 'another file');
    person.answers(/files for/, 'secrets.h').answers(/preview of secrets\.h/, undefined);
    await newSketch();
    const texts = fake.shown.filter(({ scheme }) => scheme === 'secure-iot-preview');
    const opened = texts.map((uri) => fake.documents.open.get(uri.toString())?.getText() ?? '');
    assert.match(opened[0] ?? '', /#define MQTT_HOST "broker\.test"/);
    assert.match(opened[1] ?? '', /secrets\.h holds secrets, so it is not shown/);
    assert.ok(!opened.join('').includes(key));
    assert.ok(!existsSync(at('sensor-1')), 'leaving the preview writes nothing');
    assert.equal(person.notices.length, 0, 'and says nothing');
    assert.deepEqual(readdirSync(folder), ['certs']);
  });

  it('creates the project from a preview too', async () => {
    target('Mutual TLS', 'sensor-1').accepts(/folder/);
    person.answers(/files for/, 'config.h').answers(/preview of config\.h/, 'Create these files');
    await newSketch();
    person.wasAskedEverything();
    assert.match(readFileSync(at('sensor-1/config.h'), 'utf8'), /#define TIME_ZONE "STD-5:45"/);
  });

  it('makes no key in the certificates folder when the preview is left', async () => {
    target('Encrypted payloads', 'pump-1')
      .accepts(/folder/)
      .answers(/files for/, undefined);
    await newSketch();
    assert.ok(!existsSync(at('certs/payload')));
  });

  it('goes back to any question, with the answer given before ready, also from the list of files', async () => {
    target('Mutual TLS', 'sensor-1')
      .goesBack(/folder/)
      .goesBack(/time zone/)
      .goesBack(/broker port/);
    person
      .answers(/broker host/, '192.168.1.7')
      .answers(/broker port/, '8884')
      .answers(/time zone/, 'UTC');
    person
      .answers(/folder/, 'first')
      .goesBack(/files for first/)
      .answers(/folder/, 'second')
      .answers(/files for second/, 'Create');
    await newSketch();
    person.wasAskedEverything();
    assert.equal(person.prompts.filter(({ title }) => /broker host/.test(title))[1]?.value, 'broker.test');
    assert.match(readFileSync(at('second/config.h'), 'utf8'), /"192\.168\.1\.7"\n#define MQTT_PORT 8884/);
    assert.ok(!existsSync(at('first')));
  });

  it('shows what is wrong with the broker before the project is made', async () => {
    target('Mutual TLS', 'sensor-1', 'elsewhere.test').accepts(/folder/);
    person.answers(/files for/, 'Before you do').answers(/files for/, undefined);
    await newSketch();
    person.wasAskedEverything();
    assert.match(
      person.notices[0]?.message ?? '',
      /^The broker certificate \(certs\/broker\/broker\.crt\) is not good for/,
    );
    assert.ok(!existsSync(at('sensor-1')));
  });

  it('asks for the sensor, and for its pin only where it is on one', async () => {
    for (const [sensor, pin] of [
      ['DHT22', '27'],
      ['DHT20', undefined],
    ] as const) {
      target('DHT11', 'sensor-1').answers(/: sensor/, sensor);
      if (pin) person.answers(/GPIO/, '6').answers(/GPIO/, pin);
      person.answers(/folder/, sensor).answers(/files for/, 'Create');
      await newSketch();
      person.wasAskedEverything();
      const text = readFileSync(join(folder, sensor, 'sensor.h'), 'utf8');
      assert.ok(text.includes(`#define SENSOR_${sensor}`));
      if (pin) assert.match(text, /#define SENSOR_PIN 27/);
      if (pin)
        assert.match(person.notices[0]?.message ?? '', /On the ESP32 GPIO 6 does not exist, belongs to the flash/);
    }
  });

  it('refuses a folder that is not empty, is a file, or cannot name a sketch, while it is typed', async () => {
    writeFileSync(at('taken'), 'a file');
    target('Mutual TLS', 'sensor-1');
    for (const name of ['certs', 'taken', 'no good', 'good']) person.answers(/folder/, name);
    person.answers(/files for good/, 'Create');
    await newSketch();
    const refusals = person.notices.map(({ message }) => message).join('\n');
    assert.match(refusals, /not empty[\s\S]*is a file[\s\S]*cannot hold a sketch: its name must have letters/);
    assert.ok(existsSync(at('good/good.ino')));
  });

  it('refuses a host with a scheme or a port while it is typed, and a device name that no CN can be', async () => {
    person
      .answers(/: template/, 'Encrypted payloads')
      .answers(/framework/, 'Arduino')
      .accepts(/board/);
    person.answers(/host/, 'mqtts://broker.test').answers(/host/, 'broker.test:8883').answers(/host/, 'broker.test');
    person
      .accepts(/port/)
      .answers(/[Dd]evice/, 'a/b')
      .answers(/[Dd]evice/, 'pump-1');
    person
      .answers(/time zone/, 'Another')
      .answers(/Such as CET/, 'UTC+2')
      .answers(/Such as CET/, 'EST5');
    person.accepts(/folder/).answers(/files for/, 'Create');
    await newSketch();
    person.wasAskedEverything();
    const refusals = person.notices.map(({ message }) => message).join('\n');
    assert.match(refusals, /without "mqtts:\/\/"/);
    assert.match(refusals, /the port is a value of its own/);
    assert.match(refusals, /it is a topic level too/);
    assert.match(refusals, /POSIX counts the other way round: "STD-2"/);
    assert.match(readFileSync(at('pump-1/config.h'), 'utf8'), /#define TIME_ZONE "EST5"/);
    assert.ok(existsSync(at('pump-1/pump-1.ino')));
  });

  it('warns where the broker certificate is not good for the host', async () => {
    await newSketch({ template: 'mutual-tls', out: 'x', host: 'elsewhere.test', device: 'sensor-1', port: 8883 });
    await person.sees(/not good for "elsewhere\.test".*It is good for: broker\.test/);
  });

  it('refuses a folder that is not empty, and leaves it as it was', async () => {
    writeFileSync(at('taken'), 'a file');
    await newSketch({ template: 'mutual-tls', out: 'certs', host: 'broker.test', device: 'sensor-1', port: 8883 });
    assert.equal((await person.sees(/is not empty/)).kind, 'error');
    await newSketch({ template: 'mutual-tls', out: 'taken', host: 'broker.test', device: 'sensor-1', port: 8883 });
    await person.sees(/is a file/);
    assert.equal(readFileSync(at('taken'), 'utf8'), 'a file');
  });

  it('offers to make certificates where the template needs one and there is none', async () => {
    rmSync(at('certs'), { recursive: true });
    person
      .answers(/: template/, 'Mutual TLS')
      .answers(/framework/, 'Arduino')
      .accepts(/board/);
    await newSketch();
    assert.deepEqual((await person.sees(/no device certificate/)).buttons, ['Generate Certificates']);
  });

  it('refuses a certificate that the board cannot use, and what it is not made for; nothing is written', async () => {
    const files = ['-keyout', 'devices/ed.key', '-out', 'devices/ed.crt'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-nodes', '-days', '9', '-subj', '/CN=ed', '-newkey', 'ed25519', ...files],
      {
        cwd: at('certs'),
        stdio: 'pipe',
      },
    );
    target('Mutual TLS', 'ed').accepts(/folder/);
    await newSketch();
    assert.equal((await person.sees(/no Ed25519/)).kind, 'error');
    const essential = { out: 'never', host: 'broker.test', device: 'sensor-1', port: 8883 };
    await newSketch({ ...essential, template: 'mutual', board: 'esp32' });
    await person.sees(/no template .*"mutual"/);
    await newSketch({ ...essential, template: 'nvs', board: 'esp8266' });
    await person.sees(/not for the board "esp8266"/);
    await newSketch({ ...essential, template: 'dht', framework: 'esp-idf' });
    await person.sees(/not made for esp-idf/);
    await newSketch({ ...essential, template: 'mutual-tls', port: 'https' });
    await person.sees(/1 to 65535/);
    assert.deepEqual(readdirSync(folder), ['certs']);
  });

  it('needs a folder', async () => {
    person = fake.open();
    await newSketch();
    assert.deepEqual((await person.sees(/Open a folder first/)).buttons, ['Open Folder']);
  });
});
