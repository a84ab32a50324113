// A board that comes back at another port while it is watched: the monitor follows, and so does its claim to the port.
import '../../support/vscode/install';

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DeviceErrorStore } from '../../../src/host/decoding/deviceErrorStore';
import { Log } from '../../../src/host/log';
import { BoardVitals } from '../../../src/host/monitor/boardVitals';
import { SerialMonitor } from '../../../src/host/monitor/serialMonitor';
import type { PortInfo } from '../../../src/io/serial/boardPort';
import { PortOwnership } from '../../../src/io/serial/portOwnership';
import { ptyPair } from '../../support/ptyPair';
import { requireTool } from '../../support/tools';
import { until } from '../../support/until';

it('lets the port be flashed under its new name, and takes it back', { timeout: 60_000 }, async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  let pair = await ptyPair(socat);
  const first = pair.near;
  let plugged: PortInfo[] = [{ address: first, serialNumber: 'A1' }];
  const ports = new PortOwnership();
  const vitals = new BoardVitals();
  const monitor = new SerialMonitor(first, 115_200, {
    ports,
    errors: new DeviceErrorStore(),
    vitals,
    log: Log.create(),
    firmware: {},
    portSource: { names: async () => new Set(plugged.map(({ address }) => address)), list: async () => plugged },
  });
  let screen = '';
  const names: string[] = [];
  monitor.onDidWrite((text) => {
    screen += text;
  });
  monitor.onDidChangeName((name) => names.push(name));
  try {
    monitor.open();
    await until(() => /connected to/.test(screen), 'it did not connect');
    await pair.stop();
    plugged = [];
    await until(() => /Waiting until it is back/.test(screen), 'the loss was not told');
    pair = await ptyPair(socat);
    plugged = [{ address: pair.near, serialNumber: 'A1' }];
    await until(() => ports.ownerOf(pair.near) === 'the serial monitor', 'it did not follow');
    await until(() => ports.ownerOf(first) === undefined, 'it kept the port that it left');
    assert.equal(monitor.address, pair.near);
    assert.deepEqual(names, [`Serial Monitor ${pair.near.replace(/^.*\//, '')}`]);

    screen = '';
    const release = await ports.acquire(pair.near, { name: 'flashing' });
    await until(() => /port given to flashing/.test(screen), 'the port was not given up');
    await release();
    await until(() => /connected to/.test(screen), 'it did not take the port back');
  } finally {
    monitor.close();
    vitals.dispose();
    await pair.stop();
  }
});
