// Each fault of the local broker: what a real Mbed TLS client prints, and what the diagnosis of its sketch says.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { TlsStackId } from '../../../src/core/diagnose/tlsStack';
import type { CauseId } from '../../../src/core/diagnose/verdict';
import { BROKER_FAULTS, describeFault, type FaultId, faultOf } from '../../../src/core/mqtt/brokerFaults';
import { boardTable } from '../../../src/core/tls/boardTable';
import { reportSections } from '../../../src/core/tls/probeSections';
import { readCertificates } from '../../../src/core/x509/readCertificates';
import { type BrokerFiles, readBrokerFiles } from '../../../src/io/broker/brokerFiles';
import { startFaultyBroker } from '../../../src/io/broker/faultyBroker';
import { diagnoseConnection } from '../../../src/io/diagnose/connectionDiagnosis';
import type { Issuer } from '../../../src/io/pki/certificateAuthority';
import { openCertificateStore } from '../../../src/io/pki/certificateStore';
import { createAuthority, issueBroker, issueDevice, unlockAuthority } from '../../../src/io/pki/issueCertificates';
import { verifySignature } from '../../../src/io/pki/signatureCheck';
import { probeTls } from '../../../src/io/tls/tlsProbe';
import { buildDeviceClient } from '../../device/build';
import { runDevice } from '../../support/deviceClient';
import { sketchFiles, writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';

/** What the diagnosis must name; for the faults that only an ESP8266 minds, with its stack. */
const CAUSES: Readonly<Record<FaultId, CauseId>> = {
  'wrong-ca': 'wrong-ca',
  'remade-ca': 'ca-made-anew',
  'wrong-name': 'host-name-mismatch',
  'no-san': 'host-name-mismatch',
  expired: 'expired',
  'not-yet-valid': 'expired',
  'missing-intermediate': 'incomplete-chain',
  'weak-key': 'weak-certificate',
  'sha1-signature': 'weak-certificate',
  'wrong-purpose': 'wrong-purpose',
  'old-tls': 'tls-version',
  'tls13-only': 'tls-version',
  'client-cert-required': 'missing-client-certificate',
  'client-cert-refused': 'client-certificate-refused',
  login: 'mqtt-refused',
  stall: 'broker-silent',
  close: 'broker-silent',
  reset: 'broker-silent',
  http: 'not-tls',
  plain: 'plain-port',
  garbage: 'not-tls',
};

/** The faults that an ESP32 with Mbed TLS 2.28 does not mind, and a stack that does. */
const MINDED_BY: Partial<Record<FaultId, TlsStackId>> = {
  expired: 'bearssl',
  'not-yet-valid': 'bearssl',
  'old-tls': 'mbedtls-3.6',
};

const PASSPHRASE = 'correct horse battery';

describe('a broker with a fault', () => {
  let base: string;
  let certs: string;
  let files: BrokerFiles;
  let issuer: Issuer;
  let device: { readonly certificate: string; readonly key: string };
  let program: string | undefined;

  before(async () => {
    program = await buildDeviceClient();
    base = temporaryFolder('secure-iot-faults');
    certs = join(base, 'certs');
    const store = openCertificateStore(certs);
    await createAuthority(store, { commonName: 'Workshop CA', passphrase: PASSPHRASE });
    issuer = await unlockAuthority(store, PASSPHRASE);
    await issueBroker(store, issuer, { hosts: ['localhost'] });
    await issueDevice(store, issuer, { commonName: 'esp32-device-001' });
    files = await readBrokerFiles(certs);
    const [certificate, key] = await Promise.all(
      ['crt', 'key'].map((type) => readFile(join(certs, 'devices', `esp32-device-001.${type}`), 'utf8')),
    );
    device = { certificate: certificate ?? '', key: key ?? '' };
  });

  for (const id of Object.keys(BROKER_FAULTS) as FaultId[]) {
    it(`${id}: ${faultOf(id).label}`, { timeout: 60_000 }, async (t) => {
      const options = {
        files,
        issuer: async () => issuer,
        host: '127.0.0.1',
        port: 0,
        requireClientCertificate: false,
      };
      const broker = await startFaultyBroker(id, options);
      t.after(() => broker.stop());
      const withoutPair = id === 'client-cert-required';
      const pair = withoutPair ? {} : { cert: device.certificate, key: device.key };
      const values = { host: 'localhost', port: broker.port, ca: files.ca, ...pair };
      const folder = await writeFiles(sketchFiles(values), join(base, id));
      // An intermediate that nobody ever saw could as well be another CA: the diagnosis says so then.
      if (broker.withheld) await writeFiles({ 'intermediate.crt': broker.withheld }, join(base, 'known'));
      const stack = MINDED_BY[id];
      assert.equal(stack !== undefined, /it connects/.test(faultOf(id).mbedtls));
      const request = { folder, base, certificates: ['certs', 'known'], timeoutMs: id === 'stall' ? 600 : 3_000 };
      const { diagnosis } = await diagnoseConnection({ ...request, ...(stack ? { stack } : {}) }, Date.now());
      assert.equal(diagnosis.verdict.cause, CAUSES[id], diagnosis.verdict.title);
      if (!program || id === 'stall') return; // the program waits for 10 s, as a board waits for 120
      const extra = ['--platform', 'arduino-esp32'];
      const { output, connected } = await runDevice(program, {
        ...{ port: broker.port, servername: 'localhost', ca: files.ca, extra },
        ...pair,
      });
      assert.equal(connected, stack !== undefined, output);
      const { mbedtls } = faultOf(id);
      if (mbedtls.startsWith('-0x')) assert.ok(printed(output).includes(mbedtls), `${mbedtls} is not in:\n${output}`);
      if (mbedtls.startsWith('rc=')) assert.match(output, /rc\s*=\s*-?4|state.*4|\b4\b/);
    });
  }

  it('is seen by the TLS test: a SHA-1 signature, and a client certificate that is not taken', async (t) => {
    const tested = async (id: FaultId) => {
      const broker = await startFaultyBroker(id, { files, issuer: async () => issuer, host: '127.0.0.1', port: 0 });
      t.after(() => broker.stop());
      const tls = { ca: files.ca, certificate: device.certificate, key: device.key, servername: 'localhost' };
      const report = await probeTls({ host: '127.0.0.1', port: broker.port, tls, nowMs: Date.now() });
      const boards = boardTable(report, readCertificates(files.ca), verifySignature);
      const failures = reportSections(report).flatMap(({ checks }) =>
        checks.filter(({ result }) => result === 'failed').map(({ label, detail }) => `${label}: ${detail}`),
      );
      return { failures: failures.join('\n'), esp32: boards.find(({ board }) => board === 'ESP32 Arduino 2.x') };
    };
    const sha1 = await tested('sha1-signature');
    assert.match(sha1.failures, /Trust: .*a hash that is too weak, such as SHA-1[\s\S]*Key and signature: .*SHA1/);
    assert.deepEqual([sha1.esp32?.verdict, sha1.esp32?.code], ['fails', '-0x2700']);
    const refused = await tested('client-cert-refused');
    assert.deepEqual([refused.esp32?.verdict, refused.esp32?.code], ['fails', '-0x7280']);
    assert.match(refused.esp32?.change ?? '', /client certificate from CN=An authority that signed no client/);
  });

  it('says what each fault does and what a board prints', () => {
    assert.match(
      describeFault('wrong-name'),
      /This broker shows .* An ESP32 prints -0x2700; an ESP8266: BearSSL error 56\./,
    );
  });

  it('asks for the authority only for the faults that it signs', async (t) => {
    const refuse = async () => assert.fail('the authority was asked for');
    for (const id of ['wrong-ca', 'old-tls', 'close'] as const) {
      const broker = await startFaultyBroker(id, { files, issuer: refuse, host: '127.0.0.1', port: 0 });
      t.after(() => broker.stop());
    }
    await assert.rejects(startFaultyBroker('expired', { files, issuer: refuse, host: '127.0.0.1', port: 0 }));
  });
});

/** The numbers of an Arduino log, which are decimal and negative, in the headers' notation. */
function printed(output: string): string[] {
  return [...output.matchAll(/-(?:0x[0-9a-f]+|\d+)/gi)].map(([text]) => {
    const value = Number(text.slice(1));
    return `-0x${value.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
