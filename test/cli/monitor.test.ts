import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCli, startCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

/** A raw-socket board that says something once. */
async function talker(t: TestContext, says = 'hello from the board\r\n'): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(says);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `socket://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The monitor until `seen` stands in a line, then Ctrl+C. */
async function monitorUntil(t: TestContext, cwd: string, words: string, seen: RegExp) {
  const monitor = startCli(t, cwd, `monitor ${words}`);
  await monitor.line(seen);
  await monitor.kill('SIGINT');
  return { code: await monitor.ended, output: monitor.output() };
}

test('appends what came to the log', async (t) => {
  const cwd = temporaryFolder('monitor');
  const port = await talker(t);
  for (const _ of [1, 2]) assert.equal((await monitorUntil(t, cwd, `--port ${port} --log board.log`, /hello/)).code, 0);
  assert.equal(await readFile(join(cwd, 'board.log'), 'utf8'), 'hello from the board\r\n'.repeat(2));
});

test('a log that cannot be opened is refused before the port is', async (t) => {
  const { code, out, err } = await runCli(
    temporaryFolder('monitor'),
    `monitor --port ${await talker(t)} --for 5 --log nowhere/board.log`,
  );
  assert.deepEqual([code, out], [1, '']);
  assert.match(
    err,
    /^secure-iot monitor: nowhere\/board\.log cannot be written \(ENOENT\)\. Choose another place\.\n$/,
  );
});

test('a full disk ends the log, not the monitor', {
  skip: !existsSync('/dev/full') && 'needs /dev/full',
}, async (t) => {
  const args = `--port ${await talker(t)} --log /dev/full`;
  const { code, output } = await monitorUntil(t, temporaryFolder('monitor'), args, /is not written any further/);
  assert.equal(code, 1);
  assert.match(output, /hello from the board/);
  assert.match(output, /\/dev\/full is not written any further: ENOSPC/);
  assert.doesNotMatch(output, /node:internal/);
});

test('a board that never answered is no success', async () => {
  const { code, err } = await runCli(temporaryFolder('monitor'), 'monitor --port socket://127.0.0.1:1 --for 0.3');
  assert.equal(code, 1);
  assert.match(err, /Nothing listens at 127\.0\.0\.1:1/);
});

test('tells free heap and RSSI at the end, as a curve and as JSON', async (t) => {
  const cwd = temporaryFolder('monitor');
  const port = await talker(t, 'Free heap: 204800\r\nFree heap: 102400\r\nRSSI: -61 dBm\r\n');
  const { code, output } = await monitorUntil(t, cwd, `--port ${port} --stats`, /RSSI: -61/);
  assert.equal(code, 0);
  assert.match(output, /heap 100 KB █▁ · RSSI -61 dBm ▄\nFree heap 100 KB \(lowest 100 KB, highest 200 KB, 2 values\)/);
  const { out } = await runCli(cwd, `monitor --port ${port} --for 2 --stats --json`);
  const last = JSON.parse(out.trim().split('\n').at(-1) ?? '');
  assert.deepEqual([last.heap.samples, last.rssi.last], [[204_800, 102_400], -61]);
});

test('says so where no line told the heap', async (t) => {
  const args = `--port ${await talker(t)} --stats`;
  const { output } = await monitorUntil(t, temporaryFolder('monitor'), args, /hello/);
  assert.match(output, /No line told the free heap or the RSSI\./);
});

test('rotates the log at its greatest size, and takes secrets out of it', async (t) => {
  const cwd = temporaryFolder('monitor');
  const lines = Array.from({ length: 400 }, (_, n) => `${n} ${'.'.repeat(30)} wifi_password=hunter2\r\n`).join('');
  const port = await talker(t, lines);
  const { code } = await monitorUntil(t, cwd, `--port ${port} --log b.log --log-max 200K --redact`, /^399 /);
  assert.equal(code, 0);
  for (const _ of [1, 2])
    assert.equal((await monitorUntil(t, cwd, `--port ${port} --log s.log --log-max 4K`, /^399 /)).code, 0);
  const whole = await readFile(join(cwd, 'b.log'), 'utf8');
  assert.match(whole, /^399 /m);
  assert.doesNotMatch(whole, /hunter2/);
  for (const file of ['s.log.1', 's.log']) assert.equal(await readFile(join(cwd, file), 'utf8'), lines);
});

test('says that the baud rate is wrong, also where no line ever ends', async (t) => {
  const board = await VirtualBoard.start({ port: 0, factory: true });
  const resets = setInterval(() => board.reset(), 100);
  t.after(async () => {
    clearInterval(resets);
    await board.close();
  });
  const { out } = await runCli(temporaryFolder('monitor'), `monitor --port ${board.address} --baud 9600 --for 2`);
  assert.match(out, /This looks like a wrong baud rate: most characters are not text\. ESP32 boards print at 115200/);
});

test('sends what is typed, its line ending as asked', async (t) => {
  let got = '';
  const server = createServer((socket) => socket.on('error', () => {}).on('data', (bytes) => (got += bytes)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const port = `socket://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cwd = temporaryFolder('monitor');
  for (const [args, sent] of [
    ['--eol crlf', 'AT\r\n\r\n'],
    ['--eol none', 'AT'],
    ['', 'AT\n\n'],
  ]) {
    got = '';
    await runCli(cwd, `monitor --port ${port} --for 2 ${args}`, {}, 'AT\n\n');
    assert.equal(got, sent, args);
  }
});

for (const [args, says] of [
  ['--eol dos', /--eol dos is not a line ending: there are crlf, lf, cr, none/],
  ['--dtr high', /--dtr is on or off/],
  ['--log-max 10M', /go with --log FILE/],
  ['--log x.log --log-max huge', /"huge" is not a size for a log file/],
] as const)
  test(`refuses ${args} before it opens anything`, async () => {
    const cwd = temporaryFolder('monitor');
    const { code, err } = await runCli(cwd, `monitor --port socket://127.0.0.1:1 --for 1 ${args}`);
    assert.notEqual(code, 0);
    assert.match(err, says);
    assert.ok(!existsSync(join(cwd, 'x.log')));
  });
