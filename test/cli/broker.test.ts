import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import mqtt from 'mqtt';
import { openCertificateStore } from '../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, unlockAuthority } from '../../src/io/pki/issueCertificates';
import { SECURE_IOT } from '../support/cli';
import { EventLog } from '../support/eventLog';
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

function run(t: TestContext, args: readonly string[]) {
  const child = spawn(process.execPath, [...SECURE_IOT, 'broker', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const out = new EventLog<string>();
  const err = new EventLog<string>();
  for (const [stream, log] of [
    [child.stdout, out],
    [child.stderr, err],
  ] as const) {
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
        log.add(text.slice(0, end));
        text = text.slice(end + 1);
      }
    });
  }
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return { child, out, err, exit };
}

describe('secure-iot broker', () => {
  it('serves from a certificates folder, tells who connects, and ends cleanly when interrupted', async (t) => {
    const { child, out, err, exit } = run(t, [
      '--dir',
      await certificatesFolder(),
      '--host',
      '127.0.0.1',
      '--port',
      '0',
    ]);
    const port = /:(\d+) \(mutual TLS\)/.exec(await err.until((line) => line.includes('listens on'), 20_000))?.[1];
    const client = await mqtt.connectAsync(`mqtts://localhost:${port}`, {
      ca: good.ca.pem,
      cert: good.device.pem,
      key: good.device.keyPem,
      clientId: 'a\u001b[31mb',
      reconnectPeriod: 0,
    });
    const line = await out.until((text) => text.includes('connected'));
    assert.match(line, /"a\\u001b\[31mb" from 127\.0\.0\.1, certificate "esp32-device-001", TLSv1\.3$/);
    await client.endAsync();
    child.kill('SIGINT');
    assert.equal(await exit, 0);
  });

  it('says what is missing in an empty folder', async (t) => {
    const folder = temporaryFolder('secure-iot-broker');
    const { err, exit } = run(t, ['--dir', folder, '--port', '0']);
    assert.equal(await exit, 1);
    await err.until((line) => /no certificate authority.*Generate certificates first/.test(line));
  });

  it('lists its faults, starts with one, and needs no passphrase where the authority signs nothing', async (t) => {
    const dir = await certificatesFolder();
    const list = run(t, ['--fault', 'list']);
    assert.equal(await list.exit, 0);
    assert.match(await list.out.until((line) => line.startsWith('wrong-name')), /An ESP32 prints -0x2700/);
    const { err } = run(t, ['--dir', dir, '--host', '127.0.0.1', '--port', '0', '--fault', 'wrong-ca']);
    assert.match(await err.until((line) => line.startsWith('FAULT')), /"wrong-ca".*nobody trusts/);
    assert.equal(await run(t, ['--dir', dir, '--fault', 'gremlins']).exit, 2);
    const signed = run(t, ['--dir', dir, '--port', '0', '--fault', 'expired']);
    assert.equal(await signed.exit, 1);
  });

  it('signs the certificate of a fault with the authority of a folder named relative to here', async (t) => {
    const folder = temporaryFolder('secure-iot-broker');
    const store = openCertificateStore(folder);
    await createAuthority(store, { commonName: 'Workshop CA', passphrase: 'correct horse battery' });
    await issueBroker(store, await unlockAuthority(store, 'correct horse battery'), { hosts: ['localhost'] });
    await writeFile(join(folder, 'passphrase'), 'correct horse battery');
    const where = ['--dir', relative(process.cwd(), folder), '--passphrase-file', join(folder, 'passphrase')];
    const { err } = run(t, [...where, '--host', '127.0.0.1', '--port', '0', '--fault', 'expired']);
    await err.until((line) => /FAULT ON PURPOSE "expired"/.test(line), 20_000);
    await err.until((line) => /listens on mqtts:/.test(line), 20_000);
  });

  it('says who holds the port', { skip: process.platform === 'win32' }, async (t) => {
    const dir = await certificatesFolder();
    const args = ['--dir', dir, '--host', '127.0.0.1', '--port'];
    const first = run(t, [...args, '0']);
    const line = await first.err.until((text) => text.includes('listens on'));
    const port = /:(\d+) /.exec(line)?.[1] ?? '';
    const second = run(t, [...args, port]);
    const message = await second.err.until((text) => text.includes('is taken'));
    assert.match(message, new RegExp(`\\(process ${first.child.pid}\\)`));
  });
});
