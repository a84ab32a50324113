import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { authoritySubject, namedIdentity, readConnectionFiles } from '../../../src/io/mqtt/connectionFiles';
import { issueDevice } from '../../../src/io/pki/issueCertificates';
import { testPki } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet } from '../../support/testAuthority';

async function folderWith() {
  const folder = temporaryFolder('connection');
  const { ca, device } = await goodSet();
  await mkdir(join(folder, 'ca'));
  await mkdir(join(folder, 'devices'));
  await writeFile(join(folder, 'ca', 'ca.crt'), ca.pem);
  await writeFile(join(folder, 'devices', 'board.crt'), device.pem);
  await writeFile(join(folder, 'devices', 'board.key'), device.keyPem);
  return { folder, ca, device };
}

test('the workspace gives its authority and a device its pair', async () => {
  const { folder, ca, device } = await folderWith();
  const files = await readConnectionFiles(folder, { type: 'workspace' }, { type: 'device', name: 'board' });
  assert.deepEqual(files, { ca: ca.pem, certificate: device.pem, key: device.keyPem });
});

test('system roots and no certificate need no file', async () => {
  assert.deepEqual(await readConnectionFiles('/nowhere', { type: 'system' }, { type: 'none' }), {});
});

test('picked files are read, and a missing one is named', async () => {
  const { folder, ca } = await folderWith();
  const path = join(folder, 'ca', 'ca.crt');
  assert.deepEqual(await readConnectionFiles('', { type: 'file', path }, { type: 'none' }), { ca: ca.pem });
  const gone = join(folder, 'gone.pem');
  await assert.rejects(
    readConnectionFiles('', { type: 'file', path: gone }, { type: 'none' }),
    /certificate authority is not there: .*gone\.pem/,
  );
});

test('a device name that leaves the folder is refused', async () => {
  const { folder } = await folderWith();
  for (const name of ['../ca/ca', 'a/b', 'a\\b', '..', ''])
    await assert.rejects(readConnectionFiles(folder, { type: 'system' }, { type: 'device', name }), /not the name/);
});

test('the authority is known by its common name, and a broken one is none', async () => {
  const { folder } = await folderWith();
  assert.notEqual(await authoritySubject(folder), null);
  await writeFile(join(folder, 'ca', 'ca.crt'), 'broken');
  assert.equal(await authoritySubject(folder), null);
  assert.equal(await authoritySubject('/nowhere'), null);
});

test('a device whose name cannot name a file as it is connects with the files that were made for it', async () => {
  const { store, authority } = await testPki();
  await issueDevice(store, authority, { commonName: 'Pump 1: north' });
  const identity = { type: 'device', name: 'Pump 1: north' } as const;
  const { certificate } = await readConnectionFiles(store.folder, { type: 'workspace' }, identity);
  assert.equal(certificate, (await store.readDevice('Pump 1: north')).certificate);
});

test('an operator is found by the same name', async () => {
  const { store, authority } = await testPki();
  await issueDevice(store, authority, { commonName: 'Ann Lee', role: 'operator' });
  const { key } = await readConnectionFiles(
    store.folder,
    { type: 'workspace' },
    namedIdentity(store.folder, 'Ann Lee'),
  );
  assert.match(key ?? '', /PRIVATE KEY/);
});
