import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type DeviceRun, runDevice } from '../support/deviceClient';
import { freePort, type Mosquitto, startMosquitto } from '../support/mosquitto';
import { goodSet, issue, type TestIdentity } from '../support/testAuthority';
import { findTool, requireTool } from '../support/tools';
import { build, buildDeviceClient } from './build';

let program: string | undefined;
let broker: Mosquitto;
let set: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
let otherCa: TestIdentity;

before(async () => {
  program = await buildDeviceClient();
  if (!program || !findTool('mosquitto')) return;
  set = await goodSet();
  otherCa = await issue({ cn: 'Another CA', ca: true });
  broker = await startMosquitto({
    ca: set.ca.pem,
    certificate: set.broker.pem,
    key: set.broker.keyPem,
    requireCertificate: true,
  });
});
after(() => broker?.stop());

/** A board that does everything right; tests spoil one thing. */
const good = (): DeviceRun => ({
  port: broker.port,
  servername: 'localhost',
  ca: set.ca.pem,
  cert: set.device.pem,
  key: set.device.keyPem,
});

function withDevice(name: string, run: (program: string) => Promise<void>): void {
  test(name, async (t) => {
    if (!program) return t.skip(`no Mbed TLS program: ${(await build('deviceClient', ['deviceClient.c'])).reason}`);
    if (!requireTool(t, 'mosquitto')) return;
    return run(program);
  });
}

withDevice('a board with the right files connects and publishes', async (device) => {
  const { output, connected } = await runDevice(device, good());
  assert.ok(connected, output);
  assert.match(output, /I \(\d+\) mqtt_example: MQTT_EVENT_CONNECTED/);
  assert.match(output, /published devices\/esp32-device-001\/telemetry \{"temperature":/);
});

withDevice('a CA that is not the broker’s gives -0x2700, without the reason', async (device) => {
  const { output } = await runDevice(device, { ...good(), ca: otherCa.pem });
  assert.match(output, /E \(\d+\) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700\n/);
  assert.match(output, /I \(\d+\) esp-tls-mbedtls: Failed to verify peer certificate!\n/);
  assert.match(output, /E \(\d+\) esp-tls: Failed to open new connection\n/);
  assert.match(output, /E \(\d+\) transport_base: Failed to open a new connection\n/);
  assert.match(output, /E \(\d+\) mqtt_client: Error transport connect\n/);
  assert.doesNotMatch(output, /verification info|not correctly signed/);
});

withDevice('a host name that is not in the certificate gives -0x2700', async (device) => {
  const { output } = await runDevice(device, { ...good(), servername: 'mqtt.example.com', extra: ['--debug'] });
  assert.match(output, /returned -0x2700/);
  assert.match(output, /does not match with the expected CN/);
});

withDevice('an IP address in the SAN is not matched by Mbed TLS 2.28', async (device) => {
  const { output } = await runDevice(device, { ...good(), servername: '127.0.0.1' });
  assert.match(output, /returned -0x2700/);
});

withDevice('no client certificate where the broker requires one gives the fatal alert -0x7780', async (device) => {
  const { cert: _cert, key: _key, ...rest } = good();
  const { output } = await runDevice(device, rest);
  assert.match(output, /mbedtls_ssl_handshake returned -0x7780\n/);
  assert.match(output, /esp-tls-mbedtls: Certificate verified\.\n/);
});

withDevice('an expired broker certificate passes, as on an ESP32; with --check-dates it does not', async (device) => {
  const expired = await issue({
    cn: 'localhost',
    issuer: set.ca,
    san: [{ type: 'dns', value: 'localhost' }],
    notBefore: new Date(Date.now() - 9e8),
    notAfter: new Date(Date.now() - 8e8),
  });
  const old = await startMosquitto({ ca: set.ca.pem, certificate: expired.pem, key: expired.keyPem });
  try {
    assert.ok((await runDevice(device, { ...good(), port: old.port })).connected);
    const strict = await runDevice(device, { ...good(), port: old.port, extra: ['--check-dates'] });
    assert.match(strict.output, /returned -0x2700/);
  } finally {
    await old.stop();
  }
});

withDevice('as an Arduino sketch it prints what ssl_client.cpp and PubSubClient print', async (device) => {
  const extra = ['--platform', 'arduino-esp32'];
  const wrong = await runDevice(device, { ...good(), ca: otherCa.pem, extra });
  assert.match(
    wrong.output,
    /\[E\]\[ssl_client\.cpp:37\] _handle_error\(\): \[start_ssl_client\(\):273\]: \(-9984\) X509 - Cert/,
  );
  assert.match(wrong.output, /\[E\]\[WiFiClientSecure\.cpp:144\] connect\(\): start_ssl_client: -9984\n/);
  assert.match(wrong.output, /rc=-2\n/);
  // setInsecure() drops the client certificate too.
  const insecure = await runDevice(device, { ...good(), extra: [...extra, '--insecure'] });
  assert.match(insecure.output, /start_ssl_client: -30592/);
  const { ca: _ca, ...noCa } = good();
  assert.match((await runDevice(device, { ...noCa, extra })).output, /start_ssl_client: -1\n/);
});

withDevice('a broker that is down, a plain port and an unknown host print their own lines', async (device) => {
  const down = await runDevice(device, { ...good(), port: await freePort() });
  assert.match(down.output, /esp-tls: \[sock=\d+\] delayed connect error: Connection reset by peer|connect\(\) error/);
  const plain = await startMosquitto({});
  try {
    const wrongPort = await runDevice(device, { ...good(), port: plain.port });
    assert.match(wrongPort.output, /mbedtls_ssl_handshake returned -0x/);
  } finally {
    await plain.stop();
  }
  const unknown = await runDevice(device, { ...good(), host: 'no-such-host.invalid' });
  assert.match(unknown.output, /couldn't get hostname for :no-such-host\.invalid: getaddrinfo\(\) returns 202/);
});

withDevice('a damaged CA in the firmware gives the code of the parser', async (device) => {
  const broken = set.ca.pem.replaceAll('\n', ' ');
  const { output } = await runDevice(device, { ...good(), ca: broken });
  assert.match(output, /mbedtls_x509_crt_parse of CA cert returned -0x2780/);
});

withDevice('it goes on after a failure and ends at once on SIGTERM', async (device) => {
  const port = String(await freePort());
  const child = spawn(device, ['--host', '127.0.0.1', '--port', port, '--backoff-ms', '20']);
  let output = '';
  const again = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.split('Connecting to').length > 3) resolve();
    });
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await again;
  child.kill('SIGTERM');
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(deadline);
  assert.equal(code, 0);
});
