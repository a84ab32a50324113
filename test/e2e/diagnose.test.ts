// Diagnose Connection… as a person uses it, in a real VS Code: three ways to fail against a real mosquitto, each named
// and mended, and the Mbed TLS program then connects with what is in the folder.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { secureIot } from '../../scripts/demoWorkspace.mjs';
import { type Mosquitto, startMosquitto } from '../support/mosquitto';
import { type SketchValues, sketchFiles, writeFiles } from '../support/sketchProject';
import { issue } from '../support/testAuthority';
import { openSession, type Session } from './support/session';

/** The device that the test sketch says it is. */
const DEVICE = 'esp32-device-001';

describe('Diagnose Connection… in VS Code 1.139', { timeout: 300_000 }, () => {
  let session: Session;
  let broker: Mosquitto;
  const certificate = (path: string) => readFileSync(join(session.workspace, 'certs', path), 'utf8');

  before(async () => {
    session = await openSession('current');
    const dir = ['--dir', join(session.workspace, 'certs')];
    secureIot(['certs', 'ca', '--cn', 'Workshop CA', ...dir]);
    secureIot(['certs', 'broker', '--cn', 'localhost', '--dns', 'localhost', ...dir]);
    secureIot(['certs', 'device', '--cn', DEVICE, ...dir]);
    broker = await startMosquitto({
      ca: certificate('ca/ca.crt'),
      certificate: certificate('broker/localhost.crt'),
      key: certificate('broker/localhost.key'),
      requireCertificate: true,
    });
  });
  after(async () => {
    await broker?.stop();
    await session?.close();
  });

  const good = (): SketchValues => ({
    host: 'localhost',
    port: broker.port,
    ca: certificate('ca/ca.crt'),
    cert: certificate(`devices/${DEVICE}.crt`),
    key: certificate(`devices/${DEVICE}.key`),
  });

  /** Diagnoses, chooses Apply Fix, and waits until the check afterwards is green. */
  async function mend(values: SketchValues, verdict: RegExp, name: string, answer?: RegExp): Promise<void> {
    const { workbench, sketch } = session;
    rmSync(sketch, { recursive: true, force: true });
    await writeFiles(sketchFiles(values), sketch);
    await workbench.diagnoseAndFix(verdict, {
      answers: answer ? [[answer]] : [],
      seen: () => workbench.screenshot(`diagnose-${name}`),
    });
    await workbench.dismissNotifications();
    const cli = join(__dirname, '../../dist/cli.js');
    execFileSync(process.execPath, [cli, 'diagnose', sketch], { cwd: session.workspace, stdio: 'pipe' }); // 0: it works
  }

  it('mends a CA that is not the broker’s', async () => {
    const other = await issue({ cn: 'Another CA', ca: true });
    await mend({ ...good(), ca: other.pem }, /wrong CA.*"Workshop CA".*"Another CA"/, 'wrong-ca');
    assert.ok(readFileSync(join(session.sketch, 'certificates.h'), 'utf8').includes(good().ca.trim()));
  });

  it('mends a host name that is not in the certificate', async () => {
    await mend({ ...good(), host: '127.0.0.1' }, /127\.0\.0\.1.*certificate/, 'host-name', /choose a fix/);
    assert.match(readFileSync(join(session.sketch, 'config.h'), 'utf8'), /MQTT_HOST "localhost"/);
  });

  it('gives the sketch the client certificate that the broker requires', async () => {
    const { cert: _cert, key: _key, ...rest } = good();
    await mend(rest, /requires a client certificate/, 'client-certificate', /Device certificate/);
    assert.match(readFileSync(join(session.sketch, 'demo.ino'), 'utf8'), /tls\.setPrivateKey\(DEVICE_KEY\);/);
    assert.match(readFileSync(join(session.sketch, '.gitignore'), 'utf8'), /secrets\.h/);
  });

  it('shows the evidence as a page', async () => {
    const { workbench, sketch } = session;
    const other = await issue({ cn: 'Another CA', ca: true });
    await writeFiles(sketchFiles({ ...good(), ca: other.pem }), sketch);
    await workbench.command('Diagnose Connection…');
    await workbench.clickInNotification(/wrong CA/, 'Show Evidence');
    await workbench
      .webview()
      .getByText('The board holds: ROOT_CA in certificates.h')
      .first()
      .waitFor({ timeout: 20_000 });
    await workbench.screenshot('diagnose-evidence');
  });
});
