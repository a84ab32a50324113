// Test TLS of a Broker… and the export of its report, with the whole extension activated in a fake VS Code.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { freePort, type Mosquitto, startMosquitto } from '../../support/mosquitto';
import { writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('Test TLS of a Broker…', () => {
  const context = fake.context();
  let person: Person;
  let broker: Mosquitto;
  let set: Awaited<ReturnType<typeof goodSet>>;
  let other: TestIdentity;
  let folder: string;
  const run = (id: string, argument?: object) => fake.commands.get(id)?.(argument);

  before(async () => {
    activate(context);
    set = await goodSet();
    other = await issue({ cn: 'Another CA', ca: true });
    const { pem: certificate, keyPem: key } = set.broker;
    broker = await startMosquitto({ ca: set.ca.pem, certificate, key, requireCertificate: true });
  });
  after(async () => {
    await broker.stop();
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('test-tls');
    person = fake.open(folder);
    const { pem, keyPem } = set.device;
    const certs = { 'certs/ca/ca.crt': set.ca.pem, 'certs/devices/esp32.crt': pem, 'certs/devices/esp32.key': keyPem };
    await writeFiles(certs, folder);
  });

  it('has no report to export before a test', async () => {
    await run('secureIot.exportTlsReport');
    assert.deepEqual((await person.sees(/no report yet/)).buttons, ['Test TLS of a Broker']);
  });

  it('asks where, which CA and which certificate, shows a page, and exports it as SARIF', async () => {
    person.answers(/Address of the broker/, `mqtts://localhost:${broker.port}`);
    person.answers(/which CA is trusted/, 'Authority of this workspace').answers(/client certificate/, 'esp32');
    assert.equal(await run('secureIot.testTls'), true);
    const { message, buttons } = await person.sees(/trusted and for this name/);
    assert.match(message, /works on 6 of 6/);
    assert.deepEqual(buttons, ['Export Report…']);
    const [page] = fake.ran.find(({ id }) => id === 'markdown.showPreview')?.args ?? [];
    assert.match(String(page), /TLS%20test%20of%20localhost/);
    person.answers(/Export TLS Test Report/, 'SARIF 2.1.0').chooses(join(folder, 'tls.sarif'));
    await run('secureIot.exportTlsReport');
    const log = JSON.parse(readFileSync(join(folder, 'tls.sarif'), 'utf8'));
    assert.equal(log.version, '2.1.0');
    person.wasAskedEverything();
  });

  it('judges by a CA file where one is chosen', async () => {
    writeFileSync(join(folder, 'other.crt'), other.pem);
    person.answers(/Address of the broker/, `localhost:${broker.port}`).answers(/which CA/, 'A CA file…');
    person.chooses(join(folder, 'other.crt')).answers(/client certificate/, 'esp32');
    assert.equal(await run('secureIot.testTls'), false);
    await person.sees(/NOT trusted; works on 0 of 6/);
  });

  it('says what is wrong with an address and with a port where nothing listens', async () => {
    await run('secureIot.testTls', { address: 'http://localhost', device: '' });
    await person.sees(/is no address/);
    await run('secureIot.testTls', { address: `localhost:${await freePort()}`, device: '' });
    await person.sees(/Nothing listens/);
  });
});
