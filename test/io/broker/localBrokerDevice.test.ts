// What the broker says about a real Mbed TLS client that refuses it: the reason that the board itself never prints.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { BrokerEvent } from '../../../src/core/mqtt/brokerEvents';
import { startLocalBroker } from '../../../src/io/broker/localBroker';
import { build, buildDeviceClient } from '../../device/build';
import { type DeviceRun, runDevice } from '../../support/deviceClient';
import { EventLog } from '../../support/eventLog';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';

let program: string | undefined;
let set: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
let otherCa: TestIdentity;
before(async () => {
  program = await buildDeviceClient();
  set = await goodSet();
  otherCa = await issue({ cn: 'Another CA', ca: true });
});

function deviceTest(name: string, spoiled: () => Partial<DeviceRun>, code: string, deviceCode: RegExp): void {
  test(name, async (t) => {
    if (!program) return t.skip(`no Mbed TLS program: ${(await build('x', [])).reason}`);
    const events = new EventLog<BrokerEvent>();
    const broker = await startLocalBroker({
      ca: set.ca.pem,
      certificate: set.broker.pem,
      key: set.broker.keyPem,
      host: '127.0.0.1',
      port: 0,
      onEvent: events.add,
    });
    t.after(() => broker.stop());
    const good = { port: broker.port, servername: 'localhost', ca: set.ca.pem };
    const { output } = await runDevice(program, {
      ...good,
      cert: set.device.pem,
      key: set.device.keyPem,
      ...spoiled(),
    });
    const failed = await events.until((event) => event.type === 'handshakeFailed');
    assert.ok(failed.type === 'handshakeFailed');
    assert.equal(failed.refusal.code, code);
    assert.match(output, deviceCode);
    assert.match(failed.refusal.deviceCode ?? '', deviceCode);
    return undefined;
  });
}

deviceTest(
  'a board with another CA refuses with unknown_ca',
  () => ({ ca: otherCa.pem }),
  'alert-unknown-ca',
  /-0x2700/,
);
deviceTest(
  'a board that expects another name refuses with bad_certificate',
  () => ({ servername: 'mqtt.example.com' }),
  'alert-bad-certificate',
  /-0x2700/,
);

deviceTest(
  'a board without a certificate is refused, with the code that it prints',
  () => ({ cert: undefined, key: undefined }) as never,
  'client-certificate-missing',
  /-0x7780/,
);
