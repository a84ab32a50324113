// Secure This Sketch… in a fake VS Code: reviewable edits, or a clear word.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { makeCertificateFolder } from '../../support/certificateFolder';
import { IDF_PROGRAMS } from '../../support/plainIdfPrograms';
import { temporaryFolder } from '../../support/temporaryFolder';
import { findTool } from '../../support/tools';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

const PLAIN = `#include <WiFi.h>
#include <PubSubClient.h>
WiFiClient net;
PubSubClient client(net);
void setup() { client.setServer("broker.test", 1883); }
void loop() { client.connect("x"); client.loop(); }
`;

describe('Existing projects', { skip: !findTool('openssl') && 'openssl is not installed' }, () => {
  const context = fake.context();
  const path = process.env['PATH'];
  let person: Person;
  let folder: string;
  const run = (id: string, options?: object) => fake.commands.get(id)?.(options);
  const at = (name: string) => join(folder, name);

  before(() => void activate(context));
  after(() => {
    process.env['PATH'] = path;
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    process.env['PATH'] = path;
    folder = temporaryFolder('secure-host');
    person = fake.open(folder);
    mkdirSync(at('plain'));
    writeFileSync(at('plain/plain.ino'), PLAIN);
    await makeCertificateFolder(at('certs'));
  });

  it('a plain sketch gets TLS, its key goes into a git-ignored file that its owner alone reads', async () => {
    person.answers(/Secure This Sketch: device/, 'sensor-1');
    await run('secureIot.secureSketch', { review: false });
    const told = await person.sees(/uses mutual TLS now/);
    assert.equal(told.kind, 'information');
    assert.match(readFileSync(at('plain/plain.ino'), 'utf8'), /WiFiClientSecure net;[\s\S]*"broker\.test", 8883/);
    assert.match(readFileSync(at('plain/secrets.h'), 'utf8'), /PRIVATE KEY/);
    assert.equal(statSync(at('plain/secrets.h')).mode & 0o777, 0o600);
    assert.match(readFileSync(at('plain/.gitignore'), 'utf8'), /^secrets\.h$/m);
  });

  it('shows every file as it will be, but no key, and writes nothing where the person leaves', async () => {
    const texts = new Map<string, string>();
    fake.commands.set('vscode.changes', async (_title: unknown, rows: unknown) => {
      for (const [, before, uri] of rows as any[]) {
        const text = await fake.documents.providers.get(uri.scheme)?.provideTextDocumentContent(uri);
        texts.set(`${uri.path} ${before ? 'changes' : 'is new'}`, text ?? '');
      }
    });
    person.answers(/Secure This Sketch: review/, undefined);
    await run('secureIot.secureSketch', { device: 'sensor-1' });
    fake.commands.delete('vscode.changes');
    person.wasAskedEverything();
    assert.match(texts.get('/plain.ino changes') ?? '', /WiFiClientSecure net;/);
    assert.match(texts.get('/certificates.h is new') ?? '', /BEGIN CERTIFICATE/);
    assert.match(texts.get('/secrets.h is new') ?? '', /not shown here/);
    assert.doesNotMatch([...texts.values()].join(), /PRIVATE KEY/);
    assert.equal(readFileSync(at('plain/plain.ino'), 'utf8'), PLAIN);
    assert.deepEqual(readdirSync(at('plain')), ['plain.ino']);
    assert.deepEqual(person.notices, []);
  });

  it('makes all of the changes where the person says yes', async () => {
    person.answers(/Secure This Sketch: review/, 'Make these changes');
    await run('secureIot.secureSketch', { device: 'sensor-1' });
    await person.sees(/uses mutual TLS now/);
    assert.match(readFileSync(at('plain/plain.ino'), 'utf8'), /WiFiClientSecure net;/);
    assert.match(readFileSync(at('plain/secrets.h'), 'utf8'), /PRIVATE KEY/);
    assert.match(readFileSync(at('plain/.gitignore'), 'utf8'), /^secrets\.h$/m);
  });

  it('writes nothing over what was typed while the changes were looked at', async () => {
    fake.commands.set('vscode.changes', () => writeFileSync(at('plain/plain.ino'), `// mine\n${PLAIN}`));
    person.answers(/Secure This Sketch: review/, 'Make these changes');
    await run('secureIot.secureSketch', { device: 'sensor-1' });
    fake.commands.delete('vscode.changes');
    await person.sees(/plain\.ino has changed since it was read/);
    assert.equal(readFileSync(at('plain/plain.ino'), 'utf8'), `// mine\n${PLAIN}`);
    assert.ok(!existsSync(at('plain/secrets.h')));
  });

  it('an ESP-IDF project that was never built gets it too', async () => {
    rmSync(at('plain'), { recursive: true });
    const [program] = IDF_PROGRAMS[0]?.files ?? [];
    mkdirSync(at('idf/main'), { recursive: true });
    writeFileSync(at('idf/CMakeLists.txt'), 'project(a)\n');
    writeFileSync(at('idf/main/app_main.c'), program?.text ?? '');
    await run('secureIot.secureSketch', { review: false, device: 'sensor-1' });
    await person.sees(/uses mutual TLS now/);
    assert.match(readFileSync(at('idf/main/app_main.c'), 'utf8'), /mqtts:\/\/broker\.test:8883/);
    assert.equal(statSync(at('idf/main/secrets.h')).mode & 0o777, 0o600);
    assert.match(readFileSync(at('idf/.gitignore'), 'utf8'), /^secrets\.h$/m);
  });

  it('asks only for sketches that have no TLS yet', async () => {
    const secured = PLAIN.replace('WiFiClient net', 'WiFiClientSecure net');
    for (const [name, text] of [
      ['other', PLAIN],
      ['secured', secured.replace('setup() {', 'setup() { net.setCACert(CA);')],
      ['untrusting', secured],
    ] as const) {
      mkdirSync(at(name));
      writeFileSync(at(`${name}/${name}.ino`), text);
    }
    const [program] = IDF_PROGRAMS[0]?.files ?? [];
    mkdirSync(at('idf/main'), { recursive: true });
    writeFileSync(at('idf/CMakeLists.txt'), 'project(a)\n');
    const mqtt = /esp_mqtt_client_config_t (\w+)[^;]*;/.exec(program?.text ?? '');
    const verified = `${mqtt?.[0]} ${mqtt?.[1]}.broker.verification.certificate = CA;`;
    writeFileSync(at('idf/main/app_main.c'), (program?.text ?? '').replace(mqtt?.[0] ?? '', verified));
    person.answers(/Secure This Sketch: which sketch/, 'other');
    await run('secureIot.secureSketch', { review: false, device: 'sensor-1' });
    await person.sees(/other uses mutual TLS now/);
    const rows = (person.prompts[0]?.rows ?? []).map((row) => row.split(' ')[0]);
    assert.deepEqual(rows.sort(), ['other', 'plain']);
  });

  it('says so where all of several sketches have TLS', async () => {
    const text = PLAIN.replace('setup() {', 'setup() { net.setCACert(CA);');
    mkdirSync(at('secured'));
    writeFileSync(at('secured/secured.ino'), text);
    writeFileSync(at('plain/plain.ino'), text);
    await run('secureIot.secureSketch', { review: false, device: 'sensor-1' });
    await person.sees(/Every sketch of this workspace uses TLS already/);
    assert.deepEqual(person.prompts, []);
  });

  it('offers the check of the connection when it is done', async () => {
    await run('secureIot.secureSketch', { review: false, device: 'sensor-1' });
    assert.deepEqual((await person.sees(/uses mutual TLS now/)).buttons, ['Diagnose Connection']);
  });

  it('takes the only sketch without TLS of several, without asking', async () => {
    mkdirSync(at('secured'));
    writeFileSync(at('secured/secured.ino'), PLAIN.replace('setup() {', 'setup() { net.setCACert(CA);'));
    await run('secureIot.secureSketch', { review: false, device: 'sensor-1' });
    await person.sees(/plain uses mutual TLS now/);
  });

  it('a sketch that is secure already is left alone, with the reason', async () => {
    const text = PLAIN.replace('WiFiClient net', 'WiFiClientSecure net').replace(
      'setup() {',
      'setup() { net.setCACert(CA);',
    );
    writeFileSync(at('plain/plain.ino'), text);
    await run('secureIot.secureSketch', { review: false, device: 'sensor-1' });
    await person.sees(/TLS already/);
    assert.equal(readFileSync(at('plain/plain.ino'), 'utf8'), text);
    assert.ok(!existsSync(at('plain/secrets.h')));
  });
});
