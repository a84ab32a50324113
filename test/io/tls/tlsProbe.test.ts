import assert from 'node:assert/strict';
import { before, describe, it, type TestContext } from 'node:test';
import { boardTable } from '../../../src/core/tls/boardTable';
import { suiteName } from '../../../src/core/tls/cipherSuites';
import type { ProbeReport } from '../../../src/core/tls/probeReport';
import { isTrusted, reportSections } from '../../../src/core/tls/probeSections';
import { parseCertificate } from '../../../src/core/x509/certificate';
import { ConnectError } from '../../../src/io/mqtt/connectError';
import type { TlsSettings } from '../../../src/io/mqtt/mqttTransport';
import { verifySignature } from '../../../src/io/pki/signatureCheck';
import { probeTls } from '../../../src/io/tls/tlsProbe';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from '../../support/mosquitto';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { requireTool } from '../../support/tools';

let good: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
before(async () => {
  good = await goodSet();
});

async function start(t: TestContext, options: Partial<MosquittoOptions> = {}): Promise<Mosquitto | undefined> {
  if (!requireTool(t, 'mosquitto')) return undefined;
  const files = { ca: good.ca.pem, certificate: good.broker.pem, key: good.broker.keyPem };
  const broker = await startMosquitto({ ...files, ...options });
  t.after(() => broker.stop());
  return broker;
}

const mosquitto = async (t: TestContext, options: Partial<MosquittoOptions> = {}): Promise<number | undefined> =>
  (await start(t, options))?.port;

const probe = (port: number, tls: TlsSettings = {}, timeoutMs = 2_000) =>
  probeTls({ host: 'localhost', port, tls: { ca: good.ca.pem, ...tls }, timeoutMs, nowMs: Date.now() });

describe('TLS test of a real mosquitto', () => {
  it('finds a well made broker trusted, and says what it offers', async (t) => {
    const port = await mosquitto(t);
    if (!port) return;
    const report = await probe(port);
    assert.ok(isTrusted(report));
    assert.deepEqual(
      Object.entries(report.versions).map(([version, { offered }]) => [version, offered]),
      [
        ['1.0', false],
        ['1.1', false],
        ['1.2', true],
        ['1.3', true],
      ],
    );
    assert.ok(report.suites['1.2'].map(suiteName).includes('ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'));
    assert.deepEqual(report.suites['1.3'].map(suiteName).sort(), [
      'AES_128_GCM_SHA256',
      'AES_256_GCM_SHA384',
      'CHACHA20_POLY1305_SHA256',
    ]);
    assert.deepEqual(
      [...report.fragmentSizes].sort((a, b) => a - b),
      [512, 1024, 2048, 4096],
    );
    assert.deepEqual(report.mqtt.anonymous, { outcome: 'accepted' });
    assert.deepEqual(report.clientCertificate, { wanted: false, required: false, acceptedIssuers: [] });
    // TLS 1.3: header 5, content type 1, tag 16. TLS 1.2 with GCM: header 5, nonce 8, tag 16.
    assert.deepEqual(
      report.handshakes.map(({ overheadBytes }) => overheadBytes),
      [22, 29],
    );
    assert.deepEqual(
      report.handshakes.map(({ version }) => version),
      ['TLSv1.3', 'TLSv1.2'],
    );
    assert.ok(report.resumption.ticket?.works && report.resumption.psk13?.works);
    assert.ok((report.resumption.ticket.measure?.bytes ?? 9_999) < (report.handshakes[1]?.bytes ?? 0));
  });

  it('sees a client certificate required, and with one gets in', async (t) => {
    const port = await mosquitto(t, { requireCertificate: true });
    if (!port) return;
    const without = await probe(port);
    assert.equal(without.clientCertificate.required, true);
    assert.ok(isTrusted(without), 'trust does not depend on what the client shows');
    assert.equal(without.mqtt.anonymous.outcome, 'tls-refused');
    assert.equal(without.resumption.psk13, undefined);
    const identity = { certificate: good.device.pem, key: good.device.keyPem };
    const withOne = await probe(port, identity);
    assert.deepEqual(withOne.mqtt.withIdentity, { outcome: 'accepted' });
    assert.equal(withOne.clientCertificate.required, true);
  });

  it('judges the certificate of a TLS 1.2 broker that refuses it without a client certificate', async (t) => {
    const port = await mosquitto(t, {
      requireCertificate: true,
      extraLines: ['ciphers ECDHE-ECDSA-AES128-GCM-SHA256'],
    });
    if (!port) return;
    const report = await probe(port, { ca: good.ca.pem });
    assert.ok(isTrusted(report));
    assert.deepEqual(report.suites['1.2'].map(suiteName), ['ECDHE_ECDSA_WITH_AES_128_GCM_SHA256']);
  });

  it('sees that TLS 1.2 is refused, and tells which boards that shuts out', async (t) => {
    const port = await mosquitto(t, { minimumVersion: 'tlsv1.3' });
    if (!port) return;
    const report = await probe(port);
    assert.equal(report.versions['1.2'].offered, false);
    assert.ok(isTrusted(report));
    const boards = boardTable(report, [good.ca.certificate].map(toCertificate), verifySignature);
    assert.deepEqual(
      boards.map(({ verdict }) => verdict),
      ['fails', 'fails', 'fails', 'fails', 'fails', 'unknown'],
    );
    assert.equal(boards.find(({ board }) => board === 'ESP-IDF 5.x')?.code, '-0x7780');
  });

  it('sees a wrong name, an expired certificate and a missing intermediate', async (t) => {
    const expired = await issue({
      cn: 'localhost',
      issuer: good.ca,
      san: [{ type: 'dns', value: 'localhost' }],
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    const intermediate = await issue({
      cn: 'Workshop Issuing CA',
      issuer: good.ca,
      ca: true,
      keyUsage: ['keyCertSign'],
    });
    const leaf = await issue({
      cn: 'localhost',
      issuer: intermediate,
      san: [{ type: 'dns', value: 'localhost' }],
      usages: ['serverAuth'],
    });
    const wrongName = await mosquitto(t);
    if (!wrongName) return;
    const name = await probe(wrongName, { servername: 'mqtt.example.com' });
    assert.deepEqual([name.trust.chainProblem, name.trust.nameProblem], ['', 'ERR_TLS_CERT_ALTNAME_INVALID']);
    const old = await probe((await mosquitto(t, { certificate: expired.pem, key: expired.keyPem })) ?? 0);
    assert.equal(old.trust.chainProblem, 'CERT_HAS_EXPIRED');
    const cut = await probe((await mosquitto(t, { certificate: leaf.pem, key: leaf.keyPem })) ?? 0);
    assert.match(cut.trust.chainProblem, /VERIFY_LEAF|ISSUER/);
    assert.ok(
      failures(cut).some(({ label, detail }) => label === 'Intermediate' && detail.includes('Workshop Issuing CA')),
    );
    const whole = await probe(
      (await mosquitto(t, { certificate: leaf.pem + intermediate.pem, key: leaf.keyPem })) ?? 0,
    );
    assert.ok(isTrusted(whole));
    assert.deepEqual(
      whole.chain.map(({ subject }) => subject.commonName),
      ['localhost', 'Workshop Issuing CA'],
    );
  });

  it('leaves an error in the log for each offer that is refused, and for nothing else', async (t) => {
    const identity = { certificate: good.device.pem, key: good.device.keyPem };
    for (const [requireCertificate, tls] of [
      [false, {}],
      [true, identity],
    ] as const) {
      const broker = await start(t, { requireCertificate });
      if (!broker) return;
      const report = await probe(broker.port, tls);
      const errors = broker.log().match(/Protocol error/g)?.length ?? 0;
      const { made, unfinished } = report.connections;
      assert.ok(errors <= unfinished, `${errors} errors, ${unfinished} told`);
      // Old versions, the rest of the suites and groups, none without a certificate: few, however slow the machine is.
      assert.ok(made > 30 && unfinished < made / 3, `${unfinished} of ${made} unfinished`);
    }
  });

  it('counts round trips: two for a full TLS 1.2 handshake, one for TLS 1.3 and for what is resumed', async (t) => {
    const port = await mosquitto(t);
    if (!port) return;
    const { handshakes, resumption } = await probe(port);
    const trips = [...handshakes, resumption.id?.measure, resumption.ticket?.measure, resumption.psk13?.measure];
    assert.deepEqual(
      trips.map((measure) => measure?.roundTrips),
      [1, 2, 1, 1, 1],
    );
  });

  it('sees a plain port beside the TLS port', async (t) => {
    const port = await mosquitto(t);
    if (!port) return;
    const plain = await startMosquitto({});
    t.after(() => plain.stop());
    const tls = { ca: good.ca.pem };
    const report = await probeTls({ host: 'localhost', port, tls, nowMs: Date.now(), plainPort: plain.port });
    assert.equal(report.plainPort, plain.port);
    assert.ok(failures(report).some(({ label }) => label === 'Plain MQTT'));
  });

  it('says that a port speaks MQTT without TLS', async (t) => {
    if (!requireTool(t, 'mosquitto')) return;
    const broker = await startMosquitto({});
    t.after(() => broker.stop());
    await assert.rejects(
      probe(broker.port),
      (error) => error instanceof ConnectError && error.failure.code === 'PLAIN-MQTT',
    );
  });
});

function failures(report: ProbeReport) {
  return reportSections(report)
    .flatMap(({ checks }) => checks)
    .filter(({ result }) => result === 'failed');
}

function toCertificate(certificate: TestIdentity['certificate']) {
  return parseCertificate(new Uint8Array(certificate.rawData));
}
