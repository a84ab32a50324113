import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import { boardTable } from '../../src/core/tls/boardTable';
import { suiteName } from '../../src/core/tls/cipherSuites';
import { isTrusted, reportSections } from '../../src/core/tls/probeSections';
import { parseCertificate } from '../../src/core/x509/certificate';
import { ConnectError } from '../../src/io/connectError';
import type { TlsSettings } from '../../src/io/mqttTransport';
import { verifySignature } from '../../src/io/signatureCheck';
import { probeTls } from '../../src/io/tlsProbe';
import { freePort, type MosquittoOptions, startMosquitto } from '../support/mosquitto';
import { goodSet, issue, type TestIdentity } from '../support/testAuthority';
import { requireTool } from '../support/tools';

let good: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
before(async () => {
  good = await goodSet();
});

async function mosquitto(t: TestContext, options: Partial<MosquittoOptions> = {}): Promise<number | undefined> {
  if (!requireTool(t, 'mosquitto')) return undefined;
  const files = { ca: good.ca.pem, certificate: good.broker.pem, key: good.broker.keyPem };
  const broker = await startMosquitto({ ...files, ...options });
  t.after(() => broker.stop());
  return broker.port;
}

const probe = (port: number, tls: TlsSettings = {}, timeoutMs = 2_000) =>
  probeTls({ host: 'localhost', port, tls: { ca: good.ca.pem, ...tls }, timeoutMs, nowMs: Date.now() });

/** `openssl s_server`: speaks no MQTT, but can be told exactly what of TLS to do. */
async function sServer(t: TestContext, args: readonly string[]): Promise<number | undefined> {
  const openssl = requireTool(t, 'openssl');
  if (!openssl) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 's-server-'));
  await writeFile(join(folder, 'cert'), good.broker.pem);
  await writeFile(join(folder, 'key'), good.broker.keyPem);
  const port = await freePort();
  const files = ['-cert', join(folder, 'cert'), '-key', join(folder, 'key')];
  const child = spawn(openssl, [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    ...files,
    '-quiet',
    '-naccept',
    '500',
    ...args,
  ]);
  t.after(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  });
  const deadline = Date.now() + 5_000;
  while (Date.now() < deadline && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 30));
  return port;
}

async function answers(port: number): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

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
    assert.equal(report.overheadBytes, 22); // TLS 1.3: header 5, content type 1, tag 16
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
    const labels = reportSections(cut)
      .flatMap(({ checks }) => checks)
      .filter(({ result }) => result === 'failed');
    assert.ok(labels.some(({ label, detail }) => label === 'Intermediate' && detail.includes('Workshop Issuing CA')));
    const whole = await probe(
      (await mosquitto(t, { certificate: leaf.pem + intermediate.pem, key: leaf.keyPem })) ?? 0,
    );
    assert.ok(isTrusted(whole));
    assert.deepEqual(
      whole.chain.map(({ subject }) => subject.commonName),
      ['localhost', 'Workshop Issuing CA'],
    );
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

describe('TLS test of openssl s_server', () => {
  it('agrees on resumption when tickets are off, and when all of it is off', async (t) => {
    const ids = await sServer(t, ['-no_ticket', '-tls1_2']);
    if (!ids) return;
    const withIds = await probe(ids, {}, 400);
    assert.equal(withIds.resumption.id?.works, true);
    const nothing = await sServer(t, ['-no_ticket', '-no_cache', '-tls1_2']);
    const without = await probe(nothing ?? 0, {}, 400);
    assert.equal(without.resumption.id?.works, false);
    assert.equal(without.resumption.ticket?.works, false);
    assert.equal(without.resumption.psk13, undefined);
  });

  it('agrees on the one suite and the one group that are switched on', async (t) => {
    const port = await sServer(t, ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256', '-groups', 'P-384']);
    if (!port) return;
    const report = await probe(port, {}, 400);
    assert.deepEqual(report.suites['1.3'].map(suiteName), ['AES_128_GCM_SHA256']);
    assert.deepEqual(report.groups, [0x0018]);
    assert.deepEqual(report.suites['1.2'], []);
  });

  it('sees that TLS 1.0 and 1.1 are on', async (t) => {
    const port = await sServer(t, ['-cipher', 'ALL:@SECLEVEL=0', '-tls1_1']);
    if (!port) return;
    const report = await probe(port, {}, 400).catch((error: unknown) => error);
    assert.ok(!(report instanceof Error), String(report));
    assert.equal((report as Awaited<ReturnType<typeof probe>>).versions['1.1'].offered, true);
  });
});

describe('TLS test of what is no broker', () => {
  async function server(t: TestContext, handler: (socket: Socket) => void): Promise<number> {
    const sockets = new Set<Socket>();
    const listening = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      handler(socket);
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      for (const socket of sockets) socket.destroy();
      listening.close();
    });
    return (listening.address() as { port: number }).port;
  }
  const quick = (port: number) =>
    probeTls({ host: '127.0.0.1', port, tls: { ca: good.ca.pem }, timeoutMs: 150, nowMs: Date.now() });

  it('says that nothing listens', async () => {
    await assert.rejects(
      quick(await freePort()),
      (error) => error instanceof ConnectError && error.failure.code === 'ECONNREFUSED',
    );
  });

  it('says that a web server, a closed door and a server that stalls speak no TLS', async (t) => {
    for (const handler of [
      (socket: Socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      (socket: Socket) => void socket.destroy(),
      () => undefined,
    ]) {
      await assert.rejects(
        quick(await server(t, handler)),
        (error) => error instanceof ConnectError && error.failure.code === 'NOT-TLS',
      );
    }
  });

  it('stops when it is told to', async (t) => {
    const port = await server(t, () => undefined);
    const abort = new AbortController();
    const running = probeTls({ host: '127.0.0.1', port, timeoutMs: 5_000, nowMs: 0, signal: abort.signal });
    setTimeout(() => abort.abort(new Error('stopped')), 50);
    await assert.rejects(running, /stopped/);
  });
});

function toCertificate(certificate: TestIdentity['certificate']) {
  return parseCertificate(new Uint8Array(certificate.rawData));
}
