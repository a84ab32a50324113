// A disk that takes only a part of what is written, which a size limit of the process stands for.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { namesFromPattern } from '../../src/core/pki/fleetNames';
import { issueFleet } from '../../src/io/pki/fleet';
import { makeCertificateFolder } from '../support/certificateFolder';
import { SECURE_IOT } from '../support/cli';
import { PASSPHRASE, testPki } from '../support/pki';
import { temporaryFolder } from '../support/temporaryFolder';
import { VirtualBoard } from '../virtualBoard/virtualBoard';

const options = { skip: process.platform === 'win32' && 'needs ulimit' };

/** `blocks` of 512 bytes are the most that a file may hold. */
function runLimited(cwd: string, blocks: number, args: readonly string[]): Promise<{ code: number; err: string }> {
  const node = [process.execPath, ...SECURE_IOT, ...args];
  // without tsx's cache, of which half files would be left
  const env = { ...process.env, TSX_DISABLE_CACHE: '1', SECURE_IOT_CA_PASSPHRASE: PASSPHRASE };
  return new Promise((done) => {
    execFile(
      'sh',
      ['-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`, 'sh', ...node],
      { cwd, env, timeout: 60_000 },
      (error, _out, err) => done({ code: error ? Number(error.code ?? -1) : 0, err }),
    ).stdin?.end();
  });
}

test('a flash that does not fit is not called read, and no part of it is left', options, async (t) => {
  const cwd = temporaryFolder('full-disk');
  const board = await VirtualBoard.start({ port: 0, factory: true });
  t.after(() => board.close());
  const { code, err } = await runLimited(cwd, 64, ['read', '--port', board.address, '0', '0x10000', 'flash.bin']);
  assert.deepEqual([code, await readdir(cwd)], [1, []]);
  assert.match(err, /flash\.bin would be larger than the system allows; it was not written/);
});

test('a sketch that does not fit with its TLS stays as it was', options, async () => {
  const cwd = temporaryFolder('full-disk');
  await makeCertificateFolder(join(cwd, 'certs'));
  const sketch = join(cwd, 'plain/plain.ino');
  const start = '#include <WiFi.h>\n#include <PubSubClient.h>\nWiFiClient net;\nPubSubClient client(net);\n';
  const rest =
    'void setup() { client.setServer("broker.test", 1883); }\nvoid loop() { client.connect("x"); client.loop(); }\n';
  // Four of its lines fewer would fit.
  const text = `${start}${rest}${`// ${'x'.repeat(60)}\n`.repeat(124)}`;
  await mkdir(join(cwd, 'plain'));
  await writeFile(sketch, text);
  const blocks = Math.ceil(text.length / 512);
  const { code, err } = await runLimited(cwd, blocks, ['secure', 'plain', '--device', 'sensor-1', '--write']);
  assert.equal(code, 1);
  assert.match(err, /plain\.ino: the file would be larger than the system allows/);
  assert.equal(await readFile(sketch, 'utf8'), text);
});

test('certificates that do not fit leave no lock and no half file', options, async () => {
  const cwd = temporaryFolder('full-disk');
  const { code, err } = await runLimited(cwd, 0, ['certs', 'ca', '--cn', 'Workshop CA']);
  assert.equal(code, 1);
  assert.match(err, /^secure-iot certs: Cannot write .*EFBIG/);
  const left = (await readdir(cwd, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  assert.deepEqual(
    left.map(({ name }) => name),
    [],
  );
});

test(
  'a fleet whose ledger cannot grow is stopped with a clear error, and the next run loses nothing',
  options,
  async () => {
    const { store, authority } = await testPki();
    const pattern = 'dev-{001}';
    const words = ['certs', 'fleet', '--dir', store.folder, '--count', '200', '--pattern', pattern];
    const { code, err } = await runLimited(resolve('.'), 32, words);
    assert.equal(code, 1);
    assert.match(err, /^secure-iot certs: Cannot write .*fleet\.jsonl: .*EFBIG/);
    const { issued, existed } = await issueFleet(store, authority, { names: namesFromPattern(pattern, 200) });
    assert.equal(issued + existed, 200);
    assert.ok(existed >= 30, `${existed}`);
    assert.equal((await store.readLedger()).records.length, 200);
  },
);

test('output that a full disk did not take is told, and is no success', {
  skip: !existsSync('/dev/full'),
}, async () => {
  const told = await new Promise<{ code: number; err: string }>((done) => {
    const command = 'exec "$@" > /dev/full';
    const args = ['-c', command, 'sh', process.execPath, ...SECURE_IOT, 'explain', '-0x2700'];
    execFile('sh', args, { timeout: 60_000 }, (error, _out, err) =>
      done({ code: error ? Number(error.code ?? -1) : 0, err }),
    );
  });
  assert.equal(told.code, 1);
  assert.match(told.err, /^secure-iot: the output cannot be written \(ENOSPC\)/);
});
