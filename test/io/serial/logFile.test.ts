import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync } from 'node:fs';
import fs, { open, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { LogFile } from '../../../src/io/serial/logFile';
import { MonitorLine } from '../../../src/io/serial/monitorLine';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from '../../support/until';

const place = (): string => join(temporaryFolder('log'), 'board.log');
const fails = (error: Error) => assert.fail(error.message);

it('writes every byte in order, and appends to what was there', async () => {
  const path = place();
  for (const part of [1, 2]) {
    const log = await LogFile.open(path, fails);
    for (let i = 0; i < 200; i++) log.write(Uint8Array.of(part, i));
    await log.close();
  }
  const bytes = await readFile(path);
  assert.equal(bytes.length, 800);
  assert.deepEqual([...bytes.subarray(398, 404)], [1, 199, 2, 0, 2, 1]);
});

it('rotates by size and loses nothing of what it keeps', async () => {
  const path = place();
  const log = await LogFile.open(path, fails, { maxBytes: 1000, keep: 2 });
  for (let i = 0; i < 35; i++) log.write(new Uint8Array(100).fill(i));
  await log.close();
  const files = await Promise.all([`${path}.2`, `${path}.1`, path].map((file) => readFile(file)));
  assert.deepEqual(
    files.map((f) => f.length),
    [1000, 1000, 500],
  );
  assert.deepEqual(
    [...Buffer.concat(files)].filter((_, i) => i % 100 === 0),
    Array.from({ length: 25 }, (_, i) => i + 10),
  );
});

it('ends with an error rather than put a younger log over one that another program holds', async (t) => {
  const path = place();
  const { rename } = fs;
  t.mock.method(fs, 'rename', async (from: string, to: string) => {
    if (from === `${path}.1` && existsSync(from)) throw Object.assign(new Error('EACCES: held'), { code: 'EACCES' });
    await rename(from, to);
  });
  const errors: Error[] = [];
  const log = await LogFile.open(path, (error) => errors.push(error), { maxBytes: 1000, keep: 4 });
  for (let i = 0; i < 25; i++) log.write(new Uint8Array(100).fill(i));
  await log.close();
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['EACCES: held'],
  );
  assert.equal((await readFile(`${path}.1`))[0], 0, 'the oldest is where it was');
  assert.equal((await readFile(path))[0], 10);
});

it('begins anew where the person chose to replace the file', async () => {
  const path = place();
  for (const text of ['a long first log', 'second']) {
    const log = await LogFile.open(path, fails, { maxBytes: 1000, keep: 2, replace: true });
    log.write(Buffer.from(text));
    await log.close();
  }
  assert.equal(await readFile(path, 'utf8'), 'second');
});

it('says that a place cannot be written', async () => {
  const path = `${place()}/none/x.log`;
  await assert.rejects(LogFile.open(path, fails), { code: 'file-unwritable' });
});

it('holds a network board back while the disk is slow, and has every byte in the end', {
  timeout: 60_000,
}, async () => {
  const path = place();
  execFileSync('mkfifo', [path]); // a disk that writes nothing until somebody reads
  const reading = open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const total = 48 * 1024 * 1024;
  let sent = 0;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    const chunk = Buffer.alloc(64 * 1024);
    const more = () => {
      for (let room = true; room && sent < total; sent += chunk.length) room = socket.write(chunk.fill(sent >> 16));
    };
    socket.on('drain', more);
    more();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  let received = 0;
  const pressure: boolean[] = [];
  const log = await LogFile.open(path, fails, {
    maxBytes: Number.POSITIVE_INFINITY,
    keep: 1,
    onPressure: (behind) => {
      pressure.push(behind);
      line.holdBack(behind);
    },
  });
  const line = new MonitorLine(`socket://127.0.0.1:${(server.address() as AddressInfo).port}`, 115_200, {
    onBytes: (bytes) => {
      received += bytes.length;
      log.write(bytes);
    },
    onState: () => {},
  });
  const fifo = await reading;
  try {
    line.start();
    await until(() => pressure.length > 0, 'nobody was held back');
    let before = -1;
    for (; before !== received; await wait(100)) before = received; // what was on the way has come
    assert.ok(received < total / 2, `${received} bytes taken in while the disk stood still`);
    let [read, right] = [0, true];
    const buffer = Buffer.alloc(1024 * 1024);
    for (const end = Date.now() + 30_000; read < total && Date.now() < end; ) {
      const { bytesRead } = await fifo.read(buffer, 0, buffer.length).catch(() => ({ bytesRead: 0 }));
      for (let at = 0; at < bytesRead; at += 4096) right &&= buffer[at] === (((read + at) >> 16) & 0xff);
      read += bytesRead;
      if (bytesRead === 0) await wait(5);
    }
    assert.deepEqual([read, right], [total, true]);
    assert.equal(pressure.at(-1), false);
  } finally {
    await line.suspend();
    await log.close();
    await fifo.close();
    server.close();
  }
});
