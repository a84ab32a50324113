// Diagnose Connection… with the whole extension activated in a fake VS Code, against a real mosquitto.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as vscode from 'vscode';
import { activate } from '../../../src/extension';
import { freePort, type Mosquitto, startMosquitto } from '../../support/mosquitto';
import { type SketchValues, sketchFiles, writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { Range } from '../../support/vscode/values';

describe('Diagnose Connection…', () => {
  const context = fake.context();
  let person: Person;
  let broker: Mosquitto;
  let set: Awaited<ReturnType<typeof goodSet>>;
  let other: TestIdentity;
  let folder: string;
  const diagnose = (options?: object) => fake.commands.get('secureIot.diagnoseConnection')?.(options);
  const good = (): SketchValues => ({
    host: 'localhost',
    port: broker.port,
    ca: set.ca.pem,
    cert: set.device.pem,
    key: set.device.keyPem,
  });
  const sketch = (values: SketchValues) => writeFiles(sketchFiles(values), join(folder, 'board'));

  before(async () => {
    activate(context);
    set = await goodSet();
    other = await issue({ cn: 'Another CA', ca: true });
    broker = await startMosquitto({
      ca: set.ca.pem,
      certificate: set.broker.pem,
      key: set.broker.keyPem,
      requireCertificate: true,
    });
  });
  after(async () => {
    await broker.stop();
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('diagnose-host');
    person = fake.open(folder);
    await writeFiles({ 'certs/ca/ca.crt': set.ca.pem, 'certs/broker/localhost.crt': set.broker.pem }, folder);
  });

  it('names the wrong CA, applies the fix, checks again and says that it works', async () => {
    await sketch({ ...good(), ca: other.pem });
    person.press(/wrong CA/, 'Apply Fix');
    assert.equal(await diagnose(), 'wrong-ca');
    const green = await person.sees(/connection works from here/);
    assert.equal(green.kind, 'information');
    assert.ok(readFileSync(join(folder, 'board/certificates.h'), 'utf8').includes(set.ca.pem.trim()));
    person.wasAskedEverything();
  });

  it('shows a verdict with buttons as an error, so that VS Code keeps it on the screen', async () => {
    await sketch({ ...good(), ca: other.pem });
    await diagnose();
    const { kind, buttons } = await person.sees(/wrong CA/);
    assert.deepEqual({ kind, buttons }, { kind: 'error', buttons: ['Apply Fix', 'Show Evidence'] });
  });

  it('opens the evidence and then tells the verdict again, with its fix still at hand', async () => {
    await sketch({ ...good(), ca: other.pem });
    person.press(/wrong CA/, 'Show Evidence').press(/wrong CA/, 'Apply Fix');
    await diagnose();
    await person.sees(/connection works from here/);
    assert.equal(person.notices.filter(({ message }) => /wrong CA/.test(message)).length, 2);
    assert.ok(fake.ran.some(({ id }) => id === 'markdown.showPreview') || fake.shown.length > 0);
  });

  it('asks which sketch, when there are two', async () => {
    await sketch(good());
    await writeFiles(sketchFiles({ ...good(), ca: other.pem }), join(folder, 'second'));
    person.answers(/which sketch/, 'second');
    assert.equal(await diagnose(), 'wrong-ca');
    person.answers(/which sketch/, undefined); // Escape: silent
    assert.equal(await diagnose(), undefined);
    person.wasAskedEverything();
  });

  it('asks for the host that the sketch does not name', async () => {
    await sketch({ ...good(), host: '' });
    person.answers(/broker host/, 'localhost');
    assert.equal(await diagnose({ port: broker.port }), 'nothing-wrong-from-here');
  });

  it('says what to do when the broker is down', async () => {
    await sketch({ ...good(), port: await freePort() });
    assert.match(String(await diagnose()), /refused|unreachable|down/);
    await person.sees(/no.*broker|nothing listens|refuse/i);
  });

  it('refuses to overwrite a source that changed after it was read, and says so', async () => {
    await sketch({ ...good(), ca: other.pem });
    const notices = person.onNotice.bind(person);
    person.onNotice = (notice) => {
      if (/wrong CA/.test(notice.message)) {
        const file = join(folder, 'board/certificates.h');
        writeFileSync(file, `// mine\n${readFileSync(file, 'utf8')}`);
      }
      return notices(notice);
    };
    person.press(/wrong CA/, 'Apply Fix');
    await diagnose();
    await person.sees(/has changed since it was read/);
    assert.match(readFileSync(join(folder, 'board/certificates.h'), 'utf8'), /^\/\/ mine/);
  });

  it('says to open a folder, or to make a sketch, where there is none', async () => {
    await diagnose();
    assert.deepEqual((await person.sees(/no sketch in this workspace/)).buttons, ['New Secure Sketch…']);
    person = fake.open();
    await diagnose();
    assert.deepEqual((await person.sees(/Open the folder of your sketch/)).buttons, ['Open Folder']);
  });

  it('saves what is typed in the sketch, and nothing of the one whose name begins alike', async () => {
    await sketch(good());
    await writeFiles(sketchFiles(good()), join(folder, 'board-2'));
    const type = async (file: string) => {
      const document = await fake.documents.get(join(folder, file), vscode.Uri.file);
      document.change(new Range(0, 0, 0, 0), '// typed\n');
      return document;
    };
    const [own, other_] = [await type('board/certificates.h'), await type('board-2/certificates.h')];
    await diagnose({ folder: 'board' });
    assert.deepEqual([own.isDirty, other_.isDirty], [false, true]);
  });

  it('mends a file whose lines end in two ways, as git and editors leave them', async () => {
    await sketch({ ...good(), ca: other.pem });
    const file = join(folder, 'board/certificates.h');
    const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, `${first}\r\n${rest.join('\n')}`);
    person.press(/wrong CA/, 'Apply Fix');
    await diagnose();
    await person.sees(/connection works from here/);
    assert.ok(readFileSync(file, 'utf8').includes(set.ca.pem.trim()));
  });

  it('puts no key into a project whose .gitignore cannot be read', async () => {
    const { cert: _cert, key: _key, ...without } = good();
    await sketch(without);
    mkdirSync(join(folder, 'board/.gitignore'));
    const pair = { 'certs/devices/board-9.crt': set.device.pem, 'certs/devices/board-9.key': set.device.keyPem };
    await writeFiles(pair, folder);
    await diagnose({ folder: 'board', applyFix: true, device: 'board-9' });
    await person.sees(/\.gitignore/);
    assert.doesNotMatch(readFileSync(join(folder, 'board/certificates.h'), 'utf8'), /PRIVATE KEY/);
  });
});
