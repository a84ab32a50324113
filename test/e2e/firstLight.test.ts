// The main job as a person does it, in a real VS Code with the packaged extension, by the command palette:
// certificates -> broker -> sketch -> flash -> monitor -> decoded error -> diagnosis -> fix -> MQTT Explorer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DEMO_DEVICE } from '../../scripts/demoWorkspace.mjs';
import type { Release } from '../../scripts/vscodeServer.mjs';
import { findTool } from '../support/tools';
import { openSession, type Session } from './support/session';

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
          [/folder/, DEMO_DEVICE],
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
  });
}
