// The templates that differ from mutual TLS only in where trust and identity come from, each against a real mosquitto.
import assert from 'node:assert/strict';
import { appendFile, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Framework } from '../../src/core/firmware/template';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../support/certificateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { until } from '../support/until';
import { canCompile, compileSketch, type HostCore, runMosquitto, runSketch } from './sketchHost';

interface Bench {
  readonly folder: string;
  readonly sketch: string;
  readonly program: string;
}

const NAMES = { 'broker.test': '127.0.0.1' };

/** A compiled sketch and a folder in which its broker can run; `values` beyond host, port and device. */
async function bench(
  t: TestContext,
  id: string,
  values: Record<string, string> = {},
  core: HostCore = 'esp32-3',
): Promise<Bench | undefined> {
  const framework: Framework = core === 'esp-idf' ? core : 'platformio';
  const board = core === 'esp8266' ? core : 'esp32';
  if (!requireTool(t, 'mosquitto') || !requireTool(t, 'openssl') || !canCompile(t)) return undefined;
  const folder = temporaryFolder(`${id}`);
  const certificates = await makeCertificateFolder(join(folder, 'certs'));
  const templates = findTemplateFolder();
  const template = pickTemplate(await loadTemplates(templates), id);
  const sketch = join(folder, 'sketch');
  const port = String(await freePort());
  const all = { host: 'broker.test', port, device: 'sensor-1', wifiSsid: 'x', intervalSeconds: '1', ...values };
  await makeSketch({ templates, template, framework, board, out: sketch, values: all, certificates }, Date.now());
  await cp(join(sketch, 'mosquitto'), folder, { recursive: true }).catch(async () => {
    // Templates for cloud brokers bring no mosquitto: any that shows the certificate will do.
    const lines = ['certfile certs/broker/broker.crt', 'keyfile certs/broker/broker.key', 'allow_anonymous true'];
    await writeFile(join(folder, 'mosquitto.conf'), [`listener ${port}`, ...lines].join('\n'));
  });
  await appendFile(join(folder, 'mosquitto.conf'), '\nuser root\n');
  const program = await compileSketch(sketch, core);
  return { folder, sketch, program };
}

async function connects(t: TestContext, { folder, program }: Bench, env: Record<string, string> = {}): Promise<void> {
  const broker = await runMosquitto(folder, 'mosquitto.conf');
  t.after(() => broker.kill());
  const device = runSketch(program, NAMES, env);
  t.after(() => device.kill());
  await device.line(/connected to broker\.test:\d+ as sensor-1/);
  await broker.line(/Received PUBLISH from sensor-1 .*devices\/sensor-1\/telemetry/);
}

test('psk: a random key is made, and broker and board share it', async (t) => {
  const setup = await bench(t, 'psk');
  if (!setup) return;
  const keys = await readFile(join(setup.sketch, 'mosquitto/psk'), 'utf8');
  assert.match(keys, /^sensor-1:[0-9a-f]{64}\n$/);
  assert.ok((await readFile(join(setup.sketch, 'src/secrets.h'), 'utf8')).includes(keys.trim().slice(9)));
  await connects(t, setup);
});

test('psk: another key at the broker is refused', async (t) => {
  const setup = await bench(t, 'psk');
  if (!setup) return;
  await writeFile(join(setup.folder, 'psk'), `sensor-1:${'00'.repeat(32)}\n`);
  const broker = await runMosquitto(setup.folder, 'mosquitto.conf');
  t.after(() => broker.kill());
  const device = runSketch(setup.program, NAMES);
  t.after(() => device.kill());
  await device.line(/connect failed rc=-2 tls=-0x7780/);
});

test('certificate-bundle: a broker of a known authority is taken, another is not', async (t) => {
  const setup = await bench(t, 'certificate-bundle', { username: 'alice', password: 'secret' });
  if (!setup) return;
  await connects(t, setup, { HOST_CA_BUNDLE: await readFile(join(setup.folder, 'certs/ca/ca.crt'), 'utf8') });
  const other = await makeCertificateFolder(join(setup.folder, 'other'), { caName: 'Other CA', devices: [] });
  const bundle = await readFile(join(other, 'ca/ca.crt'), 'utf8');
  const refused = runSketch(setup.program, NAMES, { HOST_CA_BUNDLE: bundle });
  t.after(() => refused.kill());
  await refused.line(/connect failed rc=-2 tls=-0x2700/);
});

test('psk and aws-iot: the ESP-IDF projects connect too', async (t) => {
  const psk = await bench(t, 'psk', {}, 'esp-idf');
  if (!psk) return;
  await connects(t, psk);
  const aws = await bench(t, 'aws-iot', {}, 'esp-idf');
  if (!aws) return;
  await appendFile(join(aws.folder, 'mosquitto.conf'), 'cafile certs/ca/ca.crt\nrequire_certificate true\n');
  await connects(t, aws);
});

for (const core of ['esp32-3', 'esp8266'] as const)
  test(`aws-iot (${core}): the policy names the topics, and the thing connects`, async (t) => {
    const setup = await bench(t, 'aws-iot', {}, core);
    if (!setup) return;
    const policy = JSON.parse(await readFile(join(setup.sketch, 'aws/policy.json'), 'utf8'));
    assert.deepEqual(policy.Statement[1].Resource, [
      'arn:aws:iot:*:*:topic/devices/sensor-1/telemetry',
      'arn:aws:iot:*:*:topic/devices/sensor-1/status',
    ]);
    const lines = ['cafile certs/ca/ca.crt', 'require_certificate true', ''];
    await appendFile(join(setup.folder, 'mosquitto.conf'), lines.join('\n'));
    await connects(t, setup);
  });

for (const core of ['esp32-3', 'esp-idf'] as const)
  test(`nvs (${core}): the identity comes from NVS, and its absence is said`, async (t) => {
    const setup = await bench(t, 'nvs', {}, core);
    if (!setup) return;
    const store = join(setup.folder, 'store');
    await mkdir(store);
    const csv = await readFile(join(setup.sketch, 'nvs/nvs.csv'), 'utf8');
    for (const [, key, file] of csv.matchAll(/^(\w+),file,string,(.+)$/gm)) {
      await copyFile(join(setup.sketch, 'nvs', file ?? ''), join(store, `${key}.pem`));
    }
    await connects(t, setup, { HOST_NVS: store });
    const empty = runSketch(setup.program, NAMES);
    t.after(() => empty.kill());
    await empty.line(/NVS has no ("device_key" in|namespace) "tls"/);
  });

for (const core of ['esp32-3', 'esp8266'] as const)
  test(`littlefs (${core}): the identity comes from the file system, and its absence is said`, async (t) => {
    const setup = await bench(t, 'littlefs', {}, core);
    if (!setup) return;
    const data = join(setup.sketch, 'data');
    await connects(t, setup, { HOST_LITTLEFS: data });
    const unformatted = runSketch(setup.program, NAMES);
    t.after(() => unformatted.kill());
    await unformatted.line(/no LittleFS partition/);
    await rm(join(data, 'device.key'));
    const incomplete = runSketch(setup.program, NAMES, { HOST_LITTLEFS: data });
    t.after(() => incomplete.kill());
    await incomplete.line(/LittleFS has no \/device\.key/);
  });

test('mutual-tls: the same project for the ESP8266 connects too', async (t) => {
  const setup = await bench(t, 'mutual-tls', {}, 'esp8266');
  if (setup) await connects(t, setup);
});

for (const [sensor, core] of [
  ['DHT11', 'esp32-3'],
  ['DHT20', 'esp32-3'],
  ['DHT22', 'esp8266'],
] as const) {
  test(`dht (${core}): a ${sensor} is read, and one that does not answer is said`, async (t) => {
    const setup = await bench(t, 'dht', { sensor }, core);
    if (!setup) return;
    const broker = await runMosquitto(setup.folder, 'mosquitto.conf');
    t.after(() => broker.kill());
    const device = runSketch(setup.program, NAMES, { HOST_SENSOR: '1' });
    await broker.line(/sensor-1 1 devices\/sensor-1\/command/);
    // {"uptime":1,"heap":201532,"rssi":-58,"temperature":21.5,"humidity":40.2}
    const telemetry = /PUBLISH from sensor-1 .*telemetry', \.\.\. \(7\d bytes\)/g;
    await broker.line(/PUBLISH from sensor-1 .*telemetry/);
    // Each second, which is more often than the sensors measure: the last values stand.
    await until(() => (broker.output().match(telemetry)?.length ?? 0) >= 4, broker.output, 20_000);
    assert.doesNotMatch(device.output(), /gives no values/);
    await device.kill();
    const silent = runSketch(setup.program, NAMES);
    t.after(() => silent.kill());
    await silent.line(/the sensor gives no values: check its wiring/);
  });
}
