import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { buildDeviceClient } from '../../device/build';
import { runDevice } from '../../support/deviceClient';
import { startMosquitto } from '../../support/mosquitto';
import { fullTestPki } from '../../support/pki';
import { requireTool } from '../../support/tools';

test('mosquitto that asks for client certificates, mosquitto_pub, Node and a real Mbed TLS accept our certificates', async (t) => {
  const pub = requireTool(t, 'mosquitto_pub');
  if (!pub || !requireTool(t, 'mosquitto')) return;
  const { store } = await fullTestPki();
  const [{ certificate: ca }, server, device] = await Promise.all([
    store.readCa(),
    store.readBroker(),
    store.readDevice('esp32-device-001'),
  ]);
  const broker = await startMosquitto({
    ca,
    certificate: server.certificate,
    key: server.key,
    requireCertificate: true,
  });
  t.after(() => broker.stop());

  await t.test('mosquitto_pub, by name', async () => {
    const paths = store.pathsOf('device', 'esp32-device-001');
    const files = [
      '--cafile',
      store.pathsOf('authority', 'ca').certificate,
      '--cert',
      paths.certificate,
      '--key',
      paths.key,
    ];
    await promisify(execFile)(pub, ['-h', 'localhost', '-p', `${broker.port}`, ...files, '-t', 't', '-m', 'x'], {
      timeout: 10_000,
    });
    await broker.logShows(/u'esp32-device-001'/);
  });

  for (const host of ['localhost', '127.0.0.1'])
    await t.test(`node:tls, by ${host}`, async () => {
      const authorized = await new Promise<boolean>((resolve, reject) => {
        const socket = connect({ host, port: broker.port, ca, cert: device.certificate, key: device.key }, () => {
          resolve(socket.authorized);
          socket.destroy();
        });
        socket.setTimeout(10_000, () => reject(new Error('no answer')));
        socket.on('error', reject);
      });
      assert.ok(authorized);
    });

  for (const servername of ['localhost', '127.0.0.1'])
    await t.test(`Mbed TLS 2.28 as on a board, by ${servername}, which only finds the DNS names`, async (t2) => {
      const program = await buildDeviceClient();
      if (!program) return t2.skip('no C compiler or Mbed TLS here');
      const { output, connected } = await runDevice(program, {
        port: broker.port,
        servername,
        ca,
        cert: device.certificate,
        key: device.key,
      });
      assert.ok(connected, output);
    });
});
