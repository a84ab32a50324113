// The Boards view: what its rows say.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BoardsView } from '../../../src/host/boards/boardsView';
import { BoardVitals } from '../../../src/host/monitor/boardVitals';
import { PortOwnership } from '../../../src/io/serial/portOwnership';
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
});
