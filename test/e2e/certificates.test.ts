// The life of a certificate in a real VS Code: made, many at once, renewed, read, revoked.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, type Session } from './support/session';

describe('Certificates in VS Code 1.139', { timeout: 300_000 }, () => {
  let session: Session;
  const certs = (...path: string[]) => join(session.workspace, 'certs', ...path);

  before(async () => {
    session = await openSession('current');
    const { workbench } = session;
    await workbench.command('Generate Certificates…');
    await workbench.answer(/name of the authority/, 'Workshop CA');
    await workbench.answer(/passphrase of the authority/);
    await workbench.answer(/the broker's names/, 'localhost');
    await workbench.answer(/name of the device/, 'esp32-device-001');
    await workbench.notification(/Made in certs/);
    await workbench.dismissNotifications();
  });
  after(() => session?.close());

  it('issues a fleet without asking for the passphrase again', async () => {
    const { workbench } = session;
    await workbench.command('Issue Certificates for a Fleet…');
    await workbench.answer(/pattern of the names/, 'dev-{001}');
    await workbench.answer(/how many/, '40');
    await workbench.notification(/Issued 40 device certificates/, 60_000);
    assert.equal(readdirSync(certs('devices')).filter((f) => f.endsWith('.crt')).length, 41);
    await workbench.dismissNotifications();
  });

  it('renews a certificate and keeps the old files', async () => {
    const { workbench } = session;
    const before = readFileSync(certs('broker/localhost.crt'), 'utf8');
    await workbench.command('Renew Certificate…');
    await workbench.answer(/Renew Certificate/, 'localhost');
    await workbench.notification(/Renewed "localhost" until/);
    assert.notEqual(readFileSync(certs('broker/localhost.crt'), 'utf8'), before);
    const kept = readdirSync(certs('broker')).find((f) => f.startsWith('localhost.crt.'));
    assert.equal(readFileSync(certs('broker', kept ?? 'none'), 'utf8'), before);
    await workbench.dismissNotifications();
  });

  it('shows a certificate readably from the view', async () => {
    const { workbench } = session;
    await workbench.showView('Certificates');
    await workbench.page.getByRole('treeitem', { name: /broker localhost/ }).click();
    await workbench.page.getByRole('tab', { name: /localhost\.crt/ }).waitFor();
    await workbench.webview().getByText('SHA-256').first().waitFor();
    await workbench.screenshot('inspect-certificate');
  });

  it('revokes a device and writes the list for the broker', async () => {
    const { workbench } = session;
    await workbench.command('Revoke Certificate…');
    await workbench.answer(/Revoke Certificate/, 'dev-007');
    await workbench.answer(/Revoke "dev-007": why/);
    await workbench.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await workbench.notification(/Revoked "dev-007"/);
    assert.match(readFileSync(certs('ca/ca.crl'), 'utf8'), /BEGIN X509 CRL/);
  });
});
