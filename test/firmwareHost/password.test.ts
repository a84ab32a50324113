// The template with user name and password, against a real mosquitto with its generated configuration.
import { execFile } from 'node:child_process';
import { appendFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeCertificateFolder } from '../support/certificateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { requireTool } from '../support/tools';
import { canCompile, compileSketch, runMosquitto, runSketch } from './sketchHost';

const exec = promisify(execFile);

const REFUSED = { 'esp32-3': /connect failed rc=5 tls=none ""/, esp8266: /connect failed rc=5 sslerr=0 ""/ };
for (const core of ['esp32-3', 'esp8266'] as const)
  test(`${core}: it logs in with its password, and says rc=5 when the broker does not take it`, async (t) => {
    const tools = ['mosquitto', 'mosquitto_passwd', 'openssl'].every((name) => requireTool(t, name));
    if (!tools || !canCompile(t)) return;
    const folder = temporaryFolder('password');
    const certificates = await makeCertificateFolder(join(folder, 'certs'), { devices: [] });
    const port = String(await freePort());
    const password = 'p"ä\\ss';
    const templates = findTemplateFolder();
    const template = pickTemplate(await loadTemplates(templates), 'password');
    const values = { host: 'broker.test', port, device: 'sensor-1', username: 'alice', password, wifiSsid: 'x' };
    const out = join(folder, 'sketch');
    const board = core === 'esp8266' ? core : 'esp32';
    await makeSketch({ templates, template, framework: 'arduino', board, out, values, certificates }, Date.now());
    for (const file of ['acl', 'mosquitto.conf']) await cp(join(out, 'mosquitto', file), join(folder, file));
    await appendFile(join(folder, 'mosquitto.conf'), '\nuser root\n');
    const program = await compileSketch(out, core);
    const start = async (brokerPassword: string): Promise<Awaited<ReturnType<typeof runMosquitto>>> => {
      await exec('mosquitto_passwd', ['-c', '-b', 'passwords', 'alice', brokerPassword], { cwd: folder });
      return runMosquitto(folder, 'mosquitto.conf');
    };

    const strange = await start('another');
    const refused = runSketch(program, { 'broker.test': '127.0.0.1' });
    await refused.line(REFUSED[core]);
    await refused.kill();
    await strange.kill();

    const broker = await start(password);
    t.after(() => broker.kill());
    const sketch = runSketch(program, { 'broker.test': '127.0.0.1' });
    t.after(() => sketch.kill());
    await sketch.line(/connected to broker\.test/);
    await broker.line(/Received PUBLISH from sensor-1 .*devices\/sensor-1\/status/);
  });
