// The Certificates view, its warnings and its actions, with the whole extension activated in a fake VS Code.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { openCertificateStore } from '../../../src/io/pki/certificateStore';
import { issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';

describe('the Certificates view', () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  const run = (id: string, argument?: object) => fake.commands.get(id)?.(argument) as Promise<any>;
  const view = () => fake.trees.get('secureIot.certificates');
  const inventory = () => join(folder, 'certs/inventory.json');

  /** Every row as `label description`, children indented. */
  async function shown(row?: unknown, indent = ''): Promise<string[]> {
    const lines: string[] = [];
    for (const child of await view().getChildren(row)) {
      const { label, description } = view().getTreeItem(child);
      lines.push(`${indent}${label} ${description ?? ''}`.trimEnd());
      lines.push(...(await shown(child, `${indent}  `)));
    }
    return lines;
  }
  async function rowOf(label: string, row?: unknown): Promise<any> {
    for (const child of await view().getChildren(row)) {
      if (view().getTreeItem(child).label === label) return child;
      const found = await rowOf(label, child);
      if (found) return found;
    }
    return undefined;
  }

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    folder = temporaryFolder('certificates-view');
    fake.secrets.clear();
    fake.statusBar.length = 0;
    fake.open(folder);
    await run('secureIot.generateCertificates', {
      caName: 'Workshop CA',
      passphrase: 'correct horse',
      brokerNames: ['localhost'],
      deviceName: 'board-1',
    });
    person = fake.open(folder);
  });

  it('shows the authority, then brokers and devices, each with the day it ends', async () => {
    const day = '\\d{4}-\\d{2}-\\d{2}';
    const lines = await shown();
    for (const [index, pattern] of [
      `^Workshop CA until ${day}$`,
      '^Brokers 1$',
      `^  localhost until ${day}$`,
      '^Devices 1$',
      `^  board-1 until ${day}$`,
    ].entries())
      assert.match(lines[index] ?? '', new RegExp(pattern));
    assert.equal(fake.diagnostics.size, 0);
  });

  it('says in a tooltip which sketches carry the certificate', async () => {
    mkdirSync(join(folder, 'lamp'));
    writeFileSync(join(folder, 'lamp/secure-iot.json'), JSON.stringify({ certificates: { device: 'board-1' } }));
    const { tooltip } = view().getTreeItem(await rowOf('board-1'));
    assert.match(tooltip.value, /Built into:\*\* *lamp/);
  });

  it('warns of what has ended: in its row, in the Problems list at its file, and in the status bar', async () => {
    const records = JSON.parse(readFileSync(inventory(), 'utf8'));
    const list = Array.isArray(records) ? records : records.certificates;
    list.find((record: any) => record.name === 'board-1').notAfter = '2020-01-01T00:00:00.000Z';
    writeFileSync(inventory(), JSON.stringify(records));
    const lines = await shown();
    assert.ok(lines.includes('Devices 1, 1 to renew'), lines.join('\n'));
    const [problem] = fake.diagnostics.get(join(folder, 'certs/devices/board-1.crt')) ?? [];
    assert.match(problem?.message, /"board-1" .*Renew it/);
    assert.equal(problem?.code, 'certificate-expired');
    assert.deepEqual(
      fake.statusBar.filter(({ visible }) => visible).map(({ text }) => text),
      ['$(shield) 1 to renew'],
    );
  });

  it('warns of a revocation list that ends soon, at its file', async () => {
    const { openCertificateStore } = await import('../../../src/io/pki/certificateStore');
    const { unlockAuthority } = await import('../../../src/io/pki/issueCertificates');
    const { writeRevocationList } = await import('../../../src/io/pki/revocationList');
    const store = openCertificateStore(join(folder, 'certs'));
    await writeRevocationList(store, await unlockAuthority(store, 'correct horse'), { days: 5 });
    await shown();
    const [problem] = fake.diagnostics.get(join(folder, 'certs/ca/ca.crl')) ?? [];
    assert.match(problem?.message, /list of "Workshop CA" expires in [45] days.*refuses every client/);
    assert.equal(problem?.code, 'revocation-list-expires-soon');
  });

  it('renews from a row: a new certificate, the old file kept as a dated copy', async () => {
    const file = join(folder, 'certs/devices/board-1.crt');
    const before = new X509Certificate(readFileSync(file));
    person.answers(/Renew "board-1" with which key/, 'Same key');
    await run('secureIot.renewCertificate', await rowOf('board-1'));
    await person.sees(/Renewed "board-1".*with its old key/);
    assert.equal(person.prompts.length, 1); // the passphrase is kept, the certificate is known
    const after_ = new X509Certificate(readFileSync(file));
    assert.notEqual(after_.serialNumber, before.serialNumber);
    const old = readdirSync(join(folder, 'certs/devices')).filter((name) => /^board-1\.crt\.\d{4}-/.test(name));
    assert.equal(old.length, 1);
  });

  it('revokes from a row: the row says so, and the revocation list is written', async () => {
    person.accepts(/why/).press(/^Revoke "board-1"/, 'Revoke');
    await run('secureIot.revokeCertificate', await rowOf('board-1'));
    person.wasAskedEverything();
    assert.ok(existsSync(join(folder, 'certs/ca/ca.crl')));
    assert.match((await shown()).at(-1) ?? '', /board-1 revoked/);
  });

  it('shows a damaged inventory as a row that says what to do', async () => {
    writeFileSync(inventory(), '{ not json');
    const [line] = await shown();
    assert.match(line ?? '', /inventory\.json/);
  });

  it('is empty without a folder', async () => {
    fake.open();
    assert.deepEqual(await shown(), []);
  });

  it('says of an intermediate authority where what it signed is used', async () => {
    person
      .accepts(/^Issue Intermediate Authority: name/)
      .accepts(/permitted names/)
      .accepts(/passphrase/);
    await run('secureIot.issueIntermediate');
    const store = openCertificateStore(join(folder, 'certs'));
    const [passphrase] = [...fake.secrets.values()].slice(-1);
    await issueDevice(store, await unlockAuthority(store, passphrase ?? '', 'Factory CA'), { commonName: 'pump' });
    mkdirSync(join(folder, 'cellar'));
    writeFileSync(join(folder, 'cellar/secure-iot.json'), JSON.stringify({ certificates: { device: 'pump' } }));
    const { tooltip } = view().getTreeItem(await rowOf('Factory CA'));
    assert.match(tooltip.value, /Built into:\*\* *cellar/);
  });
});
