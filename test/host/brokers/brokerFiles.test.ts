// Broker configurations and broker logs, with the whole extension activated in a fake VS Code.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('broker files in VS Code', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let set: Awaited<ReturnType<typeof goodSet>>;
  const run = (id: string) => fake.commands.get(id)?.();

  before(async () => {
    activate(context);
    set = await goodSet();
  });
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('broker-files');
    person = fake.open(folder, { 'secureIot.broker.port': 8884 });
    const { pem, keyPem } = set.broker;
    const certs = { 'certs/ca/ca.crt': set.ca.pem, 'certs/broker/hall.crt': pem, 'certs/broker/hall.key': keyPem };
    await writeFiles(certs, folder);
  });

  it('writes mosquitto.conf with the port of the settings, and shows it with the steps beside it', async () => {
    person.answers(/Which broker/, 'mosquitto on this machine').answers(/who gets in/, 'Client certificates');
    await run('secureIot.writeBrokerConfiguration');
    const conf = readFileSync(join(folder, 'mosquitto/mosquitto.conf'), 'utf8');
    assert.match(conf, /^listener 8884$/m);
    assert.match(conf, /broker\/hall\.key/);
    assert.ok(fake.shown.some((uri) => uri.fsPath.endsWith('mosquitto.conf')));
    const steps = fake.ran.find(({ id }) => id === 'markdown.showPreviewToSide');
    assert.match(String(steps?.args[0]), /INSTALL\.md$/);
  });

  it('overwrites nothing', async () => {
    await writeFiles({ 'mosquitto/mosquitto.conf': 'mine' }, folder);
    person.answers(/Which broker/, 'mosquitto in a container').answers(/who gets in/, 'User names and passwords');
    await run('secureIot.writeBrokerConfiguration');
    await person.sees(/mosquitto\.conf is there already/);
    assert.equal(readFileSync(join(folder, 'mosquitto/mosquitto.conf'), 'utf8'), 'mine');
  });

  it('shows the settings of another broker as a page', async () => {
    person.answers(/Which broker/, 'EMQX 5');
    await run('secureIot.writeBrokerConfiguration');
    assert.ok(fake.ran.some(({ id, args }) => id === 'markdown.showPreview' && /EMQX/.test(String(args[0]))));
  });

  it('explains a broker log as a page, and says when it cannot be read', async () => {
    writeFileSync(join(folder, 'mosquitto.log'), '1: OpenSSL Error[0]: x alert unknown ca\n');
    person.chooses(join(folder, 'mosquitto.log'));
    await run('secureIot.analyzeBrokerLog');
    assert.ok(fake.ran.some(({ id, args }) => id === 'markdown.showPreview' && /mosquitto\.log/.test(String(args[0]))));
    person.chooses(join(folder, 'none.log'));
    await run('secureIot.analyzeBrokerLog');
    await person.sees(/There is no file ".*none\.log"/);
  });
});
