// Certificate rotation and signed updates against a real mosquitto: the compiled sketch on one side, our command line on
// the other.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { appendFile, copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { UserError } from '../../src/core/errors';
import { readConnectionFiles } from '../../src/io/mqtt/connectionFiles';
import { sendUpdate } from '../../src/io/sketch/sendUpdate';
import { readSignedUpdate, signUpdate } from '../../src/io/sketch/signUpdate';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../support/certificateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { until } from '../support/until';
import { canCompile, compileSketch, type HostCore, runMosquitto, runSketch } from './sketchHost';

const exec = promisify(execFile);
const DEVICE = 'sensor-1';

async function bench(t: TestContext, core: HostCore = 'esp32-3') {
  const tools = ['mosquitto', 'mosquitto_sub', 'mosquitto_pub', 'openssl'].every((name) => requireTool(t, name));
  if (!tools || !canCompile(t)) return undefined;
  const folder = temporaryFolder('rotation');
  const certificates = await makeCertificateFolder(join(folder, 'certs'), { devices: [DEVICE, 'operator'] });
  const templates = findTemplateFolder();
  const template = pickTemplate(await loadTemplates(templates), 'rotation-ota');
  const port = await freePort();
  const sketch = join(folder, 'sketch');
  const values = { host: 'broker.test', port: String(port), device: DEVICE, wifiSsid: 'x', intervalSeconds: '1' };
  await makeSketch({ templates, template, framework: 'arduino', out: sketch, values, certificates }, Date.now());
  await cp(join(sketch, 'mosquitto'), folder, { recursive: true });
  await appendFile(join(folder, 'mosquitto.conf'), '\nuser root\n');
  const program = await compileSketch(sketch, core);
  const [nvs, flash] = [join(folder, 'nvs'), join(folder, 'flash')];
  await mkdir(nvs);
  await mkdir(flash);
  const provision = async (slot: string, base: string): Promise<void> => {
    await copyFile(`${base}.crt`, join(nvs, `tls.device_cert${slot}`));
    await copyFile(`${base}.key`, join(nvs, `tls.device_key${slot}`));
  };
  await copyFile(join(certificates, 'ca/ca.crt'), join(nvs, 'tls.root_ca'));
  await provision('', join(certificates, `devices/${DEVICE}`));
  const login = ['-h', '127.0.0.1', '-p', String(port), '--cafile', join(certificates, 'ca/ca.crt')];
  const operator = join(certificates, 'devices/operator');
  login.push('--cert', `${operator}.crt`, '--key', `${operator}.key`);
  const topic = (name: string): string => `devices/${DEVICE}/${name}`;
  const publish = (name: string, ...rest: string[]) =>
    exec('mosquitto_pub', [...login, '-q', '1', '-t', topic(name), ...rest]);
  const start = () => {
    const device = runSketch(program, { 'broker.test': '127.0.0.1' }, { HOST_NVS: nvs, HOST_FLASH: flash });
    t.after(() => device.kill());
    return device;
  };
  const broker = await runMosquitto(folder, 'mosquitto.conf');
  t.after(() => broker.kill());
  const connected = async () => {
    const device = start();
    await device.line(/connected to broker\.test:\d+ as sensor-1/);
    await broker.line(/sensor-1 1 devices\/sensor-1\/update\/\+/);
    return device;
  };
  /** The request that the board publishes, retained. */
  const fetchRequest = async (): Promise<string> => {
    await publish('identity/renew', '-n');
    const got = await exec('mosquitto_sub', [...login, '-t', topic('csr'), '-C', '1', '-W', '20']);
    const file = join(folder, 'request.csr');
    await writeFile(file, got.stdout);
    return file;
  };
  /** A certificate for the request, by the authority in `authority`. */
  const sign = async (request: string, authority: string, subject?: string): Promise<string> => {
    const out = join(folder, 'new.crt');
    await writeFile(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
    const ca = ['-CA', join(authority, 'ca/ca.crt'), '-CAkey', join(authority, 'ca/ca.key'), '-CAcreateserial'];
    const name = subject ? ['-subj', subject] : [];
    const term = ['-days', '9', '-extfile', join(folder, 'client.ext'), '-out', out];
    execFileSync('openssl', ['x509', '-req', '-in', request, ...name, ...ca, ...term], { stdio: 'pipe' });
    return out;
  };
  return { folder, certificates, nvs, flash, port, publish, start, broker, connected, fetchRequest, sign };
}

for (const core of ['esp32-2', 'esp32-3'] as const) {
  test(`${core}: a certificate for the board's own new key is tried and taken over; the next start uses it`, async (t) => {
    const setup = await bench(t, core);
    if (!setup) return;
    const device = await setup.connected();
    const request = await setup.fetchRequest();
    assert.match(await readFile(request, 'utf8'), /BEGIN CERTIFICATE REQUEST/);
    execFileSync('openssl', ['req', '-in', request, '-verify', '-noout'], { stdio: 'pipe' });
    await setup.publish('identity/certificate', '-f', await setup.sign(request, setup.certificates));
    await device.line(/\] certificate on trial$/);
    await device.line(/\] certificate renewed$/);
    await device.kill();

    // What the first slot holds no longer matters.
    await rm(join(setup.nvs, 'tls.device_key'));
    const again = setup.start();
    await again.line(/connected to broker\.test/);
  });
}

test('two renewals use both slots in turn', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const device = await setup.connected();
  let last = '';
  for (let round = 1; round <= 2; round++) {
    const seen = device.output().length;
    const isNew = async (): Promise<boolean> => {
      const request = await readFile(await setup.fetchRequest(), 'utf8');
      const fresh = request !== last; // what is retained may still be the one of the round before
      last = request;
      return fresh;
    };
    await until(isNew, 'the board made no new request', 20_000);
    await setup.publish(
      'identity/certificate',
      '-f',
      await setup.sign(join(setup.folder, 'request.csr'), setup.certificates),
    );
    const since = () => device.output().slice(seen);
    await until(() => /certificate renewed/.test(since()), since);
  }
  assert.equal((await readFile(join(setup.nvs, 'tls.rotation'))).readUInt32LE(), 0, 'the first slot is in use again');
});

test('a new certificate that the broker refuses is given up after three tries, and the old one connects', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const device = await setup.connected();
  const other = await makeCertificateFolder(join(setup.folder, 'other'), { caName: 'Other CA', devices: [] });
  const request = await setup.fetchRequest();
  const seen = device.output().length;
  await setup.publish('identity/certificate', '-f', await setup.sign(request, other));
  await device.line(/certificate on trial/);
  await device.line(/the new certificate did not work: back to the old one/, 30_000);
  const since = () => device.output().slice(seen);
  await until(() => /connected to/.test(since()), since, 20_000);
  assert.match(since(), /back to the old one[\s\S]*connected to broker\.test/);
  assert.equal(since().match(/connect failed rc=/g)?.length, 3);
});

test('a trial that a restart interrupts runs out of tries too', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const state = Buffer.alloc(4);
  state.writeUInt32LE(1 << 1); // slot 0 is in use, the other has one try left
  await writeFile(join(setup.nvs, 'tls.rotation'), state);
  const other = await makeCertificateFolder(join(setup.folder, 'other'), { caName: 'Other CA', devices: [DEVICE] });
  await copyFile(join(other, `devices/${DEVICE}.crt`), join(setup.nvs, 'tls.device_cert_b'));
  await copyFile(join(other, `devices/${DEVICE}.key`), join(setup.nvs, 'tls.device_key_b'));
  const device = setup.start();
  await device.line(/connect failed|back to the old one/);
  await device.kill();
  const again = setup.start();
  await again.line(/connected to broker\.test/);
  assert.doesNotMatch(again.output(), /connect failed/);
});

test('a trial whose slot cannot be read leaves the board with its old certificate, also after a restart', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const device = await setup.connected();
  const request = await setup.fetchRequest();
  const seen = device.output().length;
  await setup.publish('identity/certificate', '-f', await setup.sign(request, setup.certificates));
  await device.line(/certificate on trial/);
  await rm(join(setup.nvs, 'tls.device_key_b')); // before it connects again, half a second later
  const since = () => device.output().slice(seen);
  await until(() => /connected to/.test(since()), since, 20_000);
  await until(() => /connected to/.test(since()), since);
  assert.doesNotMatch(since(), /certificate renewed/);
  await device.kill();
  const again = setup.start();
  await again.line(/connected to broker\.test/);
});

test('a board whose slot in use is damaged connects with the other one', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const state = Buffer.alloc(4);
  state.writeUInt32LE(1); // slot 1 is in use, and is empty
  await writeFile(join(setup.nvs, 'tls.rotation'), state);
  await setup.connected();
});

test('a certificate for another key, another name, or none at all is refused, and nothing changes', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const device = await setup.connected();
  const own = join(setup.certificates, `devices/${DEVICE}.crt`);
  await setup.publish('identity/certificate', '-f', own);
  await device.line(/certificate refused: no new key is waiting/);
  const request = await setup.fetchRequest();
  await setup.publish('identity/certificate', '-f', own);
  await device.line(/certificate refused: it is for another key/);
  await setup.publish('identity/certificate', '-m', 'nonsense');
  await device.line(/certificate refused: it is no certificate in PEM/);
  await setup.publish('identity/certificate', '-f', await setup.sign(request, setup.certificates, '/CN=somebody-else'));
  await device.line(/certificate refused: its CN is not this device's name/);
  assert.doesNotMatch(device.output(), /on trial/);
});

/** Not a program, but all that "update sign" and the board look at. */
function imageOf(version: number, bytes = 30_000): Buffer {
  const image = Buffer.alloc(bytes, `pieces of version ${version} `);
  image[0] = 0xe9;
  image.write(`\n[secure-iot] firmware version ${version}\0`, 5_000);
  return image;
}

async function updateBench(t: TestContext) {
  const setup = await bench(t);
  if (!setup) return undefined;
  const { folder, certificates, port } = setup;
  let made = 0;
  const signed = async (image: Buffer): Promise<string> => {
    const file = join(folder, `image-${++made}.bin`);
    await writeFile(file, image);
    return (await signUpdate(file, certificates, `${file}.signed`)).path;
  };
  const tls = await readConnectionFiles(certificates, { type: 'workspace' }, { type: 'device', name: 'operator' });
  const send = async (file: string, silenceMs = 15_000): Promise<void> =>
    sendUpdate(await readSignedUpdate(file), {
      session: { protocol: 'mqtts', host: '127.0.0.1', port, tls },
      topicPrefix: 'devices',
      device: DEVICE,
      silenceMs,
    });
  return { ...setup, signed, send };
}

const refusedWith =
  (reason: RegExp) =>
  (error: unknown): boolean =>
    error instanceof UserError && error.code === 'update-refused' && reason.test(error.message);

test('a signed, newer image is taken byte for byte, and confirmed once it has reached the broker', async (t) => {
  const setup = await updateBench(t);
  if (!setup) return;
  const device = await setup.connected();
  const image = imageOf(2);
  await setup.send(await setup.signed(image));
  await device.line(/update installed, restarting/);
  assert.deepEqual(await readFile(join(setup.flash, 'app.bin')), image);

  await writeFile(join(setup.flash, 'pending'), '');
  const next = setup.start();
  await next.line(/this firmware is on probation/);
  await next.line(/update confirmed, firmware version 1$/);
  await assert.rejects(readFile(join(setup.flash, 'pending')), /ENOENT/);
});

test('tampered, foreign, older and oversized updates are refused, and nothing is left to start', async (t) => {
  const setup = await updateBench(t);
  if (!setup) return;
  await setup.connected();
  const good = await setup.signed(imageOf(2));
  const bytes = await readFile(good);

  const changed = join(setup.folder, 'changed.signed');
  bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
  await writeFile(changed, bytes);
  await assert.rejects(setup.send(changed), refusedWith(/given up: the image is not the one that was signed/));

  const relabelled = await readFile(good);
  relabelled.writeUInt32BE(9, 4);
  await writeFile(changed, relabelled);
  await assert.rejects(setup.send(changed), refusedWith(/refused: it is not signed with the update key/));

  await assert.rejects(
    setup.send(await setup.signed(imageOf(1))),
    refusedWith(/refused: it is not newer than what runs/),
  );
  await assert.rejects(setup.send(await setup.signed(imageOf(2, 1_400_000))), refusedWith(/refused: it does not fit/));
  for (const name of ['app.bin', 'next.bin']) await assert.rejects(readFile(join(setup.flash, name)), /ENOENT/, name);
  await setup.send(good); // the board is not confused by any of it
});

test('a board that is not there is said', async (t) => {
  const setup = await updateBench(t);
  if (!setup) return;
  await assert.rejects(
    setup.send(await setup.signed(imageOf(2)), 500),
    (error) => error instanceof UserError && error.code === 'update-no-answer',
  );
});
