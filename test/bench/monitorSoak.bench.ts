// `secure-iot monitor` as people run it, fed without a pause: memory stays flat, and its log equals the bytes sent.
// A day at 921,600 baud is 7.96 GB. Without SECURE_IOT_SOAK_HOURS an hour of that is sent, with 24 all of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMB } from './support/residentMB';

const LINE_BYTES_PER_SECOND = 92_160;
const hours = Number(process.env['SECURE_IOT_SOAK_HOURS'] ?? 1);
const TOTAL = Math.round(hours * 3600 * LINE_BYTES_PER_SECOND);
/** Flat: the second half needs no more than this above the first. */
const MAX_GROWTH_MB = 32;

/** What boards print: logs, errors, colours, progress bars, a boot at the wrong rate, and a flood without newlines. */
function feed(): Buffer {
  const lines = Array.from({ length: 20_000 }, (_, i) => {
    if (i % 97 === 0) return `E (${i}) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700`;
    if (i % 31 === 0) return `\u001b[0;33mW (${i}) wifi: RSSI -${40 + (i % 50)} free heap ${200_000 - i}\u001b[0m`;
    return `I (${i}) sensor: temperature 21.${i % 100} °C humidity 4${i % 10}.2`;
  });
  let seed = 1;
  const noise = Buffer.from(
    Array.from({ length: 50_000 }, () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed >>> 24;
    }),
  );
  const bar = Array.from({ length: 500 }, (_, i) => `\rWriting ${i / 5} %`).join('');
  return Buffer.concat([Buffer.from(lines.join('\r\n')), Buffer.from(bar), noise, Buffer.alloc(300_000, 'x')]);
}

async function send(socket: Socket, unit: Buffer): Promise<string> {
  const sent = createHash('sha256');
  for (let done = 0; done < TOTAL; ) {
    const piece = unit.subarray(0, Math.min(unit.length, TOTAL - done));
    sent.update(piece);
    done += piece.length;
    if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
  }
  return sent.digest('hex');
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(part as Buffer);
  return hash.digest('hex');
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'monitor-soak-'));
  const file = join(folder, 'board.log');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const args = ['dist/cli.js', 'monitor', '--port', `socket://127.0.0.1:${port}`, '--log', file];
  const monitor = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  monitor.stderr.on('data', (bytes: Buffer) => {
    complaints += bytes;
  });
  const ended = new Promise((resolve) => monitor.once('exit', resolve));
  try {
    const began = performance.now();
    const sending = send(await connected, feed());
    const memory: { bytes: number; mb: number }[] = [];
    let written = 0;
    for (let idle = 0; written < TOTAL; ) {
      await sleep(500);
      const { size } = await stat(file);
      idle = size > written ? 0 : idle + 1;
      assert.ok(idle < 60, `the log stays at ${size} of ${TOTAL} bytes. ${complaints}`);
      written = size;
      memory.push({ bytes: size, mb: await residentMB(monitor.pid ?? 0) });
    }
    const seconds = (performance.now() - began) / 1000;
    assert.equal(await hashOf(file), await sending, 'the log is not what was sent');
    const most = (from: number, to: number) =>
      Math.max(0, ...memory.filter(({ bytes }) => bytes > from * TOTAL && bytes <= to * TOTAL).map(({ mb }) => mb));
    const [first, second] = [most(0, 0.5), most(0.5, 1)];
    console.log(
      `monitor soak: ${(TOTAL / 1e9).toFixed(2)} GB, ${hours} h at 921,600 baud, in ${seconds.toFixed(0)} s: ` +
        `${(TOTAL / seconds / LINE_BYTES_PER_SECOND).toFixed(0)} times the line's speed; the log is equal`,
    );
    console.log(`  memory: at most ${first.toFixed(0)} MB in the first half, ${second.toFixed(0)} MB in the second`);
    assert.ok(second - first < MAX_GROWTH_MB, 'memory grows');
  } finally {
    monitor.kill('SIGINT');
    await ended;
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
