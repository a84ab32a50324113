import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import { temporaryFolder } from '../support/temporaryFolder';
import { BoardMonitor } from './boardMonitor';
import { buildDemoFlashFiles, buildDemoImage } from './demoImage';
import { makeResponse, Op, xorChecksum } from './loaderProtocol';
import { encodeSlip, SlipDecoder } from './slip';
import { VirtualBoard, type VirtualBoardOptions } from './virtualBoard';

const app = buildDemoImage(
  { host: '127.0.0.1', port: 1, deviceId: 'd', ca: null, cert: null, key: null, insecure: true, platform: 'esp-idf' },
  { codeBytes: 4096 },
);
const DTR_ON = 8;
const DTR_OFF = 9;
const RTS_ON = 11;
const RTS_OFF = 12;

async function start(t: TestContext, options: Partial<VirtualBoardOptions> = {}) {
  const board = await VirtualBoard.start({ port: 0, ...options });
  t.after(() => board.close());
  const monitor = await BoardMonitor.open(board.port);
  t.after(() => monitor.close());
  return { board, monitor };
}

function command(op: number, wordsOrData: readonly number[] | Uint8Array, payload = new Uint8Array(0)): Uint8Array {
  const head = wordsOrData instanceof Uint8Array ? wordsOrData : new Uint8Array(new Uint32Array(wordsOrData).buffer);
  const frame = makeResponse(op, xorChecksum(payload), Uint8Array.of(...head, ...payload));
  frame[0] = 0;
  return encodeSlip(frame);
}

/** Sends a command to a loader on a raw socket and returns the data of its answer. */
async function ask(monitor: BoardMonitor, packet: Uint8Array, deadlineMs = 2000): Promise<Uint8Array> {
  monitor.text = '';
  monitor.write(packet);
  const text = await monitor.expect(/\xc0[^\xc0]+\xc0/, deadlineMs);
  const [frame] = new SlipDecoder().push(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  return frame?.subarray(8) ?? new Uint8Array(0);
}

describe('resets of the virtual board', () => {
  it('boots the loader by the classic sequence, even when its steps are 100 ms apart', async (t) => {
    const { monitor } = await start(t);
    for (const value of [DTR_OFF, RTS_ON, DTR_ON, RTS_OFF]) {
      monitor.control(value);
      await delay(100);
    }
    await monitor.expect(/boot:0x3 \(DOWNLOAD_BOOT\(UART0\/UART1\/SDIO_REI_REO_V2\)\)\r\nwaiting for download/);
  });

  it('boots the application instead when a plain server relays these steps: EN rises long before', async (t) => {
    const { monitor } = await start(t, { relay: 'plain' });
    monitor.control(DTR_OFF, RTS_ON);
    await delay(30);
    monitor.text = '';
    monitor.control(DTR_ON);
    await delay(100);
    monitor.control(RTS_OFF);
    await monitor.expect(/boot:0x13 \(SPI_FAST_FLASH_BOOT\)/);
  });

  it('boots the loader through a plain server when the steps come together: EN rises with a delay', async (t) => {
    const { monitor } = await start(t, { relay: 'plain', enDelayMs: 30 });
    monitor.control(DTR_OFF, RTS_ON);
    await delay(30);
    monitor.control(DTR_ON, RTS_OFF);
    await monitor.expect(/waiting for download/);
  });

  it('does not reset when both lines change together, as when a monitor opens the port', async (t) => {
    const { monitor } = await start(t);
    await delay(50);
    monitor.text = '';
    monitor.control(DTR_ON, RTS_ON);
    await delay(100);
    assert.doesNotMatch(monitor.text, /rst:/);
  });

  it('runs the application after a pulse of RTS alone', async (t) => {
    const { monitor } = await start(t, { preload: buildDemoFlashFiles(app) });
    monitor.control(DTR_OFF, RTS_ON);
    await delay(20);
    monitor.text = '';
    monitor.control(RTS_OFF);
    await monitor.expect(
      /rst:0x1 \(POWERON_RESET\),boot:0x13 .*\r\n[\s\S]*Loaded app from partition at offset 0x10000/,
    );
  });
});

describe('what the board boots', () => {
  const socket = { protocol: 'socket' } as const;

  it('an erased flash: invalid header, again after the watchdog', async (t) => {
    const { board, monitor } = await start(t, socket);
    board.reset();
    await monitor.expect(/rst:0x1 [^\n]*\n(invalid header: 0xffffffff\r\n){2}/);
    await monitor.expect(/rst:0x10 \(RTCWDT_RTC_RESET\)[^\n]*\ninvalid header/);
  });

  it('a bootloader without an application: nothing flashed here', async (t) => {
    const { board, monitor } = await start(t, { ...socket, factory: true });
    board.reset();
    await monitor.expect(/esp_image: image at 0x10000 has invalid magic byte \(nothing flashed here\?\)/);
    await monitor.expect(/No bootable app partitions/);
  });

  it('a bootloader without a partition table', async (t) => {
    const { board, monitor } = await start(t, { ...socket, factory: true });
    board.flash.erase(0x8000, 0x1000);
    board.reset();
    await monitor.expect(/Failed to verify partition table/);
  });

  it('an application with one wrong byte: checksum failed', async (t) => {
    const { board, monitor } = await start(t, { ...socket, preload: buildDemoFlashFiles(app) });
    board.flash.program(0x10000 + app.length - 2000, Uint8Array.of(0, 0, 0, 0));
    board.reset();
    await monitor.expect(/esp_image: Checksum failed\. Calculated 0x[0-9a-f]+ read 0x[0-9a-f]+/);
  });
});

describe('the loaders', () => {
  const download = { protocol: 'socket', bootButton: true } as const;

  it('the ROM refuses a block with a wrong checksum and writes nothing of it', async (t) => {
    const { board, monitor } = await start(t, download);
    await ask(monitor, command(Op.SPI_ATTACH, [0, 0]));
    assert.deepEqual([...(await ask(monitor, command(Op.FLASH_BEGIN, [4096, 4, 1024, 0])))], [0, 0, 0, 0]);
    const block = command(Op.FLASH_DATA, [4, 0, 0, 0], Uint8Array.of(1, 2, 3, 4));
    block[5] = (block[5] ?? 0) ^ 1;
    assert.deepEqual([...(await ask(monitor, block))], [1, 7, 0, 0]);
    assert.equal(board.flash.bytes[0], 0xff);
  });

  it('the ROM refuses flash commands before the flash is attached', async (t) => {
    const { monitor } = await start(t, download);
    assert.deepEqual([...(await ask(monitor, command(Op.FLASH_BEGIN, [4096, 4, 1024, 0])))], [1, 6, 0, 0]);
  });

  it('the ROM reports a compressed stream that is none', async (t) => {
    const { monitor } = await start(t, download);
    await ask(monitor, command(Op.SPI_ATTACH, [0, 0]));
    await ask(monitor, command(Op.FLASH_DEFL_BEGIN, [4096, 1, 1024, 0]));
    const answer = await ask(monitor, command(Op.FLASH_DEFL_DATA, [4, 0, 0, 0], Uint8Array.of(1, 2, 3, 4)));
    assert.deepEqual([...answer], [1, 11, 0, 0]);
  });

  it('programming clears bits only: what is not erased is mixed', async (t) => {
    const { board } = await start(t, download);
    board.flash.program(0, Uint8Array.of(0xf0));
    board.flash.program(0, Uint8Array.of(0x3c));
    assert.equal(board.flash.bytes[0], 0x30);
  });

  it('inflates across blocks', async (t) => {
    const { board, monitor } = await start(t, download);
    await ask(monitor, command(Op.SPI_ATTACH, [0, 0]));
    const packed = deflateSync(app);
    await ask(monitor, command(Op.FLASH_DEFL_BEGIN, [app.length, Math.ceil(packed.length / 700), 700, 0x10000]));
    for (let at = 0; at < packed.length; at += 700) {
      const block = packed.subarray(at, at + 700);
      assert.equal((await ask(monitor, command(Op.FLASH_DEFL_DATA, [block.length, at / 700, 0, 0], block)))[0], 0);
    }
    assert.deepEqual(board.flash.read(0x10000, app.length), app);
  });
});

describe('the line', () => {
  it('serves one client at a time', async (t) => {
    const { board } = await start(t);
    const second = await BoardMonitor.open(board.port);
    t.after(() => second.close());
    await delay(500);
    assert.equal(second.text, '', 'no telnet greeting');
  });

  it('a receiver at another baud rate reads something else', async (t) => {
    const { board, monitor } = await start(t);
    monitor.write(Uint8Array.of(0xff, 0xfa, 44, 1, 0, 0, 0x25, 0x80, 0xff, 0xf0)); // 9600
    await monitor.expect(/,e/); // 101: the server's answer to SET-BAUDRATE
    board.reset();
    await delay(50);
    assert.doesNotMatch(monitor.text, /POWERON/);
  });

  it('keeps the flash in a file', async (t) => {
    const folder = temporaryFolder('virtual-board-flash');
    const flashFile = join(folder, 'flash.bin');
    const first = await VirtualBoard.start({ port: 0, flashFile });
    first.flash.preload(0x10000, app);
    await first.close();
    const second = await VirtualBoard.start({ port: 0, flashFile });
    t.after(() => second.close());
    assert.deepEqual(second.flash.read(0x10000, app.length), app);
  });

  it('paces bytes at the baud rate', async (t) => {
    const { board, monitor } = await start(t, { protocol: 'socket', bootButton: true, pacing: true });
    const began = performance.now();
    board.flash.preload(0, new Uint8Array(64));
    await monitor.expect(/waiting for download/).catch(() => undefined);
    const answers = 200;
    for (let i = 0; i < answers; i++) await ask(monitor, command(Op.READ_REG, [0x40001000]));
    const bytes = board.passedBytes.toBoard + board.passedBytes.toHost;
    const least = (bytes * 10_000) / 115_200;
    assert.ok(performance.now() - began > least * 0.9, `${bytes} bytes need ${least} ms`);
  });

  it('drops a byte, adds noise, stalls and unplugs where a test wants it', async (t) => {
    const faults = [
      { kind: 'drop', direction: 'toBoard', afterBytes: 3 },
      { kind: 'noise', direction: 'toHost', afterBytes: 120 },
      { kind: 'unplug', direction: 'toBoard', afterBytes: 40, milliseconds: 100 },
    ] as const;
    const { board, monitor } = await start(t, { protocol: 'socket', bootButton: true, faults });
    await assert.rejects(ask(monitor, command(Op.READ_REG, [0x40001000]), 200), /nothing matched/);
    assert.equal((await ask(monitor, command(Op.READ_REG, [0x40001000]))).length, 4);
    await assert.rejects(ask(monitor, command(Op.READ_REG, [0x40001000]), 300), /nothing matched/);
    const again = await BoardMonitor.open(board.port);
    t.after(() => again.close());
    assert.equal((await ask(again, command(Op.READ_REG, [0x40001000]))).length, 4);
  });
});
