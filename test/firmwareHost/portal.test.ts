// The ESP8266's two start modes: a browser tells the portal the Wi-Fi, the board restarts and connects over TLS.
import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../support/certificateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { canCompile, compileSketch, runMosquitto, runSketch } from './sketchHost';

async function bench(t: TestContext) {
  if (!requireTool(t, 'mosquitto') || !requireTool(t, 'openssl') || !canCompile(t)) return undefined;
  const folder = temporaryFolder('portal');
  const certificates = await makeCertificateFolder(join(folder, 'certs'));
  const templates = findTemplateFolder();
  const template = pickTemplate(await loadTemplates(templates), 'esp8266-portal');
  const sketch = join(folder, 'sketch');
  const values = { host: 'broker.test', port: String(await freePort()), device: 'sensor-1', intervalSeconds: '1' };
  await makeSketch({ templates, template, framework: 'arduino', out: sketch, values, certificates }, Date.now());
  await cp(join(sketch, 'mosquitto'), folder, { recursive: true });
  await appendFile(join(folder, 'mosquitto.conf'), '\nuser root\n');
  const program = await compileSketch(sketch, 'esp8266');
  const flash = join(folder, 'flash');
  await mkdir(flash);
  const web = await freePort();
  const start = (extra: Record<string, string> = {}) => {
    const env = { HOST_LITTLEFS: flash, HOST_HTTP_PORT: String(web), ...extra };
    const device = runSketch(program, { 'broker.test': '127.0.0.1' }, env);
    t.after(() => device.kill());
    return device;
  };
  const save = (ssid: string, password: string) =>
    fetch(`http://127.0.0.1:${web}/save`, { method: 'POST', body: new URLSearchParams({ ssid, password }) });
  return { folder, sketch, web, start, save };
}

test('a new board opens the portal, takes the Wi-Fi, and connects after its restart', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const { start, save, web } = setup;
  const first = start();
  await first.line(/^\[secure-iot\] mode portal heap=\d+ largest=\d+$/);
  await first.line(/join the Wi-Fi "setup-1a2b3c" \(its password is in secrets\.h\) and open http:\/\/192\.168\.4\.1$/);
  const page = await fetch(`http://127.0.0.1:${web}/`);
  assert.match(await page.text(), /<form method="post" action="\/save">/);
  const probe = await fetch(`http://127.0.0.1:${web}/generate_204`, { redirect: 'manual' });
  assert.equal(probe.headers.get('location'), 'http://192.168.4.1/', 'phones show the page by themselves');

  for (const [ssid, password] of [
    ['', 'long-enough'],
    ['x'.repeat(33), 'long-enough'],
    ['home', 'short'],
    ['home', 'x'.repeat(64)],
  ] as const) {
    assert.equal((await save(ssid, password)).status, 400, `${ssid} ${password}`);
  }
  assert.equal((await save('Zuhause "ä" \\', 'p%ss + wörd')).status, 200);
  await first.line(/Wi-Fi "Zuhause "ä" \\" saved, restarting/);

  const broker = await runMosquitto(setup.folder, 'mosquitto.conf');
  t.after(() => broker.kill());
  const second = start();
  await second.line(/^\[secure-iot\] mode MQTT heap=/, 15_000);
  await second.line(/joins "Zuhause "ä" \\" with "p%ss \+ wörd"/);
  await second.line(/connected to broker\.test:\d+ as sensor-1/);
});

test('the button opens the portal on a board that has a Wi-Fi; a bad answer changes nothing', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const { start, save } = setup;
  const first = start();
  await first.line(/portal: join/);
  assert.equal((await save('home', '')).status, 200);
  await first.kill();
  const again = start({ HOST_BUTTON: '1' });
  await again.line(/portal: join/);
  assert.equal((await save('', '')).status, 400);
  await again.kill();
  const last = start();
  await last.line(/mode MQTT/, 15_000);
  await last.line(/joins "home"/);
});

test("the portal's password is random, long enough, and in secrets.h only", async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const secrets = await readFile(join(setup.sketch, 'secrets.h'), 'utf8');
  const password = /PORTAL_PASSWORD "([a-z0-9]{12})"/.exec(secrets)?.[1];
  assert.ok(password);
  for (const file of ['sketch.ino', 'config.h', 'README.md', 'secure-iot.json', 'portalMode.h']) {
    assert.ok(!(await readFile(join(setup.sketch, file), 'utf8')).includes(password), file);
  }
});
