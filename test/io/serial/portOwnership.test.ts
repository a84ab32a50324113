import assert from 'node:assert/strict';
import { it } from 'node:test';
import { PortOwnership } from '../../../src/io/serial/portOwnership';

const monitor = (log: string[]) => ({
  name: 'the serial monitor',
  yield: async () => void log.push('yield'),
  resume: async () => void log.push('resume'),
});

it('asks the owner to give way, and gives the port back to it', async () => {
  const ports = new PortOwnership();
  const log: string[] = [];
  await ports.acquire('COM3', monitor(log));
  const release = await ports.acquire('COM3', { name: 'flashing' });
  assert.equal(ports.ownerOf('COM3'), 'flashing');
  assert.deepEqual(log, ['yield']);
  await release();
  await release();
  assert.deepEqual(log, ['yield', 'resume']);
  assert.equal(ports.ownerOf('COM3'), 'the serial monitor');
});

it('refuses by name when the owner cannot give way', async () => {
  const ports = new PortOwnership();
  const release = await ports.acquire('COM3', { name: 'flashing' });
  await assert.rejects(ports.acquire('COM3', { name: 'a monitor' }), {
    code: 'port-busy',
    message: 'COM3 is in use by flashing. Wait until it is done, or stop it.',
  });
  await release();
  await (await ports.acquire('COM3', { name: 'a monitor' }))();
  assert.equal(ports.ownerOf('COM3'), undefined);
});

it('does not wake a monitor that closed while another had the port', async () => {
  const ports = new PortOwnership();
  const log: string[] = [];
  const closeMonitor = await ports.acquire('COM3', monitor(log));
  const release = await ports.acquire('COM3', { name: 'flashing' });
  await closeMonitor();
  await release();
  assert.deepEqual(log, ['yield']);
});

it('keeps addresses apart', async () => {
  const ports = new PortOwnership();
  await ports.acquire('COM3', { name: 'flashing' });
  await ports.acquire('COM4', { name: 'flashing' });
});

it('lets an owner go on that gave way too late, when nobody waited for it any more', async () => {
  const ports = new PortOwnership(10);
  const log: string[] = [];
  let closed: () => void = () => {};
  const slow = {
    ...monitor(log),
    yield: () =>
      new Promise<void>((resolve) => {
        closed = resolve;
      }),
  };
  await ports.acquire('COM3', slow);
  await assert.rejects(ports.acquire('COM3', { name: 'flashing' }), { code: 'port-busy' });
  assert.deepEqual(log, []);
  closed();
  await new Promise(setImmediate);
  assert.deepEqual(log, ['resume']);
  assert.equal(ports.ownerOf('COM3'), 'the serial monitor');
});
