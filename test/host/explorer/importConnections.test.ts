// Import Connections…, with the whole extension activated in a fake VS Code.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ConnectionProfile, profile as parseProfile } from '../../../src/core/mqtt/connectionProfile';
import { activate } from '../../../src/extension';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';
import { until } from '../../support/until';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('Import Connections…', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let set: Awaited<ReturnType<typeof goodSet>>;
  const run = () => fake.commands.get('secureIot.importConnections')?.();
  const exportAll = () => fake.commands.get('secureIot.exportConnections')?.();
  const saved = (): ConnectionProfile[] =>
    ((fake.state.get('explorer.profiles') ?? []) as unknown[]).map((value) => parseProfile(value, 'profile'));
  const write = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const embedded = (name: string, text: string) => ({ name, data: Buffer.from(text).toString('base64') });
  const explorerSettings = () => ({
    ConnectionManager_connections: {
      a: {
        id: 'a',
        name: 'Green House',
        host: 'localhost',
        port: 8883,
        protocol: 'mqtt',
        encryption: true,
        certValidation: true,
        username: 'anna',
        password: 'correct horse',
        subscriptions: [
          { topic: '#', qos: 0 },
          { topic: 'a/#/b', qos: 0 },
        ],
        selfSignedCertificate: embedded('ca.pem', set.ca.pem),
        clientCertificate: embedded('me.crt', set.device.pem),
        clientKey: embedded('me.key', set.device.keyPem),
      },
    },
  });

  before(async () => {
    activate(context);
    set = await goodSet();
  });
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(() => {
    folder = temporaryFolder('import');
    person = fake.open(folder);
    fake.state.clear();
    fake.secrets.clear();
  });

  it('takes MQTT Explorer’s connection: password to the secrets, embedded key to a file that git ignores', async () => {
    person
      .chooses(write('settings.json', explorerSettings()))
      .answers(/Import Connections from MQTT Explorer/, 'Green House');
    await run();
    const { message, buttons } = await person.sees(/Imported 1 connection; .*secret storage.* need a look/);
    assert.deepEqual(buttons, ['What Is Left to Do', 'Open MQTT Explorer'], message);
    const [profile] = saved();
    const imported = join(folder, 'certs/imported');
    assert.deepEqual(profile?.trust, { type: 'file', path: join(imported, 'Green_House-ca.crt') });
    const key = join(imported, 'Green_House-client.key');
    assert.deepEqual(profile?.identity, { type: 'file', certificate: join(imported, 'Green_House-client.crt'), key });
    assert.equal(readFileSync(key, 'utf8'), set.device.keyPem);
    assert.equal(statSync(key).mode & 0o777, 0o600);
    assert.match(readFileSync(join(folder, 'certs/.gitignore'), 'utf8'), /^\*\.key$/m);
    assert.deepEqual(profile?.subscriptions, [{ filter: '#', qos: 0 }]);
    assert.deepEqual([...fake.secrets.values()], ['correct horse']);
    const plain = JSON.stringify([...fake.state]) + fake.log.join('\n');
    assert.ok(!plain.includes('correct horse') && !plain.includes('PRIVATE KEY'));
  });

  it('replaces a profile only when it is chosen again, and writes no file twice', async () => {
    const file = write('settings.json', explorerSettings());
    for (const _ of [1, 2]) {
      person.chooses(file).answers(/Import Connections from/, 'Green House');
      await run();
    }
    assert.equal(saved().length, 1);
    assert.equal(readdirSync(join(folder, 'certs/imported')).length, 3);
  });

  it('takes MQTTX’s export and lists what is left to do', async () => {
    const connection = { id: 'x', name: 'Plant', host: 'h', port: 8883, clientId: 'c', ssl: true, certType: 'self' };
    const files = { ca: '/nowhere/ca.crt', cert: '', key: '' };
    person.chooses(write('data.json', [{ ...connection, ...files, mqttVersion: '5.0', password: '' }]));
    person.answers(/Import Connections from MQTTX/, 'Plant').press(/Imported 1 connection/, 'What Is Left to Do');
    await run();
    await person.sees(/Imported 1 connection/);
    assert.deepEqual([saved()[0]?.version, saved()[0]?.protocol, fake.secrets.size], ['5', 'mqtts', 0]);
    const shown = () => fake.ran.findLast(({ id }) => id === 'markdown.showPreview')?.args[0];
    await until(() => shown() !== undefined, 'no page was shown');
    const page = fake.documents.providers.get('secure-iot-import')?.provideTextDocumentContent(shown() as never);
    assert.match(
      String(page),
      /## Plant\n\nmqtts:.*\n\n- It did not check .*\n- \/nowhere\/ca\.crt is not on this machine/,
    );
  });

  it('exports without secrets what a colleague then imports', async () => {
    await exportAll();
    await person.sees(/no saved connection to export/);
    person.chooses(write('settings.json', explorerSettings())).answers(/from MQTT Explorer/, 'Green House');
    await run();
    const [profile] = saved();
    const file = join(folder, 'shared.json');
    person.answers(/Export Connections: without/, 'Green House').chooses(file);
    await exportAll();
    await person.sees(/Exported 1 connection, without passwords, to .*shared\.json/);
    const text = readFileSync(file, 'utf8');
    assert.ok(!text.includes('correct horse') && !text.includes('PRIVATE KEY'));
    fake.state.clear();
    fake.secrets.clear();
    person.chooses(file).answers(/Import Connections from a Colleague/, 'Green House');
    await run();
    assert.deepEqual([saved(), fake.secrets.size], [[profile], 0]);
    person.chooses(write('broken.json', text.replace('"port": 8883', '"port": "x"')));
    await run();
    await person.sees(/cannot be read: file\.connections\[0\]\.port: expected a whole number/);
  });

  it('says what is wrong with a file, and imports nothing when nothing is chosen', async () => {
    person.chooses(write('x.csv', 'a,b'));
    await run();
    await person.sees(/not JSON.*settings\.json of MQTT Explorer/);
    person.chooses(join(folder, 'gone.json'));
    await run();
    await person.sees(/gone\.json cannot be read/);
    person.chooses(write('settings.json', explorerSettings())).answers(/Import Connections from/, undefined);
    await run();
    person.chooses(undefined);
    await run();
    assert.deepEqual([saved(), fake.secrets.size], [[], 0]);
  });
});
