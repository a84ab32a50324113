import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SECURE_IOT } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';

const folder = temporaryFolder('payload-cli');

function cli(args: readonly string[], input: string | Buffer = ''): { code: number; out: Buffer; err: string } {
  const command = [...SECURE_IOT, 'payload', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, input });
  return { code: status ?? -1, out: stdout, err: stderr.toString() };
}
const TO = ['--device', 'sensor-1', '--topic', 'devices/sensor-1/command'];

test('a key is made once, readable by its owner only, and never shown', () => {
  const first = cli(['key', '--device', 'sensor-1']);
  assert.equal(first.code, 0, first.err);
  const file = join(folder, 'certs/payload/sensor-1.key');
  assert.equal(first.out.toString().trim(), file);
  const key = readFileSync(file, 'utf8');
  assert.match(key, /^[0-9a-f]{64}\n$/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!first.out.toString().includes(key.trim()));
  cli(['key', '--device', 'sensor-1']);
  assert.equal(readFileSync(file, 'utf8'), key, 'an existing key stays');
});

test('git does not take the key', (t) => {
  if (!requireTool(t, 'git')) return;
  cli(['key', '--device', 'sensor-1']);
  execFileSync('git', ['init', '-q'], { cwd: folder });
  assert.equal(
    execFileSync('git', ['check-ignore', 'certs/payload/sensor-1.key'], { cwd: folder }).toString().trim(),
    'certs/payload/sensor-1.key',
  );
});

test('what encrypt seals decrypt opens, in bytes and in hexadecimal', () => {
  cli(['key', '--device', 'sensor-1']);
  const sealed = cli(['encrypt', ...TO], 'blink');
  assert.equal(sealed.code, 0, sealed.err);
  assert.equal(cli(['decrypt', ...TO], sealed.out).out.toString(), 'blink');
  const hex = cli(['encrypt', ...TO, '--hex'], 'blink').out;
  assert.match(hex.toString(), /^53495031[0-9a-f]+\n$/);
  const opened = JSON.parse(cli(['decrypt', ...TO, '--hex', '--json'], hex).out.toString());
  assert.deepEqual([opened.text, opened.sender], ['blink', 'controller']);
});

test('what cannot be opened is refused with the reason and exit code 1', () => {
  cli(['key', '--device', 'sensor-1']);
  const sealed = cli(['encrypt', ...TO], 'blink').out;
  const cases: [string[], Buffer | string, RegExp][] = [
    [['decrypt', '--device', 'sensor-1', '--topic', 'another'], sealed, /another topic than "another"/],
    [['decrypt', ...TO], 'plain', /does not start with "SIP1"/],
    [['decrypt', ...TO, '--hex'], 'xyz', /not hexadecimal/],
    [['decrypt', '--device', 'nobody', '--topic', 'x'], sealed, /no payload key .*nobody\.key/],
    [['decrypt', '--device', '../x', '--topic', 'x'], sealed, /no "\/"/],
    [['decrypt', ...TO, 'missing.bin'], '', /Cannot read missing\.bin/],
  ];
  for (const [args, input, reason] of cases) {
    const { code, err, out } = cli(args, input);
    assert.equal(code, 1, err);
    assert.match(err, reason);
    assert.equal(out.length, 0);
  }
  writeFileSync(join(folder, 'bad.key'), 'short');
  assert.match(cli(['decrypt', '--key-file', 'bad.key', '--topic', 'x'], sealed).err, /holds no payload key: 64/);
});

test('words that are off print the usage', () => {
  assert.equal(cli([]).code, 2);
  assert.equal(cli(['decrypt', '--device', 'sensor-1']).code, 2);
  assert.equal(cli(['decrypt', '--topic', 'x']).code, 2);
});
