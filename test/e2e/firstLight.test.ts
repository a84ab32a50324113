// The main job as a person does it, in a real VS Code with the packaged extension, by the command palette:
// certificates -> broker -> sketch -> flash -> monitor -> decoded error -> diagnosis -> fix -> MQTT Explorer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildDemoFirmware, DEMO_DEVICE, replaceCa, secureIot } from '../../scripts/demoWorkspace.mjs';
import type { Release } from '../../scripts/vscodeServer.mjs';
import { findTool } from '../support/tools';
import { openSession, type Session } from './support/session';

const CONNECTED = /published devices/;

const RELEASES: readonly { release: Release; name: string }[] = [
  { release: 'current', name: 'VS Code 1.139' },
  { release: 'oldest', name: 'VS Code 1.100' },
];

for (const { release, name } of RELEASES) {
  describe(`First light in ${name}`, { timeout: 600_000 }, () => {
    let session: Session;
    let failed = false;
    const file = (path: string) => readFileSync(join(session.workspace, path), 'utf8');

    before(async () => {
      session = await openSession(release);
    });
    after(async () => {
      if (failed) await session?.workbench.screenshot('failed');
      await session?.close();
    });
    /** A step needs those before it: after a failure the rest is not tried. */
    const step = (title: string, run: () => Promise<void>) =>
      it(title, { timeout: 120_000 }, async () => {
        assert.ok(!failed, 'an earlier step failed');
        failed = true;
        await run();
        failed = false;
      });

    step('makes an authority, a broker and a device certificate', async () => {
      const { workbench } = session;
      await workbench.command('Generate Certificates…');
      await workbench.answer(/name of the authority/);
      await workbench.answer(/passphrase of the authority/);
      await workbench.answer(/the broker's names/, 'localhost, 127.0.0.1');
      await workbench.answer(/name of the device/, DEMO_DEVICE);
      await workbench.notification(/Made in certs/);
      await workbench.showView('Certificates');
      await workbench.screenshot('certificates');
      assert.match(file('certs/ca/ca.key'), /BEGIN ENCRYPTED PRIVATE KEY/);
      assert.equal(statSync(join(session.workspace, 'certs/ca/ca.key')).mode & 0o777, 0o600);
      assert.ok(existsSync(join(session.workspace, 'certs/.gitignore')));
      const openssl = findTool('openssl');
      assert.ok(openssl, 'openssl is needed: run "node scripts/prepareMachine.mjs" as root');
      for (const certificate of ['certs/broker/localhost.crt', `certs/devices/${DEMO_DEVICE}.crt`]) {
        const args = ['verify', '-x509_strict', '-CAfile', 'certs/ca/ca.crt', certificate];
        assert.match(execFileSync(openssl, args, { cwd: session.workspace, encoding: 'utf8' }), /: OK/);
      }
      await workbench.dismissNotifications();
    });

    step('starts the local TLS broker', async () => {
      const { workbench } = session;
      await workbench.command('Start Local TLS Broker');
      await workbench.notification(new RegExp(`mqtts://localhost:${session.brokerPort}`));
      await workbench.dismissNotifications();
    });

    step('makes a sketch with the certificates wired in', async () => {
      const { workbench } = session;
      await workbench.command('New Secure Sketch…');
      await workbench.answer(/template/, 'Mutual TLS');
      await workbench.answer(/framework/, 'Arduino sketch');
      await workbench.answer(/board/);
      await workbench.answerUntil(
        [
          [/device/, DEMO_DEVICE],
          [/[Hh]ost/, 'localhost'],
          [/[Pp]ort/, String(session.brokerPort)],
          [/time zone/, 'UTC'],
          [/folder/, DEMO_DEVICE],
          [/files for/, 'Create these files'],
        ],
        () => existsSync(join(session.sketch, 'secrets.h')),
      );
      await workbench.notification(/Secure sketch made/);
      await workbench.dismissNotifications();
      await workbench.screenshot('sketch');
      assert.match(file(`${DEMO_DEVICE}/.gitignore`), /secrets\.h/);
      assert.match(file(`${DEMO_DEVICE}/secrets.h`), /PRIVATE KEY/);
      assert.doesNotMatch(file(`${DEMO_DEVICE}/certificates.h`), /PRIVATE KEY/);
      assert.ok(file(`${DEMO_DEVICE}/certificates.h`).includes(file('certs/ca/ca.crt').trim()));
    });

    step('flashes the board and watches it connect', async () => {
      const { workbench, sketch } = session;
      buildDemoFirmware(sketch);
      await workbench.flash(session.board.address, 'flash');
      await workbench.dismissNotifications();
      await workbench.openMonitor(session.board.address);
      await workbench.waitForTerminal(CONNECTED);
      await workbench.screenshot('connected');
    });

    step('explains under the line why a board with an old CA is stuck', async () => {
      const { workbench, sketch } = session;
      const old = join(session.workspace, '.old-ca');
      secureIot(['certs', 'ca', '--cn', 'Old Workshop CA', '--dir', old]);
      replaceCa(sketch, file('.old-ca/ca/ca.crt'));
      buildDemoFirmware(sketch);
      await workbench.flash(session.board.address); // the monitor is open: it gives the port up and takes it back
      const shown = await workbench.waitForTerminal(/↳ MBEDTLS_ERR_X509_CERT_VERIFY_FAILED/, 60_000);
      assert.match(shown, /start_ssl_client.*-9984/s); // Arduino prints -0x2700 in decimal
      await workbench.screenshot('monitor');
    });

    step('counts it in Device Errors', async () => {
      const { workbench } = session;
      await workbench.showView('Device Errors');
      await workbench.page
        .locator('.pane')
        .filter({ hasText: 'Device Errors' })
        .getByText(/0x2700|CERT_VERIFY_FAILED/)
        .first()
        .waitFor();
      await workbench.screenshot('device-errors');
    });

    step('explains a code that is typed, and one that is hovered', async () => {
      const { workbench } = session;
      await workbench.command('Explain Error Code…');
      await workbench.answer(/Explain Error Code/, '-9984');
      await workbench
        .webview()
        .getByRole('heading', { name: 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED' })
        .waitFor({ timeout: 20_000 });
      await workbench.screenshot('explain');
      await writeFile(
        join(session.workspace, 'board.log'),
        'E (2214) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n',
      );
      await workbench.openFile('board.log');
      await workbench.hover(/0x2700/, /CERT_VERIFY_FAILED/);
      await workbench.screenshot('hover');
    });

    step('diagnoses the wrong CA and its fix makes the board connect', async () => {
      const { workbench, sketch } = session;
      await workbench.command('Diagnose Connection…');
      await workbench.notification(/CA/, 40_000);
      await workbench.clickInNotification(/CA/, 'Show Evidence');
      await workbench.page.waitForTimeout(1_500);
      await workbench.screenshot('diagnosis');
      await workbench.dismissNotifications();
      await workbench.diagnoseAndFix(/wrong CA/);
      await workbench.screenshot('fixed');
      assert.ok(
        file(`${DEMO_DEVICE}/certificates.h`).includes(file('certs/ca/ca.crt').trim()),
        'the CA is in the sketch',
      );
      buildDemoFirmware(sketch);
      await workbench.dismissNotifications();
      await workbench.flash(session.board.address);
      await workbench.waitForTerminal(CONNECTED, 60_000);
    });

    step('diagnoses a host name that is not in the certificate', async () => {
      const { workbench, sketch } = session;
      const config = join(sketch, 'config.h');
      const before = readFileSync(config, 'utf8');
      await writeFile(config, before.replace('"localhost"', '"127.0.0.2"'));
      await workbench.diagnoseAndFix(/127\.0\.0\.2[\s\S]* is not in the broker's certificate/, {
        answers: [[/choose a fix/, 'Connect to']],
        seen: () => workbench.screenshot('diagnosis-name'),
      });
      assert.match(readFileSync(config, 'utf8'), /MQTT_HOST "(localhost|127\.0\.0\.1)"/, 'a name in the certificate');
      await workbench.dismissNotifications();
    });

    step('diagnoses a missing client certificate, and its fix sets it', async () => {
      const { workbench, sketch } = session;
      const setup = join(sketch, 'tlsSetup.h');
      const before = readFileSync(setup, 'utf8');
      const without = before.replace(/^.*set(Certificate|PrivateKey)\(.*\n/gm, '');
      assert.notEqual(without, before, 'the sketch sets a client certificate');
      await writeFile(setup, without);
      await workbench.diagnoseAndFix(/requires a client certificate/, {
        answers: [[/choose a fix/], [/Device certificate/]],
        seen: () => workbench.screenshot('diagnosis-client'),
      });
      assert.match(readFileSync(setup, 'utf8'), /setPrivateKey\(/);
      await workbench.screenshot('fixed-client');
      await workbench.dismissNotifications();
      buildDemoFirmware(sketch);
      await workbench.flash(session.board.address);
      await workbench.waitForTerminal(CONNECTED, 60_000);
    });

    step('shows the topics of the board in the MQTT Explorer, publishes, and tells what TLS negotiated', async () => {
      const { workbench } = session;
      await workbench.command('MQTT Explorer');
      const pane = workbench.webview();
      await pane.getByText('Connect', { exact: true }).first().click({ timeout: 30_000 });
      await pane.getByText('Connected', { exact: true }).waitFor({ timeout: 30_000 });
      const topics = pane.getByRole('treegrid', { name: 'Topics' });
      await topics.getByText(DEMO_DEVICE).first().waitFor({ timeout: 30_000 });

      await pane.getByRole('tab', { name: 'Publish' }).click();
      await pane.getByRole('textbox', { name: 'Topic', exact: true }).fill('workshop/lamp');
      await pane.getByRole('textbox', { name: 'Payload' }).fill('{"on":true}');
      await pane.getByRole('button', { name: 'Publish', exact: true }).click();
      await topics.getByText('{"on":true}').waitFor({ timeout: 10_000 });

      await pane.getByRole('tab', { name: 'TLS' }).click();
      await pane.getByText('Trusted', { exact: true }).first().waitFor({ timeout: 10_000 });
      await workbench.screenshot('explorer-tls');
      await pane.getByRole('tab', { name: 'Messages' }).click();
      await topics.getByText('telemetry').first().click();
      await workbench.page.waitForTimeout(3_000);
      await workbench.screenshot('explorer');
    });
  });
}
