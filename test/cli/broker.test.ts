import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import mqtt from 'mqtt';
import { openCertificateStore } from '../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, unlockAuthority } from '../../src/io/pki/issueCertificates';
import { startCli } from '../support/cli';
import { temporaryFolder } from '../support/temporaryFolder';
import { goodSet } from '../support/testAuthority';

let good: Awaited<ReturnType<typeof goodSet>>;
before(async () => {
  good = await goodSet();
});

async function certificatesFolder(): Promise<string> {
  const folder = temporaryFolder('secure-iot-broker');
  await mkdir(join(folder, 'ca'));
  await mkdir(join(folder, 'broker'));
  await writeFile(join(folder, 'ca', 'ca.crt'), good.ca.pem);
  await writeFile(join(folder, 'broker', 'localhost.crt'), good.broker.pem);
  await writeFile(join(folder, 'broker', 'localhost.key'), good.broker.keyPem, { mode: 0o600 });
  return folder;
}

const run = (t: TestContext, words: readonly string[]) => startCli(t, process.cwd(), ['broker', ...words]);

describe('secure-iot broker', () => {
  it('serves from a certificates folder, tells who connects, and ends cleanly when interrupted', async (t) => {
    const broker = run(t, ['--dir', await certificatesFolder(), '--host', '127.0.0.1', '--port', '0']);
    const port = /:(\d+) \(mutual TLS\)/.exec(await broker.line(/listens on/))?.[1];
    const client = await mqtt.connectAsync(`mqtts://localhost:${port}`, {
      ca: good.ca.pem,
      cert: good.device.pem,
      key: good.device.keyPem,
      clientId: 'a\u001b[31mb',
      reconnectPeriod: 0,
    });
    const line = await broker.line(/connected/);
    assert.match(line, /"a⟦ESC⟧\[31mb" from 127\.0\.0\.1, certificate "esp32-device-001", TLSv1\.3$/);
    await client.endAsync();
    await broker.kill('SIGINT');
    assert.equal(await broker.ended, 0);
  });

  it('says what is missing in an empty folder', async (t) => {
    const folder = temporaryFolder('secure-iot-broker');
    const broker = run(t, ['--dir', folder, '--port', '0']);
    assert.equal(await broker.ended, 1);
    assert.match(broker.output(), /no certificate authority.*Generate certificates first/);
  });

  it('lists its faults, starts with one, and needs no passphrase where the authority signs nothing', async (t) => {
    const dir = await certificatesFolder();
    const list = run(t, ['--fault', 'list']);
    assert.equal(await list.ended, 0);
    assert.match(list.output(), /^wrong-name.*An ESP32 prints -0x2700/m);
    const faulty = run(t, ['--dir', dir, '--host', '127.0.0.1', '--port', '0', '--fault', 'wrong-ca']);
    assert.match(await faulty.line(/^FAULT/), /"wrong-ca".*nobody trusts/);
    assert.equal(await run(t, ['--dir', dir, '--fault', 'gremlins']).ended, 2);
    const signed = run(t, ['--dir', dir, '--port', '0', '--fault', 'expired']);
    assert.equal(await signed.ended, 1);
  });

  it('signs the certificate of a fault with the authority of a folder named relative to here', async (t) => {
    const folder = temporaryFolder('secure-iot-broker');
    const store = openCertificateStore(folder);
    await createAuthority(store, { commonName: 'Workshop CA', passphrase: 'correct horse battery' });
    await issueBroker(store, await unlockAuthority(store, 'correct horse battery'), { hosts: ['localhost'] });
    await writeFile(join(folder, 'passphrase'), 'correct horse battery');
    const where = ['--dir', relative(process.cwd(), folder), '--passphrase-file', join(folder, 'passphrase')];
    const broker = run(t, [...where, '--host', '127.0.0.1', '--port', '0', '--fault', 'expired']);
    await broker.line(/FAULT ON PURPOSE "expired"/);
    await broker.line(/listens on mqtts:/);
  });

  it('says who holds the port', { skip: process.platform === 'win32' }, async (t) => {
    const dir = await certificatesFolder();
    const args = ['--dir', dir, '--host', '127.0.0.1', '--port'];
    const first = run(t, [...args, '0']);
    const line = await first.line(/listens on/);
    const port = /:(\d+) /.exec(line)?.[1] ?? '';
    const second = run(t, [...args, port]);
    const message = await second.line(/is taken/);
    assert.match(message, new RegExp(`\\(process ${first.pid}\\)`));
  });
});
