import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type LineState, MonitorLine } from '../../../src/io/serial/monitorLine';
import { until } from '../../support/until';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

it('stays with a board: loss, return within 300 ms, reset, lending', { timeout: 60_000 }, async () => {
  const board = await VirtualBoard.start({ port: 0, factory: true });
  const states: LineState[] = [];
  let text = '';
  const line = new MonitorLine(board.address, 115_200, {
    onBytes: (bytes) => {
      text += Buffer.from(bytes).toString('latin1');
    },
    onState: (state) => states.push(state),
  });
  const kinds = () => states.map(({ kind }) => kind).join(' ');
  try {
    line.start();
    await until(() => kinds() === 'open', 'it did not open');
    text = '';
    await line.reset();
    await until(() => text.includes('POWERON_RESET'), 'no boot log after the reset');
    await line.reset(true);
    await until(() => text.includes('waiting for download'), 'no download mode');

    const back: number[] = [];
    for (let round = 0; round < 10 && !back.some((ms) => ms < 300); round++) {
      states.length = 0;
      await board.unplug();
      await until(() => kinds() === 'waiting', 'the loss was not told');
      await assert.rejects(line.send(Uint8Array.of(1)), { code: 'port-lost' });
      await board.plug();
      const plugged = Date.now();
      await until(() => kinds() === 'waiting open', 'it did not come back');
      back.push(Date.now() - plugged);
    }
    assert.ok(Math.min(...back) < 300, `back after ${back.join(', ')} ms`); // one of ten: the machine may be busy

    await line.suspend('flashing');
    assert.deepEqual(states.at(-1), { kind: 'lent', to: 'flashing' });
    line.start();
    await until(() => kinds().endsWith('lent open'), 'it did not take the port back');
  } finally {
    await line.suspend();
    await board.close();
  }
});

it('tells why it waits, once, and not again while nothing changes', async () => {
  const states: LineState[] = [];
  const line = new MonitorLine('/dev/ttyNone9', 115_200, { onBytes: () => {}, onState: (s) => states.push(s) });
  line.start();
  await until(() => states.length > 0, 'nothing was told');
  await new Promise((resolve) => setTimeout(resolve, 500));
  await line.suspend();
  assert.equal(states.length, 1);
  assert.match(states[0]?.kind === 'waiting' ? states[0].reason : '', /There is no port \/dev\/ttyNone9/);
});
