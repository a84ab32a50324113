// An untrusted folder: Secure IoT decodes and reads there; what flashes or writes keys is not offered.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openSession, type Session } from './support/session';

describe('An untrusted folder in VS Code 1.139', { timeout: 240_000 }, () => {
  let session: Session;

  before(async () => {
    const log = 'E (2214) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n';
    session = await openSession('current', { trusted: false, files: { 'board.log': log } });
  });
  after(() => session?.close());

  it('explains a code in a log that is the first thing opened', async () => {
    const { workbench } = session;
    await workbench.openFile('board.log');
    await workbench.hover(/0x2700/, /CERT_VERIFY_FAILED/);
  });

  it('explains error codes', async () => {
    const { workbench } = session;
    await workbench.command('Explain Error Code…');
    await workbench.answer(/Explain Error Code/, '-0x2700');
    await workbench
      .webview()
      .getByRole('heading', { name: 'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED' })
      .waitFor({ timeout: 30_000 });
    await workbench.screenshot('untrusted');
  });

  it('offers no command that flashes a board or writes a key', async () => {
    const { workbench } = session;
    assert.deepEqual(await workbench.offered('Secure IoT: Explain Error Code'), ['Secure IoT: Explain Error Code…']);
    assert.deepEqual(await workbench.offered('Secure IoT: Generate Certificates'), []);
    assert.deepEqual(await workbench.offered('Secure IoT: Flash Board'), []);
    assert.deepEqual(await workbench.offered('Secure IoT: New Secure Sketch'), []);
    assert.equal(existsSync(join(session.workspace, 'certs')), false);
  });
});
