// What the ESP8266's own TLS library says of each fault of a real broker, in the line that the sketch prints, and whether
// the board rules and the decoder know it. The sketches are generated; BearSSL and mosquitto are the real ones.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDecoder } from '../../src/core/decode/decoder';
import { lookAsBoard } from '../../src/core/diagnose/deviceEye';
import { bearsslCode } from '../../src/core/tls/boardObjections';
import { parseCertificate } from '../../src/core/x509/certificate';
import { verifySignature } from '../../src/io/pki/signatureCheck';
import { findTemplateFolder, loadTemplates, pickTemplate } from '../../src/io/sketch/templateFolder';
import { makeSketch } from '../support/makeSketch';
import { freePort, type Mosquitto, type MosquittoOptions, startMosquitto } from '../support/mosquitto';
import { temporaryFolder } from '../support/temporaryFolder';
import { criticalExtension, issue, type TestIdentity, type TestRequest } from '../support/testAuthority';
import { requireTool } from '../support/tools';
import { canCompile, compileSketch, runSketch } from './sketchHost';

const DAY = 86_400_000;
const NAMES = { 'broker.test': '127.0.0.1' };
const SAN: NonNullable<TestRequest['san']> = [{ type: 'dns', value: 'broker.test' }];

interface Bench {
  readonly ca: TestIdentity;
  readonly port: number;
  /** With a client certificate; without one it logs in with a password. */
  readonly withCertificate: string;
  readonly withPassword: string;
}

let made: Promise<Bench> | undefined;

async function makeBench(): Promise<Bench> {
  const folder = temporaryFolder('bearssl');
  const ca = await issue({ cn: 'Workshop CA', ca: true, keyUsage: ['keyCertSign', 'cRLSign'] });
  const device = await issue({ cn: 'sensor-1', issuer: ca, usages: ['clientAuth'] });
  const certificates = join(folder, 'certs');
  for (const part of ['ca', 'devices']) await mkdir(join(certificates, part), { recursive: true });
  await writeFile(join(certificates, 'ca/ca.crt'), ca.pem);
  await writeFile(join(certificates, 'devices/sensor-1.crt'), device.pem);
  await writeFile(join(certificates, 'devices/sensor-1.key'), device.keyPem, { mode: 0o600 });
  const port = await freePort();
  const templates = findTemplateFolder();
  const all = await loadTemplates(templates);
  const common = { host: 'broker.test', port: String(port), device: 'sensor-1', wifiSsid: 'x' };
  const compile = async (id: string, own: Record<string, string>): Promise<string> => {
    const out = join(folder, id);
    const values = { ...common, ...own };
    const template = pickTemplate(all, id);
    const request = { templates, template, framework: 'arduino', board: 'esp8266', out, values, certificates } as const;
    await makeSketch(request, Date.now());
    return compileSketch(out, 'esp8266');
  };
  const withCertificate = await compile('esp8266-bearssl', {});
  return { ca, port, withCertificate, withPassword: await compile('password', { username: 'alice', password: 'x' }) };
}

async function bench(t: TestContext): Promise<Bench | undefined> {
  if (!requireTool(t, 'mosquitto') || !canCompile(t)) return undefined;
  made ??= makeBench();
  return made;
}

/** The line of the first failure, and what our decoder finds in it. */
async function failure(
  t: TestContext,
  program: string,
): Promise<{ readonly line: string; readonly code: number; readonly names: readonly string[] }> {
  const sketch = runSketch(program, NAMES);
  t.after(() => sketch.kill());
  const line = await sketch.line(/connect failed rc=-2/);
  await sketch.kill();
  const findings = createDecoder({}).next(line);
  const names = findings.flatMap(({ name, also }) => [name, ...(also ?? [])]);
  return { line, code: Number(/sslerr=(\d+)/.exec(line)?.[1]), names };
}

async function broker(
  t: TestContext,
  { ca, port }: Bench,
  leaf: TestIdentity,
  more: Partial<MosquittoOptions> = {},
): Promise<Mosquitto> {
  const pems = { ca: ca.pem, certificate: leaf.pem, key: leaf.keyPem };
  const mosquitto = await startMosquitto({ ...pems, requireCertificate: true, port, ...more });
  t.after(() => mosquitto.stop());
  return mosquitto;
}

const leafOf = (issuer: TestIdentity, request: Partial<TestRequest> = {}): Promise<TestIdentity> =>
  issue({ cn: 'broker.test', issuer, san: SAN, usages: ['serverAuth'], ...request });

/** Certificates that BearSSL refuses, the number it gives, and the name that the monitor explains. */
const REFUSED: readonly (readonly [string, number, string, (ca: TestIdentity) => Promise<TestIdentity>])[] = [
  [
    'of another authority',
    62,
    'BR_ERR_X509_NOT_TRUSTED',
    async () => leafOf(await issue({ cn: 'Another CA', ca: true })),
  ],
  [
    'of an authority made anew under the same name',
    62,
    'BR_ERR_X509_NOT_TRUSTED',
    async () => leafOf(await issue({ cn: 'Workshop CA', ca: true })),
  ],
  [
    'for another name',
    56,
    'BR_ERR_X509_BAD_SERVER_NAME',
    (ca) => leafOf(ca, { san: [{ type: 'dns', value: 'mqtt.example.com' }] }),
  ],
  [
    'that has expired',
    54,
    'BR_ERR_X509_EXPIRED',
    (ca) => leafOf(ca, { notBefore: new Date(Date.now() - 9 * DAY), notAfter: new Date(Date.now() - DAY) }),
  ],
  ['not valid yet', 54, 'BR_ERR_X509_EXPIRED', (ca) => leafOf(ca, { notBefore: new Date(Date.now() + DAY) })],
  [
    'with an unknown critical extension',
    57,
    'BR_ERR_X509_CRITICAL_EXTENSION',
    (ca) => leafOf(ca, { extensions: [criticalExtension('1.2.3.4')] }),
  ],
];
for (const [what, code, name, make] of REFUSED) {
  test(`a broker's certificate ${what} gives ${code}, as the board rules say`, async (t) => {
    const setup = await bench(t);
    if (!setup) return;
    const leaf = await make(setup.ca);
    await broker(t, setup, leaf);
    const found = await failure(t, setup.withCertificate);
    assert.equal(found.code, code, found.line);
    assert.ok(found.names.includes(name), `${found.line}\n${found.names}`);
    const { objections } = lookAsBoard({
      stack: 'bearssl',
      anchors: [parseCertificate(setup.ca.der)],
      chain: [parseCertificate(leaf.der)],
      hostName: 'broker.test',
      now: Date.now(),
      verifySignature,
    });
    assert.equal(bearsslCode(objections), `BearSSL error ${code}`);
  });
}

test('a good broker is taken, with small records where it agrees to them', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const mosquitto = await broker(t, setup, await leafOf(setup.ca));
  const sketch = runSketch(setup.withCertificate, NAMES);
  t.after(() => sketch.kill());
  await sketch.line(/MFLN yes: receive buffer 1024 bytes/);
  await sketch.line(/connected to broker\.test:\d+ as sensor-1/);
  await mosquitto.logShows(/New client connected from 127\.0\.0\.1:\d+ as sensor-1 .*u'sensor-1'/);
});

test('a broker that wants a client certificate refuses a board without one by alert 40', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  await broker(t, setup, await leafOf(setup.ca));
  const { code, names, line } = await failure(t, setup.withPassword);
  assert.equal(code, 256 + 40, line);
  assert.ok(names.includes('BR_ERR_RECV_FATAL_ALERT') && names.includes('BR_ALERT_HANDSHAKE_FAILURE'), `${names}`);
});

test('a broker that does not know the client’s authority refuses it by alert 48', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const other = await issue({ cn: 'Other clients CA', ca: true });
  await broker(t, setup, await leafOf(setup.ca), { ca: other.pem });
  const { code, names, line } = await failure(t, setup.withCertificate);
  assert.equal(code, 256 + 48, line);
  assert.ok(names.includes('BR_ALERT_UNKNOWN_CA'), `${names}`);
});

test('a broker with TLS 1.3 only refuses the board by alert 70', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  await broker(t, setup, await leafOf(setup.ca), { minimumVersion: 'tlsv1.3' });
  const { code, names, line } = await failure(t, setup.withCertificate);
  assert.equal(code, 256 + 70, line);
  assert.ok(names.includes('BR_ALERT_PROTOCOL_VERSION'), `${names}`);
});

test('a broker without TLS, and none at all, give no number: the sketch says so', async (t) => {
  const setup = await bench(t);
  if (!setup) return;
  const plain = await startMosquitto({ port: setup.port });
  const hangsUp = await failure(t, setup.withCertificate);
  assert.match(hangsUp.line, /rc=-2 sslerr=0 "no TLS code: no TCP connection, or the broker hung up" heap/);
  await plain.stop();
  const nobody = await failure(t, setup.withCertificate);
  assert.match(nobody.line, /rc=-2 sslerr=0 "no TLS code/);
  for (const { names } of [hangsUp, nobody]) assert.deepEqual(names, ['MQTT_CONNECT_FAILED']);
});
