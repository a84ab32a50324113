import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { openBoardPort } from '../../../src/io/serial/openPort';
import { ptyPair, stopProcess } from '../../support/ptyPair';
import { requireTool } from '../../support/tools';
import { until } from '../../support/until';

async function serve(onSocket: (socket: Socket) => void): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Espressif's server, on a pseudo terminal: those have no modem lines, so the ioctl calls for them are printed instead. */
const SERVER_ON_PTY = `
import struct, fcntl, serial.serialposix as p
real = fcntl.ioctl
bits = 0
def ioctl(fd, request, arg=0, *rest):
    global bits
    value = struct.unpack('I', arg)[0] if isinstance(arg, bytes) and len(arg) == 4 else 0
    if request == p.TIOCMGET: return struct.pack('I', bits)
    if request in (p.TIOCMBIS, p.TIOCMBIC, p.TIOCMSET):
        bits = {p.TIOCMBIS: bits | value, p.TIOCMBIC: bits & ~value, p.TIOCMSET: value}[request]
        print('dtr=%d rts=%d' % (bool(bits & p.TIOCM_DTR), bool(bits & p.TIOCM_RTS)), flush=True)
        return struct.pack('I', bits)
    return real(fd, request, arg, *rest)
fcntl.ioctl = ioctl
from esp_rfc2217_server import main
main()
`;

describe('socket://', () => {
  it('carries bytes, and cannot set lines', async () => {
    const server = await serve((socket) => socket.pipe(socket));
    const port = await openBoardPort(`socket://127.0.0.1:${server.port}`);
    try {
      const got: number[] = [];
      port.onData((bytes) => got.push(...bytes));
      await port.open(115200);
      await port.write(Uint8Array.of(0, 255, 10, 13));
      await until(() => got.length === 4, 'no echo');
      assert.deepEqual(got, [0, 255, 10, 13]);
      assert.equal(port.hasModemLines, false);
      await assert.rejects(port.setLines({ dtr: false, rts: false }), { code: 'lines-unsupported' });
    } finally {
      await port.close();
      server.stop();
    }
  });

  it('tells the end of the connection, and a write after it fails', async () => {
    const server = await serve((socket) => {
      socket.write('hi');
      socket.once('data', () => socket.destroy());
    });
    const port = await openBoardPort(`socket://127.0.0.1:${server.port}`);
    const lost = new Promise<Error | undefined>((resolve) => port.onClose(resolve));
    await port.open(115200);
    await port.write(Uint8Array.of(1));
    assert.match((await lost)?.message ?? '', /connection to socket:.* ended/);
    await assert.rejects(port.write(Uint8Array.of(1)), /not open/);
    await port.close();
    server.stop();
  });

  it('says that a server which hangs up at once may have another client', async () => {
    const server = await serve((socket) => socket.end());
    const port = await openBoardPort(`socket://127.0.0.1:${server.port}`);
    const lost = new Promise<Error | undefined>((resolve) => port.onClose(resolve));
    await port.open(115200);
    assert.match((await lost)?.message ?? '', /without a byte: another program may be using the board/);
    await port.close();
    server.stop();
  });

  it('says that nothing listens there', async () => {
    const server = await serve(() => {});
    server.stop();
    const port = await openBoardPort(`socket://127.0.0.1:${server.port}`);
    await assert.rejects(port.open(115200), { code: 'port-missing', message: /Nothing listens at 127\.0\.0\.1/ });
  });
});

describe('rfc2217://', () => {
  it('says that the server speaks no RFC 2217, within the deadline', async () => {
    const server = await serve((socket) => socket.resume());
    const port = await openBoardPort(`rfc2217://127.0.0.1:${server.port}`);
    await assert.rejects(port.open(115200), { code: 'not-rfc2217', message: /use socket:\/\/127/ });
    server.stop();
  });

  it("works with Espressif's esp_rfc2217_server in front of a serial port", { timeout: 60_000 }, async (t) => {
    const socat = requireTool(t, 'socat');
    const espServer = requireTool(t, 'esp_rfc2217_server');
    if (!socat || !espServer) return;
    const pair = await ptyPair(socat);
    const free = await serve(() => {});
    free.stop();
    const server = spawn(join(dirname(espServer), 'python'), ['-c', SERVER_ON_PTY, '-p', String(free.port), pair.far], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONUNBUFFERED: '1' },
    });
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
    });
    const near = await openBoardPort(pair.near);
    const far = await openBoardPort(`rfc2217://127.0.0.1:${free.port}?ign_set_control`);
    try {
      await until(() => said.includes('Waiting for connection'), 'the server did not start', 20_000);
      await near.open(115200);
      await far.open(115200);
      const fromNear: number[] = [];
      const fromFar: number[] = [];
      near.onData((bytes) => fromFar.push(...bytes));
      far.onData((bytes) => fromNear.push(...bytes));
      const every = Uint8Array.from({ length: 2048 }, (_, i) => i & 0xff);
      await far.write(every);
      await near.write(every);
      await until(() => fromNear.length >= 2048 && fromFar.length >= 2048, 'bytes were lost');
      assert.deepEqual(Uint8Array.from(fromFar), every);
      assert.deepEqual(Uint8Array.from(fromNear), every);
      await far.setBaudRate(921600);
      said = '';
      await far.setLines({ dtr: false, rts: true });
      await far.setLines({ dtr: true, rts: false });
      await far.setLines({ dtr: false, rts: false });
      await until(() => /dtr=1 rts=0\s+dtr=0/.test(said), `the server made no reset into the loader: ${said}`);
      said = '';
      await far.setLines({ dtr: false, rts: true });
      await far.setLines({ dtr: false, rts: false });
      await until(() => /rts=1\s+.*rts=0/s.test(said), `the server made no hard reset: ${said}`);
    } finally {
      await near.close();
      await far.close();
      await stopProcess(server);
      await pair.stop();
    }
  });
});
