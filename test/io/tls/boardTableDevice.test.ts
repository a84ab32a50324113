// The row of the board table for Mbed TLS 2.28 against a real Mbed TLS 2.28: same verdict, same code.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { boardTable } from '../../../src/core/tls/boardTable';
import { readCertificates } from '../../../src/core/x509/readCertificates';
import { verifySignature } from '../../../src/io/pki/signatureCheck';
import { probeTls } from '../../../src/io/tls/tlsProbe';
import { build, buildDeviceClient } from '../../device/build';
import { runDevice } from '../../support/deviceClient';
import { type MosquittoOptions, startMosquitto } from '../../support/mosquitto';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';

let program: string | undefined;
let set: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
let other: TestIdentity;
before(async () => {
  program = await buildDeviceClient();
  set = await goodSet();
  other = await issue({ cn: 'Another CA', ca: true });
});

interface Case {
  readonly broker?: Partial<MosquittoOptions>;
  readonly ca?: () => string;
  readonly servername?: string;
  readonly identity?: true;
}

const CASES: Readonly<Record<string, Case>> = {
  'a healthy broker': {},
  'another CA': { ca: () => other.pem },
  'another name': { servername: 'mqtt.example.com' },
  'a client certificate that is missing': { broker: { requireCertificate: true } },
  'a client certificate that is there': { broker: { requireCertificate: true }, identity: true },
  'TLS 1.3 only': { broker: { minimumVersion: 'tlsv1.3' } },
};

for (const [name, { broker: options, ca = () => set.ca.pem, servername = 'localhost', identity }] of Object.entries(
  CASES,
)) {
  test(`the board table and a real Mbed TLS agree on ${name}`, async (t) => {
    if (!program) return t.skip(`no Mbed TLS program: ${(await build('x', [])).reason}`);
    if (!requireTool(t, 'mosquitto')) return undefined;
    const files = { ca: set.ca.pem, certificate: set.broker.pem, key: set.broker.keyPem };
    const broker = await startMosquitto({ ...files, ...options });
    t.after(() => broker.stop());
    const { pem: cert, keyPem: key } = set.device;
    const device = await runDevice(program, {
      port: broker.port,
      servername,
      ca: ca(),
      ...(identity ? { cert, key } : {}),
    });
    const tls = { ca: ca(), servername, ...(identity ? { certificate: cert, key } : {}) };
    const report = await probeTls({ host: 'localhost', port: broker.port, tls, nowMs: Date.now() });
    const row = boardTable(report, readCertificates(ca()), verifySignature).find(
      ({ board }) => board === 'ESP-IDF 4.4',
    );
    assert.ok(row);
    assert.equal(row.verdict, device.connected ? 'works' : 'fails', device.output);
    assert.ok(device.output.toLowerCase().includes(row.code), `${row.code} is not in: ${device.output}`);
    return undefined;
  });
}
