// A monitor on boards and servers that do not behave: lost again and again, reset in the middle of a line, at a rate
// that is refused.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { type LineState, MonitorLine } from '../../../src/io/serial/monitorLine';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { ptyPair } from '../../support/ptyPair';
import { requireTool } from '../../support/tools';
import { until } from '../../support/until';
import { VirtualBoard } from '../../virtualBoard/virtualBoard';

function watch(t: TestContext, address: string, baudRate = 115_200) {
  const states: LineState[] = [];
  const heard = { text: '' };
  const line = new MonitorLine(address, baudRate, {
    onBytes: (bytes) => {
      heard.text += Buffer.from(bytes).toString('latin1');
    },
    onState: (state) => states.push(state),
  });
  line.start();
  t.after(() => line.suspend());
  return { line, states, heard };
}

describe('a monitor against resistance', { concurrency: true, timeout: 60_000 }, () => {
  it('hears every byte of a board that is lost twenty times', async (t) => {
    let round = 0;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      socket.write(`round ${round} begins\r\n`);
      socket.end(`round ${round++} ends\r\n`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { states, heard, line } = watch(t, `socket://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await until(() => round > 20, 'it gave up', 30_000);
    await line.suspend();
    const whole = Array.from({ length: 20 }, (_, n) => `round ${n} begins\r\nround ${n} ends\r\n`).join('');
    assert.ok(heard.text.startsWith(whole), heard.text.slice(-200));
    await until(() => sockets.size === 0, 'a connection is left behind');
    const reasons = new Set(states.flatMap((state) => (state.kind === 'waiting' ? [state.reason] : [])));
    assert.match([...reasons].join(), /^The connection to socket:\S+ ended\. Check that the board's server still runs/);
  });

  it('shows each boot of a board that is reset again and again, in the middle of what it says', async (t) => {
    const board = await VirtualBoard.start({ port: 0, factory: true, pacing: 115_200 });
    t.after(() => board.close());
    const { states, heard } = watch(t, board.address);
    await until(() => states.at(-1)?.kind === 'open', 'it did not open');
    for (let boots = 1; boots <= 5; boots++) {
      board.reset();
      await until(() => (heard.text.match(/rst:0x1 \(POWERON_RESET\)/g)?.length ?? 0) >= boots, `boot ${boots}`);
    }
    assert.deepEqual(
      states.map(({ kind }) => kind).filter((kind) => kind !== 'open'),
      [],
      'the line was never lost',
    );
  });

  it('tells who has the port, once, and takes it when that one is done', async (t) => {
    const socat = requireTool(t, 'socat');
    if (!socat) return;
    const pair = await ptyPair(socat);
    t.after(() => pair.stop());
    const holder = await openBoardPort(pair.near);
    await holder.open(115_200);
    const { states } = watch(t, pair.near);
    await until(() => states.length > 0, 'nothing was told');
    assert.match(states[0]?.kind === 'waiting' ? states[0].reason : '', /is in use by this program/);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(states.length, 1);
    await holder.close();
    await until(() => states.at(-1)?.kind === 'open', 'it does not take the port');
  });

  it('tells that a server refuses the baud rate, and keeps the one it has where a change is refused', async (t) => {
    const board = await VirtualBoard.start({ port: 0, factory: true, highestBaudRate: 115_200 });
    t.after(() => board.close());
    const refused = watch(t, board.address, 921_600);
    await until(() => refused.states.length > 0, 'nothing was told');
    const [first] = refused.states;
    assert.match(first?.kind === 'waiting' ? first.reason : '', /cannot do 921600 baud \(it stays at 115200\)/);
    await refused.line.suspend();
    assert.equal(refused.states.length, 1, 'told once');
    const { line, states, heard } = watch(t, board.address);
    await until(() => states.at(-1)?.kind === 'open', 'it did not open');
    await assert.rejects(line.setBaudRate(3_000_000), { code: 'baud-refused' });
    heard.text = '';
    board.reset();
    await until(() => heard.text.includes('POWERON_RESET'), 'it does not go on');
    await board.unplug();
    await board.plug();
    await until(() => states.at(-1)?.kind === 'open' && states.length > 2, 'it did not come back');
    assert.deepEqual(states.at(-1), { kind: 'open', address: board.address, baudRate: 115_200 });
  });
});
