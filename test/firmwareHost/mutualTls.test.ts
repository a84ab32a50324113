// The generated sketch, its generated mosquitto.conf and access list, the real Mbed TLS, a real mosquitto.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { createDecoder } from '../../src/core/decode/decoder';
import type { Framework } from '../../src/core/firmware/template';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../support/certificateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { canCompile, compileSketch, type HostCore, runMosquitto, runSketch } from './sketchHost';

const exec = promisify(execFile);
const NAMES = { 'broker.test': '127.0.0.1' };

interface Bench {
  readonly folder: string;
  readonly port: number;
  readonly program: string;
}

const benches = new Map<HostCore, Promise<Bench>>();

/** One bench for each core, shared by the tests; undefined (and the test skipped) where a tool is missing. */
async function bench(t: TestContext, core: HostCore): Promise<Bench | undefined> {
  const tools = ['mosquitto', 'mosquitto_sub', 'openssl'].every((name) => requireTool(t, name));
  if (!tools || !canCompile(t)) return undefined;
  const made = benches.get(core) ?? makeBench(core);
  benches.set(core, made);
  return made;
}

/** Makes certificates, the sketch and the broker's folder, and compiles the sketch. */
async function makeBench(core: HostCore): Promise<Bench> {
  const framework: Framework = core === 'esp-idf' ? core : core === 'esp32-2' ? 'platformio' : 'arduino';
  const folder = temporaryFolder('mutual-tls');
  const certificates = await makeCertificateFolder(join(folder, 'certs'), { devices: ['sensor-1', 'observer'] });
  const port = await freePort();
  const templates = findTemplateFolder();
  const template = pickTemplate(await loadTemplates(templates), core === 'esp8266' ? 'esp8266-bearssl' : 'mutual-tls');
  const values = {
    host: 'broker.test',
    port: String(port),
    device: 'sensor-1',
    intervalSeconds: '1',
    wifiSsid: 'x',
    timeZone: 'Asia/Kathmandu',
  };
  const out = join(folder, 'sketch');
  await makeSketch({ templates, template, framework, out, values, certificates }, Date.now());
  for (const file of ['acl', 'mosquitto.conf']) await cp(join(out, 'mosquitto', file), join(folder, file));
  await appendFile(join(folder, 'mosquitto.conf'), '\nuser root\n'); // else root's mosquitto steps down and cannot read
  await appendFile(join(folder, 'acl'), '\nuser observer\ntopic readwrite #\n');
  const program = await compileSketch(out, core);
  return { folder, port, program };
}

/** The next message of a topic, as the observer sees it. */
async function nextMessage({ folder, port }: Bench, topic: string): Promise<string> {
  const own = ['--cafile', 'certs/ca/ca.crt', '--cert', 'certs/devices/observer.crt'];
  const { stdout } = await exec(
    'mosquitto_sub',
    [
      ...['-h', '127.0.0.1', '-p', String(port)],
      ...own,
      '--key',
      'certs/devices/observer.key',
      '-t',
      topic,
      '-C',
      '1',
      '-W',
      '10',
    ],
    { cwd: folder },
  );
  return stdout.trim();
}

for (const core of ['esp32-2', 'esp32-3', 'esp8266', 'esp-idf'] as const) {
  test(`${core}: it connects, reports, and the broker tells when it is gone`, async (t) => {
    const setup = await bench(t, core);
    if (!setup) return;
    const broker = await runMosquitto(setup.folder, 'mosquitto.conf');
    t.after(() => broker.kill());
    const sketch = runSketch(setup.program, NAMES);
    t.after(() => sketch.kill());
    await sketch.line(/^\[secure-iot\] connected to broker\.test:\d+ as sensor-1 heap=\d+ largest=\d+$/);
    assert.equal(await nextMessage(setup, 'devices/sensor-1/status'), 'online', 'retained');
    const telemetry = JSON.parse(await nextMessage(setup, 'devices/sensor-1/telemetry'));
    assert.equal(telemetry.rssi, -58);
    await sketch.kill();
    const deadline = Date.now() + 10_000;
    while ((await nextMessage(setup, 'devices/sensor-1/status')) !== 'offline') assert.ok(Date.now() < deadline);
  });
}

/** Publishes a command to the device, as somebody who may. */
async function command(setup: { readonly folder: string; readonly port: number }, text: string): Promise<void> {
  const own = '--cafile certs/ca/ca.crt --cert certs/devices/observer.crt --key certs/devices/observer.key'.split(' ');
  const to = ['-h', '127.0.0.1', '-p', String(setup.port), '-q', '1', '-t', 'devices/sensor-1/command', '-m', text];
  await exec('mosquitto_pub', [...to, ...own], { cwd: setup.folder });
}

for (const core of ['esp32-3', 'esp-idf'] as const) {
  test(`${core}: a command reaches the device`, async (t) => {
    const setup = await bench(t, core);
    if (!setup) return;
    const broker = await runMosquitto(setup.folder, 'mosquitto.conf');
    t.after(() => broker.kill());
    const sketch = runSketch(setup.program, NAMES);
    t.after(() => sketch.kill());
    await broker.line(/sensor-1 1 devices\/sensor-1\/command/);
    await command(setup, 'blink');
    await sketch.line(/^\[secure-iot\] devices\/sensor-1\/command: 5 bytes$/);
    await sketch.line(/^blink$/);
    if (core !== 'esp-idf') return;
    await command(setup, 'long '.repeat(500));
    await sketch.line(/^\[secure-iot\] devices\/sensor-1\/command: 2500 bytes$/);
    await sketch.line(/^(long ){500}$/);
  });
}

const NAMES_FOUND = {
  'esp-idf': [
    'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED',
    'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED',
    'MBEDTLS_X509_BADCERT_NOT_TRUSTED',
  ],
  'esp32-3': ['MQTT_CONNECT_FAILED', 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED'],
  esp8266: ['MQTT_CONNECT_FAILED', 'BR_ERR_X509_NOT_TRUSTED'],
};
const REFUSED = {
  'esp-idf':
    'esp=0x801A "ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED" tls=-0x2700 cert_verify_flags=0x00000008 errno=0 connect_return_code=0',
  'esp32-3': 'rc=-2 tls=-0x2700 "X509 - Certificate verification failed.*"',
  esp8266: 'rc=-2 sslerr=62 ".*trust anchor.*"',
};
for (const core of ['esp32-3', 'esp8266', 'esp-idf'] as const)
  test(`${core}: a broker of another authority gives one line with the code, and later tries`, async (t) => {
    const setup = await bench(t, core);
    if (!setup) return;
    const other = temporaryFolder('other-ca');
    await makeCertificateFolder(join(other, 'certs'), { caName: 'Other CA' });
    for (const file of ['acl', 'mosquitto.conf']) await cp(join(setup.folder, file), join(other, file));
    const broker = await runMosquitto(other, 'mosquitto.conf');
    t.after(() => broker.kill());
    const sketch = runSketch(setup.program, NAMES);
    t.after(() => sketch.kill());
    const line = await sketch.line(/connect failed/);
    const facts = String.raw`heap=\d+ largest=\d+ time=20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\+0545 rssi=-58`;
    assert.match(line, new RegExp(String.raw`^\[secure-iot\] connect failed ${REFUSED[core]} ${facts}`));
    const found = createDecoder({})
      .next(line)
      .map((finding) => finding.name);
    assert.deepEqual(found, NAMES_FOUND[core], 'the monitor explains this line');
    const pause = Number(/retry=(\d+)ms/.exec(await sketch.line(/retry=/))?.[1]);
    assert.ok(pause >= 500 && pause <= 1000, line);
  });

test('a name that nobody knows is said to be DNS, not TLS', async (t) => {
  const setup = await bench(t, 'esp32-3');
  if (!setup) return;
  const nameless = runSketch(setup.program, {});
  t.after(() => nameless.kill());
  const line = await nameless.line(/^\[secure-iot\] DNS Failed for broker\.test, retry=\d+ms$/);
  assert.deepEqual(
    createDecoder({})
      .next(line)
      .map((finding) => finding.family),
    ['dns'],
  );
});

test('a broker that is down is told apart from TLS, and found again', async (t) => {
  const setup = await bench(t, 'esp32-3');
  if (!setup) return;
  const sketch = runSketch(setup.program, NAMES);
  t.after(() => sketch.kill());
  await sketch.line(/connect failed rc=-2 tls=-1 "no TLS code/);
  const first = await runMosquitto(setup.folder, 'mosquitto.conf');
  await sketch.line(/connected to broker\.test/, 15_000);
  await first.kill();
  await sketch.line(/connection lost rc=-3/);
  const second = await runMosquitto(setup.folder, 'mosquitto.conf');
  t.after(() => second.kill());
  await second.line(/sensor-1 1 devices\/sensor-1\/command/, 15_000);
});

test('the access list keeps the device to its own topics', async (t) => {
  const setup = await bench(t, 'esp32-3');
  if (!setup) return;
  const acl = await readFile(join(setup.folder, 'acl'), 'utf8');
  assert.match(acl, /^user sensor-1\ntopic write devices\/sensor-1\/telemetry$/m);
  const broker = await runMosquitto(setup.folder, 'mosquitto.conf');
  t.after(() => broker.kill());
  const own = [
    '--cafile',
    'certs/ca/ca.crt',
    '--cert',
    'certs/devices/sensor-1.crt',
    '--key',
    'certs/devices/sensor-1.key',
  ];
  const to = ['-h', '127.0.0.1', '-p', String(setup.port), '-t', 'devices/other/telemetry', '-m', 'x'];
  await exec('mosquitto_pub', [...to, ...own], { cwd: setup.folder });
  await broker.line(/Denied PUBLISH from .*devices\/other\/telemetry/);
});
