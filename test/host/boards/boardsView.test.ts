// The Boards view: what its rows say.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { BoardSource } from '../../../src/host/boards/boardList';
import { BoardsView } from '../../../src/host/boards/boardsView';
import { BoardVitals } from '../../../src/host/monitor/boardVitals';
import { PortOwnership } from '../../../src/io/serial/portOwnership';
import { watchPorts } from '../../../src/io/serial/portWatch';
import { temporaryFolder } from '../../support/temporaryFolder';
import { fake } from '../../support/vscode/install';

describe('the Boards view', () => {
  it('begins a network board with its host, and says beside it who uses it', async () => {
    const address = 'rfc2217://workbench:4000';
    fake.open('/tmp', { 'secureIot.boards.addresses': [address] });
    const ports = new PortOwnership();
    const view = new BoardsView(ports, new BoardVitals());
    try {
      const board = (await view.getChildren()).find((one) => one.address === address);
      assert.ok(board);
      const row = () => {
        const { label, description, tooltip, contextValue } = view.getTreeItem(board);
        return { label, description, tooltip, contextValue };
      };
      assert.deepEqual(row(), {
        label: 'workbench:4000',
        description: '',
        tooltip: address,
        contextValue: 'boardAddress',
      });
      const release = await ports.acquire(address, { name: 'the serial monitor' });
      assert.equal(row().description, 'serial monitor');
      assert.match(String(row().tooltip), /In use by the serial monitor/);
      await release();
      assert.equal(row().description, '');
    } finally {
      view.dispose();
    }
  });

  it('names a serial port by its chip, with its path beside it', async () => {
    const view = new BoardsView(new PortOwnership(), new BoardVitals());
    const port = { address: '/dev/ttyACM0', serialNumber: '24:6F:28:C0:1D:DB' };
    const { label, description, tooltip } = view.getTreeItem({
      address: '/dev/ttyACM0',
      name: 'ESP32 native USB',
      kind: 'serial',
      port,
    });
    view.dispose();
    assert.deepEqual([label, description], ['ESP32 native USB', '/dev/ttyACM0']);
    assert.match(String(tooltip), /Serial number 24:6F/);
  });

  it('follows what is plugged in and out while it is visible, and lets it be while it is not', async () => {
    const devices = temporaryFolder('dev');
    const source: BoardSource = {
      list: async () =>
        readdirSync(devices).map((name) => ({ address: name, name, kind: 'serial', port: { address: name } })),
      watch: async (onChange) => watchPorts(onChange, devices),
    };
    const view = new BoardsView(new PortOwnership(), new BoardVitals(), source);
    let changes = 0;
    view.onDidChangeTreeData(() => changes++);
    const shows = async (...names: string[]) => {
      const until = Date.now() + 5_000;
      while ((await view.getChildren()).map(({ name }) => name).join() !== names.join()) {
        assert.ok(Date.now() < until, `shows ${names.join()}`);
        await delay(20);
      }
    };
    try {
      fake.views.get('secureIot.boards')?.(true);
      await delay(50);
      await shows();
      writeFileSync(join(devices, 'ttyUSB0'), '');
      await shows('ttyUSB0');
      writeFileSync(join(devices, 'ttyACM1'), '');
      await shows('ttyACM1', 'ttyUSB0');
      rmSync(join(devices, 'ttyUSB0'));
      await shows('ttyACM1');
      fake.views.get('secureIot.boards')?.(false);
      await delay(50);
      changes = 0;
      writeFileSync(join(devices, 'ttyUSB2'), '');
      await delay(500);
      assert.equal(changes, 0, 'nobody looks');
      fake.views.get('secureIot.boards')?.(true);
      await shows('ttyACM1', 'ttyUSB2');
    } finally {
      view.dispose();
    }
  });
});
