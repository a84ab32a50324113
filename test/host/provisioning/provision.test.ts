// Provision Device… and Provision Many Boards… with the whole extension in a fake VS Code, against virtual boards.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { activate } from '../../../src/extension';
import { issueDevice } from '../../../src/io/pki/issueCertificates';
import { buildNvsFile, writeNvsKeys } from '../../../src/io/provisioning/nvsFiles';
import { readProvisioned } from '../../../src/io/provisioning/provisionLedger';
import { PASSPHRASE, testPki } from '../../support/pki';
import { fake } from '../../support/vscode/install';
import type { Person } from '../../support/vscode/person';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

describe('provisioning in VS Code', { timeout: 60_000 }, () => {
  const context = fake.context();
  let person: Person;
  let folder: string;
  let boards: VirtualBoard[];
  const run = (id: string, options?: object) => fake.commands.get(id)?.(options) as Promise<any>;

  before(() => activate(context));
  after(() => {
    for (const item of context.subscriptions) item.dispose();
  });
  beforeEach(async () => {
    const { store, authority } = await testPki();
    folder = store.folder;
    for (const commonName of ['one', 'two']) await issueDevice(store, authority, { commonName });
    const macs = ['24:6f:28:00:00:01', '24:6f:28:00:00:02'];
    boards = await Promise.all(macs.map((mac) => VirtualBoard.start({ port: 0, factory: true, mac })));
    const addresses = boards.map(({ address }) => address);
    person = fake.open(dirname(folder), { 'secureIot.boards.addresses': addresses });
    fake.state.clear();
  });

  afterEach(async () => {
    for (const board of boards) await board.close();
  });

  it('asks before a device is given to a second board, and shows all warnings as one', async () => {
    await run('secureIot.provisionDevice', { address: boards[0]?.address, device: 'one' });
    await person.sees(/is now "one"/);
    assert.equal(person.notices.filter(({ kind }) => kind === 'warning').length, 1);
    await run('secureIot.provisionDevice', { address: boards[1]?.address, device: 'one' });
    await person.sees(/has the identity "one" already/);
    assert.equal((await readProvisioned(folder)).length, 1, 'Escape leaves the board alone');
    person.press(/has the identity "one" already/, 'Use It Again');
    await run('secureIot.provisionDevice', { address: boards[1]?.address, device: 'one' });
    assert.deepEqual(
      (await readProvisioned(folder)).map(({ mac, device }) => [mac, device]),
      [
        ['24:6f:28:00:00:01', 'one'],
        ['24:6f:28:00:00:02', 'one'],
      ],
    );
  });

  it('makes a new device on the way', async () => {
    person
      .answers(/The device that the board becomes/, 'New Device')
      .accepts(/broker's names/)
      .answers(/name of the device/, 'three')
      .answers(/passphrase/i, PASSPHRASE);
    await run('secureIot.provisionDevice', { address: boards[0]?.address });
    await person.sees(/is now "three"/);
    person.wasAskedEverything();
  });

  it('asks for the key file of an NVS whose keys are not on the board', async () => {
    const keys = join(dirname(folder), 'keys.bin');
    await writeNvsKeys(keys);
    const csv = join(dirname(folder), 'n.csv');
    await writeFile(csv, 'key,type,encoding,value\nwifi,namespace,,\nssid,data,string,workshop\n');
    const image = await buildNvsFile(csv, join(dirname(folder), 'n.bin'), 0x6000, { keyFile: keys });
    boards[0]?.flash.preload(0x9000, image);
    const address = boards[0]?.address;
    await run('secureIot.provisionDevice', { address, device: 'one' });
    await person.sees(/is encrypted, and its keys are not in an nvs_keys partition/);
    assert.deepEqual(boards[0]?.flash.read(0x9000, 0x6000), image, 'Escape leaves the board alone');
    person.press(/is encrypted, and its keys/, 'Choose Key File…').chooses(keys);
    await run('secureIot.provisionDevice', { address, device: 'one' });
    await person.sees(/is now "one".* Kept: 1 other entry\./);
    person.press(/is encrypted, and its keys/, 'Choose Key File…').chooses(keys);
    await run('secureIot.backUpNvs', { address });
    await person.sees(/The partition "nvs" \(encrypted\) of 24:6f:28:00:00:01 is in certs\/backups/);
    person.wasAskedEverything();
  });

  it('builds an NVS image beside its CSV, out of git, and asks before anything else there is replaced', async () => {
    const csv = join(dirname(folder), 'wifi.csv');
    const output = join(dirname(folder), 'wifi.bin');
    await writeFile(csv, 'key,type,encoding,value\nwifi,namespace,,\nssid,data,string,workshop\n');
    const build = () => run('secureIot.buildNvsImage', { csv, size: 0x6000 });
    assert.equal(await build(), output);
    const image = await readFile(output);
    assert.equal(image.length, 0x6000);
    await person.sees(/^Wrote wifi\.bin: 24576 bytes .* git ignores it\.$/);
    assert.equal(await readFile(join(dirname(folder), '.gitignore'), 'utf8'), 'wifi.bin\n');
    await build();
    await writeFile(output, 'the only copy');
    await build();
    const asked = await person.sees(/^Replace wifi\.bin\?$/);
    assert.match(asked.detail ?? '', /no NVS image made from a CSV/);
    assert.equal(await readFile(output, 'utf8'), 'the only copy', 'Escape leaves it');
    person.press(/^Replace wifi\.bin\?$/, 'Replace');
    assert.equal(await build(), output);
    assert.deepEqual(await readFile(output), image);
    person.wasAskedEverything();
  });

  it('backs up the NVS of a board and shows it without its keys', async () => {
    const address = boards[0]?.address;
    await run('secureIot.backUpNvs', { address });
    await person.sees(/NVS partition "nvs" is blank: there is nothing to back up/);
    await run('secureIot.provisionDevice', { address, device: 'one' });
    const flash = boards[0]?.flash.read(0x9000, 0x6000);
    const file = await run('secureIot.backUpNvs', { address });
    await person.sees(
      /The partition "nvs" of 24:6f:28:00:00:01 is in certs\/backups\/.* It holds 1 key or password: git ignores it, keep it secret\. The private key lies readable/,
    );
    assert.deepEqual(new Uint8Array(await readFile(file)), flash);
    assert.deepEqual(boards[0]?.flash.read(0x9000, 0x6000), flash);
  });

  it('gives every board that is there a device, and says how it ended', async () => {
    const result = await run('secureIot.provisionMany', { devices: ['one', 'two'] });
    assert.deepEqual(result.done, ['one', 'two']);
    await person.sees(/^2 boards provisioned\.$/);
    assert.deepEqual((await readProvisioned(folder)).map(({ device }) => device).sort(), ['one', 'two']);
  });

  it('saves a label for each board that was provisioned', async () => {
    await run('secureIot.makeLabels');
    await person.sees(/there is nothing to label/);
    await run('secureIot.provisionDevice', { address: boards[0]?.address, device: 'one' });
    const target = join(dirname(folder), 'labels.html');
    person.chooses(target);
    assert.equal(await run('secureIot.makeLabels'), target);
    await person.sees(/1 label saved in labels\.html/);
    assert.match(await readFile(target, 'utf8'), /<b>one<\/b>\n<span>24:6f:28:00:00:01<\/span>/);
  });

  it('says that every device has a board', async () => {
    await run('secureIot.provisionMany', { devices: ['one', 'two'] });
    await run('secureIot.provisionMany');
    const { buttons } = await person.sees(/Every device certificate in .* is on a board already/);
    assert.deepEqual([...buttons], ['Generate Certificates…']);
  });
});
