// `secure-iot secure`, the other door of Secure This Sketch…: shown first, written when told to, refused with the reason.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCertificateFolder } from '../support/certificateFolder';
import { runCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';

const PLAIN = `#include <WiFi.h>
#include <PubSubClient.h>
WiFiClient net;
PubSubClient client(net);
void setup() { client.setServer("broker.test", 1883); }
void loop() { client.connect("x"); client.loop(); }
`;

async function workspace(text = PLAIN): Promise<{ folder: string; sketch: string }> {
  const folder = temporaryFolder('secure-cli');
  mkdirSync(join(folder, 'plain'));
  const sketch = join(folder, 'plain/plain.ino');
  writeFileSync(sketch, text);
  await makeCertificateFolder(join(folder, 'certs'));
  return { folder, sketch };
}

test('without --write it shows the edits, without the key, and writes nothing', async () => {
  const { folder, sketch } = await workspace();
  const { code, out, err } = await runCli(folder, 'secure plain --device sensor-1');
  assert.equal(code, 0, err);
  assert.match(out, /^\+.*WiFiClientSecure net;$/m);
  assert.match(out, /^-.*"broker\.test", 1883/m);
  assert.ok(!out.includes(readFileSync(join(folder, 'certs/devices/sensor-1.key'), 'utf8').split('\n')[1] ?? '-'));
  assert.match(err, /Nothing was written: add --write/);
  assert.equal(readFileSync(sketch, 'utf8'), PLAIN);
  assert.deepEqual(readdirSync(join(folder, 'plain')), ['plain.ino']);
});

test('with --write the sketch gets TLS, and its key a file that git ignores and only its owner reads', async () => {
  const { folder, sketch } = await workspace();
  const { code, err } = await runCli(folder, 'secure plain --device sensor-1 --write');
  assert.equal(code, 0, err);
  assert.match(readFileSync(sketch, 'utf8'), /WiFiClientSecure net;[\s\S]*"broker\.test", 8883/);
  assert.match(readFileSync(join(folder, 'plain/secrets.h'), 'utf8'), /PRIVATE KEY/);
  assert.equal(statSync(join(folder, 'plain/secrets.h')).mode & 0o777, 0o600);
  assert.match(readFileSync(join(folder, 'plain/.gitignore'), 'utf8'), /^secrets\.h$/m);
  const again = await runCli(folder, 'secure plain --device sensor-1 --write');
  assert.equal(again.code, 1);
  assert.match(again.err, /TLS already/);
});

test('a sketch that only its owner may read stays one', async () => {
  const { folder, sketch } = await workspace();
  chmodSync(sketch, 0o600);
  const { code, err } = await runCli(folder, 'secure plain --device sensor-1 --write');
  assert.equal(code, 0, err);
  assert.match(readFileSync(sketch, 'utf8'), /WiFiClientSecure/);
  assert.equal(statSync(sketch).mode & 0o777, 0o600);
});

test('what cannot be done is refused with the reason, and nothing is written', async () => {
  const { folder, sketch } = await workspace();
  const files = ['-keyout', 'certs/devices/ed.key', '-out', 'certs/devices/ed.crt'];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '9', '-subj', '/CN=ed', '-newkey', 'ed25519', ...files], {
    cwd: folder,
    stdio: 'pipe',
  });
  mkdirSync(join(folder, 'empty'));
  const cases: [string, number, RegExp][] = [
    ['secure', 2, /which sketch/],
    ['secure plain', 2, /--device NAME is needed/],
    ['secure plain --device nobody --write', 1, /nobody\.crt does not exist/],
    ['secure plain --device ../../x --write', 1, /topic level|device name/],
    ['secure plain --device ed --write', 1, /no Ed25519/],
    ['secure plain --device sensor-1 --certs nowhere --write', 1, /does not exist/],
    ['secure nowhere --device sensor-1 --write', 1, /nowhere/],
    ['secure empty --device sensor-1 --write', 1, /no sketch|sketch/],
  ];
  for (const [words, expected, reason] of cases) {
    const { code, err } = await runCli(folder, words);
    assert.equal(code, expected, `${words}: ${err}`);
    assert.match(err, reason, words);
    assert.doesNotMatch(err, /\bat .*\.ts:\d+/, 'no stack trace');
  }
  assert.equal(readFileSync(sketch, 'utf8'), PLAIN);
  assert.ok(!existsSync(join(folder, 'plain/secrets.h')));
});
