import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/pki';

/** A raw-socket board that says one line. */
async function talker(t: TestContext): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('hello from the board\r\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `socket://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('appends what came to the log', async (t) => {
  const cwd = await temporaryFolder(t);
  const port = await talker(t);
  for (const _ of [1, 2]) assert.equal((await runCli(cwd, `monitor --port ${port} --for 0.5 --log board.log`)).code, 0);
  assert.equal(await readFile(join(cwd, 'board.log'), 'utf8'), 'hello from the board\r\n'.repeat(2));
});

test('a log that cannot be opened is refused before the port is', async (t) => {
  const { code, out, err } = await runCli(
    await temporaryFolder(t),
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
  const { code, out, err } = await runCli(
    await temporaryFolder(t),
    `monitor --port ${await talker(t)} --for 0.5 --log /dev/full`,
  );
  assert.equal(code, 1);
  assert.match(out, /hello from the board/);
  assert.match(err, /\/dev\/full is not written any further: ENOSPC/);
  assert.doesNotMatch(err, /node:internal/);
});

test('a board that never answered is no success', async (t) => {
  const { code, err } = await runCli(await temporaryFolder(t), 'monitor --port socket://127.0.0.1:1 --for 0.3');
  assert.equal(code, 1);
  assert.match(err, /Nothing listens at 127\.0\.0\.1:1/);
});
