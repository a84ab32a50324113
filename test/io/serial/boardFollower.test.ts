import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BoardFollower } from '../../../src/io/serial/boardFollower';
import type { PortInfo } from '../../../src/io/serial/boardPort';
import { type LineState, MonitorLine } from '../../../src/io/serial/monitorLine';
import { ptyPair } from '../../support/ptyPair';
import { requireTool } from '../../support/tools';
import { until } from '../../support/until';

/** A machine whose ports the test plugs and unplugs. */
class FakeMachine {
  ports: PortInfo[] = [];
  lists = 0;
  nowMs = 0;
  /** The name is there, the serial number not yet. */
  unsettled = new Set<string>();
  readonly names = async () => new Set(this.ports.map(({ address }) => address));
  readonly list = async () => {
    this.lists += 1;
    return this.ports.map((port) => (this.unsettled.has(port.address) ? { address: port.address } : port));
  };
  plug(address: string, serialNumber?: string) {
    this.ports.push({ address, ...(serialNumber ? { serialNumber } : {}) });
  }
  unplug(address: string) {
    this.ports = this.ports.filter((port) => port.address !== address);
  }
}

async function followed(plugged: readonly [string, string?][]) {
  const machine = new FakeMachine();
  for (const [address, serialNumber] of plugged) machine.plug(address, serialNumber);
  const follower = new BoardFollower(machine, () => machine.nowMs);
  await follower.learn('ttyACM0');
  return { machine, locate: () => follower.locate('ttyACM0') };
}

it('finds a board under its new name by its serial number', async () => {
  const { machine, locate } = await followed([['ttyACM0', 'A1']]);
  machine.unplug('ttyACM0');
  assert.equal(await locate(), 'ttyACM0');
  machine.plug('ttyACM1', 'A1');
  assert.equal(await locate(), 'ttyACM1');
});

it('asks for the list only while devices come and go', async () => {
  const { machine, locate } = await followed([['ttyACM0', 'A1']]);
  machine.unplug('ttyACM0');
  await locate();
  machine.nowMs = 10_000;
  const { lists } = machine;
  for (let i = 0; i < 100; i++) await locate();
  assert.equal(machine.lists, lists);
  machine.plug('ttyACM1', 'A1');
  assert.equal(await locate(), 'ttyACM1');
});

it('waits for a serial number that the system tells a little later than the name', async () => {
  const { machine, locate } = await followed([['ttyACM0', 'A1']]);
  machine.unplug('ttyACM0');
  machine.plug('ttyACM1', 'A1');
  machine.unsettled.add('ttyACM1');
  assert.equal(await locate(), 'ttyACM0');
  machine.nowMs = 400;
  machine.unsettled.clear();
  assert.equal(await locate(), 'ttyACM1');
});

it('stays with a board that is back under its old name', async () => {
  const { machine, locate } = await followed([['ttyACM0', 'A1']]);
  machine.unplug('ttyACM0');
  await locate();
  machine.plug('ttyACM0', 'A1');
  assert.equal(await locate(), 'ttyACM0');
});

it('never takes another board, even where all adapters have the same number', async () => {
  const { machine, locate } = await followed([
    ['ttyACM0', '0001'],
    ['ttyUSB3', '0001'],
  ]);
  machine.unplug('ttyACM0');
  assert.equal(await locate(), 'ttyACM0');
  machine.plug('ttyUSB4', 'B2');
  assert.equal(await locate(), 'ttyACM0');
  machine.plug('ttyUSB5', '0001');
  machine.plug('ttyUSB6', '0001'); // which of the two?
  assert.equal(await locate(), 'ttyACM0');
});

it('does not follow a board without a serial number', async () => {
  const { machine, locate } = await followed([['ttyACM0']]);
  machine.unplug('ttyACM0');
  machine.plug('ttyACM1');
  assert.equal(await locate(), 'ttyACM0');
});

it('the monitor is open again under the new name within 300 ms', { timeout: 30_000 }, async (t) => {
  const socat = requireTool(t, 'socat');
  if (!socat) return;
  const machine = new FakeMachine();
  let pair = await ptyPair(socat);
  const states: LineState[] = [];
  machine.plug(pair.near, 'A1');
  const line = new MonitorLine(
    pair.near,
    115_200,
    { onBytes: () => {}, onState: (state) => states.push(state) },
    machine,
  );
  const opened = () => states.filter((state) => state.kind === 'open').map(({ address }) => address);
  const took: number[] = [];
  try {
    line.start();
    await until(() => opened().length === 1 && machine.lists > 0, 'it did not open');
    for (let move = 0; move < 3 || (move < 10 && !took.some((ms) => ms < 300)); move++) {
      const lists = machine.lists;
      machine.unplug(pair.near);
      await pair.stop();
      await until(() => states.at(-1)?.kind === 'waiting', 'the loss was not told');
      pair = await ptyPair(socat);
      machine.plug(pair.near, 'A1');
      const plugged = Date.now();
      await until(() => opened().at(-1) === pair.near, 'it did not follow');
      took.push(Date.now() - plugged);
      await until(() => machine.lists >= lists + 2, 'it did not look at its new place');
    }
    assert.ok(Math.min(...took) < 300, `followed after ${took.join(', ')} ms`); // one of ten: the machine may be busy
  } finally {
    await line.suspend();
    await pair.stop();
  }
});
