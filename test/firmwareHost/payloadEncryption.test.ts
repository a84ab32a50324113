// The template without TLS: what the compiled sketch sends our decoder opens, through a real mosquitto, and commands are
// taken once only.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { parseSealedPayload } from '../../src/core/mqtt/sealedPayload';
import { openPayload, sealCommand } from '../../src/io/mqtt/payloadCipher';
import { payloadKeyPath, readPayloadKey } from '../../src/io/mqtt/payloadKeys';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { canCompile, compileSketch, type HostCore, runMosquitto, runSketch } from './sketchHost';

const exec = promisify(execFile);
const NAMES = { 'broker.test': '127.0.0.1' };
const TELEMETRY = 'devices/sensor-1/telemetry';
const COMMAND = 'devices/sensor-1/command';

async function bench(t: TestContext, core: HostCore) {
  const tools = ['mosquitto', 'mosquitto_passwd', 'mosquitto_sub'].every((name) => requireTool(t, name));
  if (!tools || !canCompile(t)) return undefined;
  const folder = temporaryFolder('payload');
  const certificates = join(folder, 'certs');
  const port = String(await freePort());
  const templates = findTemplateFolder();
  const template = pickTemplate(await loadTemplates(templates), 'payload-encryption');
  const values = { host: 'broker.test', port, device: 'sensor-1', password: 'pw', wifiSsid: 'x', intervalSeconds: '1' };
  const sketch = join(folder, 'sketch');
  const board = core === 'esp8266' ? core : 'esp32';
  await makeSketch({ templates, template, framework: 'arduino', board, out: sketch, values, certificates }, Date.now());
  await cp(join(sketch, 'mosquitto'), folder, { recursive: true });
  execFileSync('mosquitto_passwd', ['-c', '-b', 'passwords', 'sensor-1', 'pw'], { cwd: folder });
  execFileSync('mosquitto_passwd', ['-b', 'passwords', 'owner', 'pw'], { cwd: folder });
  execFileSync('sh', ['-c', 'echo "user root" >> mosquitto.conf; printf "user owner\\ntopic readwrite #\\n" >> acl'], {
    cwd: folder,
  });
  const program = await compileSketch(sketch, core);
  const flash = join(folder, 'flash');
  await mkdir(flash);
  const key = await readPayloadKey(payloadKeyPath(certificates, 'sensor-1'));
  const login = ['-h', '127.0.0.1', '-p', port, '-u', 'owner', '-P', 'pw'];
  const receive = async (topic: string, count: number): Promise<Buffer[]> => {
    const out = await exec('mosquitto_sub', [...login, '-t', topic, '-C', String(count), '-W', '20', '-F', '%x']);
    return out.stdout
      .trim()
      .split('\n')
      .map((line) => Buffer.from(line, 'hex'));
  };
  const send = async (topic: string, message: Uint8Array): Promise<void> => {
    execFileSync('mosquitto_pub', [...login, '-q', '1', '-t', topic, '-s'], { input: message });
  };
  const start = (extra: Record<string, string> = {}) => {
    const device = runSketch(program, NAMES, { HOST_NVS: flash, HOST_LITTLEFS: flash, ...extra });
    t.after(() => device.kill());
    return device;
  };
  const broker = await runMosquitto(folder, 'mosquitto.conf');
  t.after(() => broker.kill());
  return { folder, sketch, key, flash, receive, send, start, broker };
}

for (const core of ['esp32-2', 'esp32-3', 'esp8266'] as const) {
  test(`${core}: what it says our decoder opens, and no nonce comes twice, restarts included`, async (t) => {
    const setup = await bench(t, core);
    if (!setup) return;
    const nonces = new Set<string>();
    let last = 0n;
    for (let start = 1; start <= 3; start++) {
      const device = setup.start();
      const messages = await setup.receive(TELEMETRY, 2);
      for (const message of messages) {
        const opened = openPayload(setup.key, TELEMETRY, message);
        const { uptime, rssi } = JSON.parse(Buffer.from(opened.payload).toString());
        assert.equal(typeof uptime, 'number');
        assert.equal(rssi, -58);
        assert.equal(opened.sender, 'device');
        assert.ok(opened.sequence > last, 'the sequence grows, over restarts too');
        last = opened.sequence;
        nonces.add(Buffer.from(parseSealedPayload(message).nonce).toString('hex'));
        assert.ok(!message.includes('uptime'), 'nothing in clear');
      }
      const [status] = await setup.receive('devices/sensor-1/status', 1);
      assert.ok(status);
      assert.equal(Buffer.from(openPayload(setup.key, 'devices/sensor-1/status', status).payload).toString(), 'online');
      await device.kill();
    }
    assert.equal(nonces.size, 6);
  });
}

for (const core of ['esp32-3', 'esp8266'] as const) {
  test(`${core}: a command is carried out once; forged, moved and replayed ones are refused, after a restart too`, async (t) => {
    const setup = await bench(t, core);
    if (!setup) return;
    const device = setup.start();
    await setup.broker.line(/sensor-1 1 devices\/sensor-1\/command/);
    const command = sealCommand(setup.key, COMMAND, Buffer.from('blink'), Date.now());
    await setup.send(COMMAND, command);
    await device.line(/^blink$/);
    await setup.send(COMMAND, command);
    await device.line(/command: refused, already seen \(replay\)/);
    await setup.send(COMMAND, sealCommand(setup.key, TELEMETRY, Buffer.from('moved'), Date.now()));
    await device.line(/command: refused, not sealed with this device's key/);
    await setup.send(COMMAND, Buffer.from('plain words'));
    await setup.send(
      COMMAND,
      sealCommand(
        setup.key.map((b) => b ^ 1),
        COMMAND,
        Buffer.from('forged'),
        Date.now(),
      ),
    );
    await setup.send(COMMAND, sealCommand(setup.key, COMMAND, Buffer.from('again'), Date.now()));
    await device.line(/^again$/);
    assert.equal(device.output().match(/refused, not sealed/g)?.length, 3);
    assert.doesNotMatch(device.output(), /^(moved|forged|plain words)$/m);
    await device.kill();

    const restarted = setup.start();
    await restarted.line(/connected to/);
    await setup.broker.line(/sensor-1 1 devices\/sensor-1\/command/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await setup.send(COMMAND, command);
    await restarted.line(/command: refused, already seen \(replay\)/);
    assert.doesNotMatch(restarted.output(), /^blink$/m);
  });
}

test('a flash that cannot be written sends nothing, and says why', async (t) => {
  const setup = await bench(t, 'esp32-3');
  if (!setup) return;
  const device = setup.start({ HOST_NVS_FULL: '1' });
  await device.line(/flash cannot be written: nothing is sent, a nonce could come twice/);
  assert.doesNotMatch(device.output(), /connected to/);
});

test('the key is in the certificates folder and in secrets.h, and nowhere else', async (t) => {
  const setup = await bench(t, 'esp32-3');
  if (!setup) return;
  const file = payloadKeyPath(join(setup.folder, 'certs'), 'sensor-1');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.match(await readFile(join(setup.folder, 'certs/.gitignore'), 'utf8'), /^\*\.key$/m);
  const bytes = [...setup.key].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ');
  for (const name of (await readdir(setup.sketch)).filter((entry) => /\.\w+$/.test(entry))) {
    const text: string = await readFile(join(setup.sketch, name), 'utf8');
    assert.equal(text.includes(bytes), name === 'secrets.h', name);
    assert.ok(!text.includes(Buffer.from(setup.key).toString('hex')), name);
  }
});
