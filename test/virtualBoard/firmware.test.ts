import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { buildDeviceClient } from '../device/build';
import { type Mosquitto, startMosquitto } from '../support/mosquitto';
import { goodSet, issue } from '../support/testAuthority';
import { requireTool } from '../support/tools';
import { BoardMonitor } from './boardMonitor';
import type { DemoConfig } from './demoConfig';
import { buildDemoFlashFiles, buildDemoImage } from './demoImage';
import { VirtualBoard } from './virtualBoard';

type GoodSet = Awaited<ReturnType<typeof goodSet>>;

for (const kind of ['the stand-in', 'the Mbed TLS program'] as const) {
  describe(`the firmware of the virtual board: ${kind}`, { concurrency: true }, () => {
    let program: string | undefined;
    let broker: Mosquitto | undefined;
    let set: GoodSet;
    let otherCa: string;

    before(async (t) => {
      if (kind === 'the Mbed TLS program') program = await buildDeviceClient();
      if (!requireTool(t as unknown as TestContext, 'mosquitto')) return;
      set = await goodSet();
      otherCa = (await issue({ cn: 'Another CA', ca: true })).pem;
      broker = await startMosquitto({
        ca: set.ca.pem,
        certificate: set.broker.pem,
        key: set.broker.keyPem,
        requireCertificate: true,
      });
    });
    after(() => broker?.stop());

    /** A board with this image, watched from its power-on; undefined where a tool is missing. */
    async function watch(t: TestContext, change: Partial<DemoConfig>): Promise<BoardMonitor | undefined> {
      if (!broker) return void t.skip('mosquitto is not installed');
      if (kind === 'the Mbed TLS program' && !program) return void t.skip('the Mbed TLS program cannot be compiled');
      const app = buildDemoImage(
        {
          host: 'localhost',
          port: broker.port,
          deviceId: 'board-1',
          ca: set.ca.pem,
          cert: set.device.pem,
          key: set.device.keyPem,
          insecure: false,
          platform: 'esp-idf',
          ...change,
        },
        { codeBytes: 4096 },
      );
      const board = await VirtualBoard.start({
        port: 0,
        protocol: 'socket',
        preload: buildDemoFlashFiles(app),
        ...(program ? { deviceClient: program } : {}),
      });
      t.after(() => board.close());
      const monitor = await BoardMonitor.open(board.port);
      t.after(() => monitor.close());
      board.reset();
      await monitor.expect(/rst:0x1 \(POWERON_RESET\),boot:0x13 \(SPI_FAST_FLASH_BOOT\)/);
      await monitor.expect(/factory app +00 00 00010000 00100000/);
      return monitor;
    }

    it('connects with the right files and publishes', async (t) => {
      const monitor = await watch(t, {});
      await monitor?.expect(/MQTT_EVENT_CONNECTED/);
      await monitor?.expect(/[Pp]ublished devices\/board-1\/telemetry/);
    });

    it('fails with -0x2700 when its CA is not the broker’s, and tries again', async (t) => {
      const monitor = await watch(t, { ca: otherCa });
      await monitor?.expect(/E \(\d+\) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\r\n/);
      await monitor?.expect(/E \(\d+\) mqtt_client: Error transport connect\r\n/);
      await monitor?.expect(/returned -0x2700\r\n/);
    });

    it('fails with -0x2700 when the host is not in the certificate', async (t) => {
      if (!broker) return t.skip('mosquitto is not installed');
      const elsewhere = await issue({ cn: 'elsewhere', issuer: set.ca, san: [{ type: 'dns', value: 'elsewhere' }] });
      const other = await startMosquitto({ ca: set.ca.pem, certificate: elsewhere.pem, key: elsewhere.keyPem });
      t.after(() => other.stop());
      const monitor = await watch(t, { port: other.port });
      await monitor?.expect(/returned -0x2700\r\n/);
    });

    it('fails with the fatal alert -0x7780 when it has no client certificate', async (t) => {
      const monitor = await watch(t, { cert: null, key: null });
      await monitor?.expect(/returned -0x7780\r\n/);
    });

    it('says in the words of arduino-esp32 what failed, for an Arduino image', async (t) => {
      const monitor = await watch(t, { ca: otherCa, platform: 'arduino-esp32' });
      await monitor?.expect(
        /_handle_error\(\): \[start_ssl_client\(\):\d+\]: \(-9984\) X509 - Certificate verification/,
      );
    });

    it('reports a refused connection as lwIP does', async (t) => {
      const monitor = await watch(t, { port: 1 });
      const line = await monitor?.expect(/esp-tls: .*(delayed connect error|Failed to open new connection).*/);
      if (line) assert.doesNotMatch(line, /ECONNREFUSED/);
    });
  });
}

it('the stand-in says that it is one', async (t) => {
  const config = {
    host: '127.0.0.1',
    port: 1,
    deviceId: 'x',
    ca: null,
    cert: null,
    key: null,
    insecure: true,
  } as const;
  const app = buildDemoImage({ ...config, platform: 'esp-idf' }, { codeBytes: 4096 });
  const board = await VirtualBoard.start({ port: 0, protocol: 'socket', preload: buildDemoFlashFiles(app) });
  t.after(() => board.close());
  const monitor = await BoardMonitor.open(board.port);
  t.after(() => monitor.close());
  board.reset();
  await monitor.expect(/STAND-IN firmware/);
});
