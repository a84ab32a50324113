// What the explorer offers to connect with, in a fake VS Code.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { explorerWindow } from '../../../src/host/explorer/explorerWindow';
import { ProfileStore } from '../../../src/host/explorer/profileStore';
import { OwnConnections } from '../../../src/io/network/ownConnections';
import { fullTestPki } from '../../support/pki';
import { fake } from '../../support/vscode/install';

beforeEach(() => {
  fake.open();
  fake.state.clear();
  fake.secrets.clear();
});

function windowFor(folder: string, localBroker?: { port: number; certificateNames: readonly string[] }) {
  const { workspaceState, secrets } = fake.context();
  return explorerWindow(new ProfileStore(workspaceState, secrets, ''), {
    certificates: () => folder,
    brokerPort: () => 8883,
    own: new OwnConnections(),
    localBroker: () => localBroker,
  });
}

test("offers this workspace's broker with its newest device, under a name that the broker's certificate has", async () => {
  const { store } = await fullTestPki();
  const running = { port: 9883, certificateNames: ['workshop.local'] };
  const { profiles, devices, authority, localBroker } = await windowFor(store.folder, running).choices();
  assert.deepEqual(devices, ['esp32-device-001']);
  assert.equal(authority, 'Test CA');
  assert.equal(localBroker, 'mqtts://localhost:9883');
  const [local] = profiles;
  assert.equal(local?.port, 9883);
  assert.equal(local?.servername, 'workshop.local');
  assert.deepEqual(local?.identity, { type: 'device', name: 'esp32-device-001' });
});

test('a damaged inventory keeps nobody from the connections', async () => {
  const { store } = await fullTestPki();
  await writeFile(join(store.folder, 'inventory.json'), '{');
  const { profiles, devices, authority } = await windowFor(store.folder).choices();
  assert.deepEqual(devices, []);
  assert.equal(authority, 'Test CA');
  assert.equal(profiles.length, 1);
});
