// A tutorial's plain sketch, secured by our edits, connects to a broker that wants a client certificate.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { run } from '../../src/cli/secure';
import { applyEdits } from '../../src/core/diagnose/applyEdits';
import { readPlainSketch } from '../../src/core/firmware/plainSketch';
import { secureSketch } from '../../src/core/firmware/secureSketch';
import { prepareSecureProject } from '../../src/io/sketch/secureProject';
import { makeCertificateFolder } from '../support/certificateFolder';
import { startMosquitto } from '../support/mosquitto';
import { IDF_PROGRAMS } from '../support/plainIdfPrograms';
import { VARIED_SKETCHES } from '../support/plainSketches';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { canCompile, compileSketch, runSketch } from './sketchHost';

const plain = (wifi: string, port: string): string => `#include <${wifi}>
#include <PubSubClient.h>

const char *ssid = "home";
const char *password = "wifi-password";
const char *mqtt_server = "broker.test";
const int mqtt_port = ${port};

WiFiClient espClient;  // WiFiClient in a comment stays
PubSubClient client(espClient);

void reconnect() {
  while (!client.connected()) {
    if (client.connect("sensor-1")) {
      Serial.println("connected");
      client.publish("outTopic", "hello world");
    } else {
      Serial.printf("failed, rc=%d\\n", client.state());
      delay(500);
    }
  }
}

void setup() {
  Serial.begin(115200);
  WiFi.begin(ssid, password);
  while (WiFi.status() != WL_CONNECTED) delay(10);
  client.setServer(mqtt_server, mqtt_port);
}

void loop() {
  if (!client.connected()) reconnect();
  client.loop();
}
`;

/** A certificates folder, and a broker of it that wants client certificates. */
async function workshop(t: TestContext) {
  const folder = temporaryFolder('secure-sketch');
  const certificates = await makeCertificateFolder(join(folder, 'certs'));
  const pem = (path: string): Promise<string> => readFile(join(certificates, path), 'utf8');
  const broker = await startMosquitto({
    ca: await pem('ca/ca.crt'),
    certificate: await pem('broker/broker.crt'),
    key: await pem('broker/broker.key'),
    requireCertificate: true,
  });
  t.after(() => broker.stop());
  return { folder, certificates, pem, broker };
}

for (const [core, wifi] of [
  ['esp32-2', 'WiFi.h'],
  ['esp32-3', 'WiFi.h'],
  ['esp8266', 'ESP8266WiFi.h'],
] as const) {
  test(`${core}: a plain sketch becomes one that connects with its certificate`, async (t) => {
    if (!requireTool(t, 'mosquitto') || !requireTool(t, 'openssl') || !canCompile(t)) return;
    const { folder, certificates, broker } = await workshop(t);
    const sketch = join(folder, 'plain');
    await mkdir(sketch);
    await writeFile(join(sketch, 'plain.ino'), plain(wifi, '1883'));
    await run([sketch, '--device', 'sensor-1', '--certs', certificates]);
    assert.ok(
      (await readFile(join(sketch, 'plain.ino'), 'utf8')).includes('1883'),
      'nothing is written without --write',
    );
    assert.equal(await run([sketch, '--device', 'sensor-1', '--certs', certificates, '--write']), 0);

    const changed = await readFile(join(sketch, 'plain.ino'), 'utf8');
    assert.match(changed, /mqtt_port = 8883;/);
    assert.match(changed, /WiFiClientSecure espClient;\s+\/\/ WiFiClient in a comment stays/);
    assert.match(changed, /client\.setBufferSize\(1024\);\n {2}client\.setServer/);
    assert.doesNotMatch(changed, /PRIVATE KEY|setInsecure/);
    assert.equal(await readFile(join(sketch, '.gitignore'), 'utf8'), 'secrets.h\n');
    assert.equal((await stat(join(sketch, 'secrets.h'))).mode & 0o777, 0o600);

    await writeFile(join(sketch, 'plain.ino'), changed.replace('8883', String(broker.port)));
    const program = await compileSketch(sketch, core);
    const device = runSketch(program, { 'broker.test': '127.0.0.1' });
    t.after(() => device.kill());
    await device.line(/^connected$/);
  });
}

for (const { name, cores, files } of VARIED_SKETCHES) {
  for (const core of new Set([cores[0], cores.at(-1)])) {
    test(`${core}, ${name}: compiles, and the broker takes it with its certificate`, async (t) => {
      if (!core || !requireTool(t, 'mosquitto') || !requireTool(t, 'openssl') || !canCompile(t)) return;
      const { folder, pem, broker } = await workshop(t);
      const identity = {
        ca: await pem('ca/ca.crt'),
        device: await pem('devices/sensor-1.crt'),
        deviceKey: await pem('devices/sensor-1.key'),
      };
      const sketch = join(folder, 'plain');
      await mkdir(sketch);
      for (const { path, text } of [...files, ...applyEdits(files, secureSketch(files, identity).edits)])
        await writeFile(join(sketch, path), text.replaceAll('8883', String(broker.port)));
      const program = await compileSketch(sketch, core);
      const device = runSketch(program, { 'broker.test': '127.0.0.1' });
      t.after(() => device.kill());
      const joined = / as sensor-1 \(p2, c1, k\d+, u'sensor-1'\)/;
      await broker.logShows(joined);
    });
  }
}

for (const { name, files } of IDF_PROGRAMS.filter(({ old }) => !old)) {
  test(`esp-idf, ${name}: compiles, and the broker takes it with its certificate`, async (t) => {
    if (!requireTool(t, 'mosquitto') || !requireTool(t, 'openssl') || !canCompile(t)) return;
    const { folder, certificates, broker } = await workshop(t);
    const project = join(folder, 'project');
    await mkdir(join(project, 'main'), { recursive: true });
    for (const { path, text } of files) await writeFile(join(project, path), text);
    assert.equal(await run([project, '--device', 'sensor-1', '--certs', certificates, '--write']), 0);
    assert.equal((await stat(join(project, 'main/secrets.h'))).mode & 0o777, 0o600);
    assert.match(await readFile(join(project, '.gitignore'), 'utf8'), /^secrets\.h$/m);
    for (const path of ['main/app_main.c', 'sdkconfig']) {
      const text = await readFile(join(project, path), 'utf8').catch(() => undefined);
      if (text) await writeFile(join(project, path), text.replaceAll('8883', String(broker.port)));
    }
    // What ESP-IDF's build makes of the settings.
    const settings = await readFile(join(project, 'sdkconfig'), 'utf8').catch(() => '');
    const defines = [...settings.matchAll(/^(CONFIG_\w+)=(".*")$/gm)].map(
      ([, key, value]) => `#define ${key} ${value}`,
    );
    await writeFile(join(project, 'main/sdkconfig.h'), `${defines.join('\n')}\n`);
    const program = await compileSketch(project, 'esp-idf');
    const device = runSketch(program, { 'broker.test': '127.0.0.1' });
    t.after(() => device.kill());
    await device.line(/^MQTT_EVENT_CONNECTED$/);
    await broker.logShows(/ as sensor-1 \(p2, c1, k\d+, u'sensor-1'\)/);
  });
}

test('a host that the broker certificate lacks is said', async (t) => {
  if (!requireTool(t, 'openssl')) return;
  const folder = temporaryFolder('secure-host');
  await writeFile(join(folder, 'plain.ino'), plain('WiFi.h', '1883').replace('broker.test', 'other.test'));
  const certificates = await makeCertificateFolder(join(folder, 'certs'));
  const { notes } = await prepareSecureProject(folder, certificates, 'sensor-1', Date.now());
  assert.match(notes.join(' '), /not good for "other\.test"/);
});

test('notes tell what is left to do', () => {
  const files = [{ path: 'a.ino', text: plain('WiFi.h', '1884') }];
  assert.deepEqual(readPlainSketch(files).ports, []);
  const { notes } = secureSketch(files, { ca: 'x', device: 'x', deviceKey: 'x' });
  assert.match(notes.join(' '), /No port 1883.*Wi-Fi password is still.*host must be a name/);
});

test('git is told before the key is written', async (t) => {
  if (!requireTool(t, 'git') || !requireTool(t, 'openssl')) return;
  const folder = temporaryFolder('secure-git');
  await writeFile(join(folder, 'plain.ino'), plain('WiFi.h', '1883'));
  await writeFile(join(folder, '.gitignore'), 'build/');
  const certificates = await makeCertificateFolder(join(folder, 'certs'));
  await run([folder, '--device', 'sensor-1', '--certs', certificates, '--write']);
  assert.equal(await readFile(join(folder, '.gitignore'), 'utf8'), 'build/\nsecrets.h\n');
  const git = (...args: string[]): Promise<string> =>
    new Promise((resolve, reject) =>
      execFile('git', args, { cwd: folder }, (error, out) => (error ? reject(error) : resolve(out))),
    );
  await git('init', '-q');
  assert.equal((await git('check-ignore', 'secrets.h')).trim(), 'secrets.h');
});
