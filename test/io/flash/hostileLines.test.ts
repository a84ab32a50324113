// Flashing over lines and by people that do not behave: cancelled at every step, baud rates refused, tiny flash chips,
// boards that others use, servers that hang up.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { FlashCancelled } from '../../../src/core/errors';
import { planFlash } from '../../../src/core/firmware/flashPlan';
import type { FlashProgress } from '../../../src/core/firmware/flashProgress';
import { flash } from '../../../src/io/flash/espFlasher';
import { withLoader } from '../../../src/io/flash/espSession';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { firmwareImage, partitionTable } from '../../support/firmwareFiles';
import { randomBytes } from '../../support/randomFaults';
import { VirtualBoard, type VirtualBoardOptions } from '../../virtualBoard/virtualBoard';

const app = firmwareImage({ data: randomBytes(60_000, 4) });
const plan = planFlash([
  { offset: 0x8000, bytes: partitionTable(), name: 'partitions.bin' },
  { offset: 0x10000, bytes: app, name: 'app.bin' },
]);

async function start(t: TestContext, options: Partial<VirtualBoardOptions> = {}): Promise<VirtualBoard> {
  const board = await VirtualBoard.start({ port: 0, factory: true, ...options });
  t.after(() => board.close());
  return board;
}

const holds = (board: VirtualBoard) => Buffer.from(board.flash.read(0x10000, app.length)).equals(app);

/** What a server at a free port does with each connection. */
async function serve(t: TestContext, answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answer(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('flashing against resistance', { concurrency: 3, timeout: 120_000 }, () => {
  it('can be cancelled at every step that it tells of, each time with the truth, and flashes afterwards', async (t) => {
    const board = await start(t);
    const port = await openBoardPort(board.address);
    const steps: string[] = [];
    const step = ({ phase, what, done }: FlashProgress) => `${phase} ${what} ${done}`;
    await flash(port, plan, { onProgress: (progress) => steps.push(step(progress)) });
    assert.ok(steps.length > 6 && new Set(steps).size === steps.length, steps.join('\n'));
    for (const [index, name] of steps.entries()) {
      board.flash.preload(0x10000, new Uint8Array(app.length).fill(0xff));
      const was = board.flash.read(0, board.flash.size);
      const stop = new AbortController();
      let seen = 0;
      const onProgress = () => {
        if (seen++ === index) stop.abort();
      };
      const error = await flash(port, plan, { signal: stop.signal, onProgress }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof FlashCancelled, `${name}: ${error}`);
      const { boardState } = error;
      if (/Nothing was written/.test(boardState)) assert.deepEqual(board.flash.read(0, board.flash.size), was, name);
      else assert.match(boardState, /is only partly written|written but not verified|Everything was written/, name);
      if (/Everything was written/.test(boardState)) assert.ok(holds(board), name);
      assert.equal(/Nothing was written/.test(boardState), name.startsWith('connecting'), `${name}: ${boardState}`);
    }
    await flash(port, plan);
    assert.ok(holds(board));
  });

  it('steps down where an RFC 2217 server refuses a baud rate', async (t) => {
    const board = await start(t, { highestBaudRate: 250_000 });
    const told: string[] = [];
    const { baudRate } = await flash(await openBoardPort(board.address), plan, { log: (line) => told.push(line) });
    assert.equal(baudRate, 230_400);
    const refused = told.flatMap((line) => /^The board does not answer at (\d+) baud/.exec(line)?.[1] ?? []);
    assert.deepEqual(refused, ['921600', '460800']);
    assert.ok(!told.some((line) => /[\r\n]/.test(line)), 'one line is one line');
    assert.ok(holds(board));
  });

  it('says which baud rate an RFC 2217 server stays at, where it refuses the one to open with', async (t) => {
    const board = await start(t, { highestBaudRate: 115_200 });
    const port = await openBoardPort(board.address);
    await assert.rejects(port.open(2_000_000), {
      code: 'baud-refused',
      message: /cannot do 2000000 baud \(it stays at 115200\)\. Choose a lower baud rate\./,
    });
    await port.open(115_200);
    await port.close();
  });

  for (const [chip, kilobytes] of [
    ['ESP8266', 512],
    ['ESP8266', 1024],
    ['ESP32-C3', 256],
    ['ESP32', 1024],
  ] as const)
    it(`knows the ${kilobytes} KB of flash of an ${chip}, and writes nothing beyond`, async (t) => {
      const board = await start(t, { chip, flashSize: kilobytes * 1024, factory: false });
      const port = await openBoardPort(board.address);
      const { flashBytes } = await withLoader(port, {}, async ({ info }) => info);
      assert.equal(flashBytes, kilobytes * 1024);
      const last = planFlash([{ offset: kilobytes * 1024 - 0x1000, bytes: randomBytes(0x1000, 5), name: 'last.bin' }]);
      await flash(port, last);
      const was = board.flash.read(0, board.flash.size);
      assert.deepEqual(was.subarray(-0x1000), randomBytes(0x1000, 5));
      const beyond = planFlash([{ offset: kilobytes * 1024 - 0x1000, bytes: randomBytes(0x1001, 5), name: 'big.bin' }]);
      await assert.rejects(flash(port, beyond), {
        code: 'image-too-large',
        message: /beyond the \d+ [KM]B of flash/,
      });
      assert.deepEqual(board.flash.read(0, board.flash.size), was);
    });

  it('says that another program may be using the board, and leaves that one in peace', async (t) => {
    const board = await start(t);
    const first = await openBoardPort(board.address);
    await first.open(115_200);
    let lost = false;
    first.onClose((error) => {
      lost ||= error !== undefined;
    });
    await assert.rejects(flash(await openBoardPort(board.address), plan), {
      code: 'port-lost',
      message: /another program may be using the board/,
    });
    assert.equal(lost, false);
    await first.close();
    await flash(await openBoardPort(board.address), plan);
  });

  it('ends in good time with a server that hangs up, talks nonsense, or answers half', async (t) => {
    const half = Uint8Array.of(0xff, 0xfb, 0x2c, 0xff, 0xfd, 0x2c, 0xff, 0xfa, 0x2c, 0x66); // WILL, DO, and half an answer
    const servers: Record<string, (socket: Socket) => void> = {
      'hangs up': (socket) => socket.destroy(),
      'hangs up after a byte': (socket) => socket.end(Uint8Array.of(0xff)),
      nonsense: (socket) => socket.resume().write(randomBytes(5000, 6)),
      'half an answer': (socket) => socket.resume().write(half),
      'noise for ever': (socket) => {
        const timer = setInterval(() => socket.write(randomBytes(500, 8)), 5);
        socket.resume().on('close', () => clearInterval(timer));
      },
    };
    const each = Object.entries(servers).flatMap(([name, answer]) => [
      { name, answer, scheme: 'rfc2217' },
      { name, answer, scheme: 'socket' },
    ]);
    await Promise.all(
      each.map(async ({ name, answer, scheme }) => {
        const port = await openBoardPort(`${scheme}://${await serve(t, answer)}`);
        const began = Date.now();
        const error = await flash(port, plan).then(
          () => undefined,
          (reason: Error) => reason,
        );
        assert.equal(error?.name, 'UserError', `${scheme} ${name}: ${error?.stack}`);
        assert.ok(Date.now() - began < 30_000, `${scheme} ${name}: ${Date.now() - began} ms`);
        assert.doesNotMatch(error?.message ?? '', /undefined|NaN|\[object/);
      }),
    );
  });
});
