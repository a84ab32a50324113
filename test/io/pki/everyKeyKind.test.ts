// Every kind of key that we make, as authority and as leaf, judged by those who will meet it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { type KeyKind, keyKinds } from '../../../src/core/pki/keyKind';
import { openCertificateStore } from '../../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { buildDeviceClient } from '../../device/build';
import { runDevice } from '../../support/deviceClient';
import { startMosquitto } from '../../support/mosquitto';
import { PASSPHRASE } from '../../support/pki';
import { temporaryFolder } from '../../support/temporaryFolder';
import { requireTool } from '../../support/tools';

for (const keyKind of Object.keys(keyKinds) as KeyKind[])
  test(`${keyKind} from the root to the device: openssl, mosquitto, Node and a real Mbed TLS accept it`, async (t) => {
    const openssl = requireTool(t, 'openssl');
    if (!openssl || !requireTool(t, 'mosquitto')) return;
    const store = openCertificateStore(join(temporaryFolder('every-key-kind'), 'certs'));
    await createAuthority(store, { commonName: 'CA', passphrase: PASSPHRASE, keyKind });
    const authority = await unlockAuthority(store, PASSPHRASE);
    await issueBroker(store, authority, { hosts: ['localhost', '127.0.0.1'], keyKind });
    await issueDevice(store, authority, { commonName: 'board-1', keyKind });
    const anchor = store.pathsOf('authority', 'ca').certificate;
    for (const [role, name, purpose] of [
      ['broker', 'localhost', 'sslserver'],
      ['device', 'board-1', 'sslclient'],
    ] as const) {
      const { certificate } = store.pathsOf(role, name);
      execFileSync(openssl, ['verify', '-x509_strict', '-CAfile', anchor, '-purpose', purpose, certificate]);
    }
    const { certificate: ca } = await store.readCa();
    const [server, device] = [await store.readBroker(), await store.readDevice('board-1')];
    const broker = await startMosquitto({ ca, ...server, requireCertificate: true });
    t.after(() => broker.stop());
    await new Promise<void>((resolve, reject) => {
      const { certificate: cert, key } = device;
      const socket = connect({ host: '127.0.0.1', port: broker.port, servername: 'localhost', ca, cert, key }, () => {
        assert.ok(socket.authorized);
        socket.destroy();
        resolve();
      });
      socket.on('error', reject);
    });
    const program = await buildDeviceClient();
    if (!program) return t.skip('no C compiler or Mbed TLS here');
    const { certificate: cert, key } = device;
    const { output, connected } = await runDevice(program, {
      port: broker.port,
      servername: 'localhost',
      ca,
      cert,
      key,
    });
    assert.ok(connected, output);
    await broker.logShows(/u'board-1'/);
  });
