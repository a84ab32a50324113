import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { applyEdits } from '../../../src/core/diagnose/applyEdits';
import { clientCertificateEdits } from '../../../src/core/diagnose/clientCertificateEdits';
import { type PemFact, projectFacts } from '../../../src/core/diagnose/projectFacts';
import type { TlsStackId } from '../../../src/core/diagnose/tlsStack';
import type { ProposedFix } from '../../../src/core/diagnose/verdict';
import { type DiagnosisResult, diagnoseConnection } from '../../../src/io/diagnose/connectionDiagnosis';
import { readProjectFiles } from '../../../src/io/diagnose/projectFiles';
import { buildDeviceClient } from '../../device/build';
import { runDevice } from '../../support/deviceClient';
import { freePort, type Mosquitto, startMosquitto } from '../../support/mosquitto';
import { type SketchValues, sketchFiles, writeFiles } from '../../support/sketchProject';
import { temporaryFolder } from '../../support/temporaryFolder';
import { goodSet, issue, type TestIdentity } from '../../support/testAuthority';
import { findTool } from '../../support/tools';

let broker: Mosquitto;
let set: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
let otherCa: TestIdentity;
let device: string | undefined;
let workspace: string;

before(async () => {
  device = await buildDeviceClient();
  if (!findTool('mosquitto')) return;
  set = await goodSet();
  otherCa = await issue({ cn: 'Another CA', ca: true });
  broker = await startMosquitto({
    ca: set.ca.pem,
    certificate: set.broker.pem,
    key: set.broker.keyPem,
    requireCertificate: true,
  });
  workspace = temporaryFolder('workspace');
  await writeFiles({ 'certs/ca/ca.crt': set.ca.pem, 'certs/broker/localhost.crt': set.broker.pem }, workspace);
});
after(() => broker?.stop());

const good = (): SketchValues => ({
  host: 'localhost',
  port: broker.port,
  ca: set.ca.pem,
  cert: set.device.pem,
  key: set.device.keyPem,
});

function withTools(name: string, run: (program: string) => Promise<void>): void {
  test(name, async (t) => {
    if (!device || !findTool('mosquitto')) return t.skip('mosquitto, gcc or libmbedtls-dev 2.28 is missing');
    return run(device);
  });
}

async function diagnoseFolder(folder: string): Promise<DiagnosisResult> {
  return diagnoseConnection({ folder, base: workspace, certificates: ['certs'], timeoutMs: 3000 }, Date.now());
}

/** What the board does with the sketch in this folder. */
async function runSketch(program: string, folder: string): Promise<{ output: string; connected: boolean }> {
  const facts = projectFacts(await readProjectFiles(folder));
  const text = (fact: PemFact | undefined) => fact?.text.trimStart();
  const pem = { ca: text(facts.ca), cert: text(facts.clientCertificate), key: text(facts.clientKey) };
  const given = Object.fromEntries(Object.entries(pem).filter(([, value]) => value !== undefined));
  return runDevice(program, {
    port: facts.port?.value ?? 0,
    host: '127.0.0.1',
    ...(facts.host ? { servername: facts.host.value } : {}),
    extra: ['--platform', 'arduino-esp32', ...(facts.insecure ? ['--insecure'] : [])],
    ...given,
  });
}

async function applyFix(folder: string, fix: ProposedFix | undefined): Promise<void> {
  assert.equal(fix?.kind, 'edit');
  if (fix?.kind !== 'edit') return;
  const changed = applyEdits(await readProjectFiles(folder), fix.edits);
  await writeFiles(Object.fromEntries(changed.map(({ path, text }) => [path, text])), folder);
}

withTools(
  'a wrong CA: the board prints -9984, the verdict names both CAs, the fix makes it connect',
  async (program) => {
    const folder = await writeFiles(sketchFiles({ ...good(), ca: otherCa.pem }));
    assert.match((await runSketch(program, folder)).output, /start_ssl_client: -9984/);
    const { diagnosis } = await diagnoseFolder(folder);
    const { verdict } = diagnosis;
    assert.equal(verdict.cause, 'wrong-ca');
    assert.equal(verdict.certainty, 'proven');
    assert.match(verdict.title, /"Workshop CA".*"Another CA"/);
    assert.match(verdict.evidence.map(({ text }) => text).join('\n'), /certs\/ca\/ca\.crt is the CA that signed it/);
    assert.deepEqual(diagnosis.next, []);
    await applyFix(folder, verdict.fixes[0]);
    const after = await diagnoseFolder(folder);
    assert.equal(after.diagnosis.verdict.cause, 'nothing-wrong-from-here', after.diagnosis.verdict.title);
    const run = await runSketch(program, folder);
    assert.ok(run.connected, run.output);
  },
);

withTools(
  'a name that is not in the certificate: the verdict lists the names, the fix makes it connect',
  async (program) => {
    const folder = await writeFiles(sketchFiles({ ...good(), host: '127.0.0.1' }));
    assert.match((await runSketch(program, folder)).output, /start_ssl_client: -9984/);
    const { verdict } = (await diagnoseFolder(folder)).diagnosis;
    assert.equal(verdict.cause, 'host-name-mismatch');
    assert.match(verdict.title, /does not match the IP address 127\.0\.0\.1/);
    assert.match(verdict.evidence.map(({ text }) => text).join('\n'), /dns:localhost, ip:127\.0\.0\.1/);
    const reissue = verdict.fixes.find(({ kind }) => kind === 'reissue-broker-certificate');
    assert.deepEqual(reissue && { ...reissue, title: '' }, {
      kind: 'reissue-broker-certificate',
      title: '',
      broker: 'localhost',
      dns: '127.0.0.1',
      ip: '127.0.0.1',
    });
    await applyFix(folder, verdict.fixes[0]);
    const run = await runSketch(program, folder);
    assert.ok(run.connected, run.output);
  },
);

withTools(
  'no client certificate: the board prints the alert, the verdict proves it, the fix makes it connect',
  async (program) => {
    const { cert: _cert, key: _key, ...rest } = good();
    const folder = await writeFiles(sketchFiles(rest));
    assert.match((await runSketch(program, folder)).output, /start_ssl_client: -30592/);
    const { diagnosis, project, files } = await diagnoseFolder(folder);
    assert.equal(diagnosis.verdict.cause, 'missing-client-certificate');
    assert.equal(diagnosis.verdict.certainty, 'proven');
    assert.match(diagnosis.verdict.evidence[0]?.text ?? '', /asks for a client certificate/);
    assert.equal(diagnosis.verdict.fixes[0]?.kind, 'add-client-certificate');
    const edits = clientCertificateEdits(project, files, { certificate: set.device.pem, key: set.device.keyPem });
    assert.ok(edits);
    const changed = applyEdits(files, edits);
    await writeFiles(Object.fromEntries(changed.map(({ path, text }) => [path, text])), folder);
    const run = await runSketch(program, folder);
    assert.ok(run.connected, run.output);
    assert.equal((await diagnoseFolder(folder)).diagnosis.verdict.cause, 'nothing-wrong-from-here');
  },
);

withTools('setInsecure() with a client certificate: it drops the pair, and removing it connects', async (program) => {
  const folder = await writeFiles(sketchFiles({ ...good(), insecure: true }));
  assert.match((await runSketch(program, folder)).output, /start_ssl_client: -30592/);
  const { verdict } = (await diagnoseFolder(folder)).diagnosis;
  assert.equal(verdict.cause, 'missing-client-certificate');
  assert.match(verdict.title, /setInsecure\(\) drops/);
  await applyFix(folder, verdict.fixes[0]);
  assert.ok((await runSketch(program, folder)).connected);
});

withTools('a key of another certificate, and a certificate of another CA, are told apart', async () => {
  const stranger = await issue({ cn: 'stranger', issuer: otherCa, usages: ['clientAuth'] });
  const mixed = await writeFiles(sketchFiles({ ...good(), key: stranger.keyPem }));
  assert.equal((await diagnoseFolder(mixed)).diagnosis.verdict.cause, 'client-key-mismatch');
  const foreign = await writeFiles(sketchFiles({ ...good(), cert: stranger.pem, key: stranger.keyPem }));
  const { verdict } = (await diagnoseFolder(foreign)).diagnosis;
  assert.equal(verdict.cause, 'client-certificate-refused');
  assert.match(verdict.title, /not signed by a CA that the broker trusts/);
});

withTools('a CA made anew under the same name is recognised by its key', async () => {
  const twin = await issue({ cn: 'Workshop CA', ca: true });
  const folder = await writeFiles(sketchFiles({ ...good(), ca: twin.pem }));
  const { verdict } = (await diagnoseFolder(folder)).diagnosis;
  assert.equal(verdict.cause, 'ca-made-anew');
  assert.equal(verdict.fixes[0]?.kind, 'edit');
});

withTools('a broker that is down and a plain port are told apart before any certificate', async () => {
  const down = await writeFiles(sketchFiles({ ...good(), port: await freePort() }));
  assert.equal((await diagnoseFolder(down)).diagnosis.verdict.cause, 'broker-down');
  const plain = await startMosquitto({});
  try {
    const folder = await writeFiles(sketchFiles({ ...good(), port: plain.port }));
    const { verdict } = (await diagnoseFolder(folder)).diagnosis;
    assert.equal(verdict.cause, 'plain-port');
    assert.equal(verdict.fixes[0]?.kind, 'edit');
  } finally {
    await plain.stop();
  }
  const unknown = await writeFiles(sketchFiles({ ...good(), host: 'no-such-host.invalid' }));
  assert.equal((await diagnoseFolder(unknown)).diagnosis.verdict.cause, 'host-unknown');
});

withTools('a broker that takes only TLS 1.3, and one that sends no intermediate', async () => {
  const only13 = await startMosquitto({
    ca: set.ca.pem,
    certificate: set.broker.pem,
    key: set.broker.keyPem,
    minimumVersion: 'tlsv1.3',
  });
  try {
    const folder = await writeFiles(sketchFiles({ ...good(), port: only13.port }));
    const { verdict } = (await diagnoseFolder(folder)).diagnosis;
    assert.deepEqual([verdict.cause, verdict.certainty], ['tls-version', 'proven'], verdict.title);
  } finally {
    await only13.stop();
  }
  const intermediate = await issue({ cn: 'Intermediate', issuer: set.ca, ca: true });
  const leaf = await issue({ cn: 'localhost', issuer: intermediate, san: [{ type: 'dns', value: 'localhost' }] });
  const short = await startMosquitto({ certificate: leaf.pem, key: leaf.keyPem });
  try {
    const folder = await writeFiles(sketchFiles({ ...good(), port: short.port }));
    const { verdict: unknown } = (await diagnoseFolder(folder)).diagnosis;
    assert.deepEqual([unknown.cause, unknown.certainty], ['wrong-ca', 'likely'], unknown.title);
    assert.match(unknown.remaining.join(' '), /"Intermediate" is not known here.*the CA is right/);
    await writeFiles({ 'certs/ca/intermediate.crt': intermediate.pem }, workspace);
    const { verdict } = (await diagnoseFolder(folder)).diagnosis;
    assert.equal(verdict.cause, 'incomplete-chain', verdict.title);
    assert.match(verdict.title, /"Intermediate"/);
  } finally {
    await short.stop();
  }
});

withTools('TLS 1.3 only, with a client certificate: what the firmware was built with decides', async () => {
  const only13 = await startMosquitto({
    ca: set.ca.pem,
    certificate: set.broker.pem,
    key: set.broker.keyPem,
    minimumVersion: 'tlsv1.3',
    requireCertificate: true,
  });
  try {
    const { 'sketch.yaml': _, ...sketch } = sketchFiles({ ...good(), port: only13.port });
    const verdictOf = async (tls13: string) => {
      const sdkconfig = `CONFIG_IDF_INIT_VERSION="5.3.1"\n${tls13}\n`;
      return (await diagnoseFolder(await writeFiles({ ...sketch, sdkconfig }))).diagnosis.verdict;
    };
    const without = await verdictOf('# CONFIG_MBEDTLS_SSL_PROTO_TLS1_3 is not set');
    assert.deepEqual([without.cause, without.certainty], ['tls-version', 'proven']);
    assert.equal((await verdictOf('')).certainty, 'likely');
    const built = await verdictOf('CONFIG_MBEDTLS_SSL_PROTO_TLS1_3=y');
    assert.equal(built.cause, 'nothing-wrong-from-here', built.title);
  } finally {
    await only13.stop();
  }
});

withTools(
  'a pinned fingerprint of an older certificate: named with both, and the fix puts the new one in',
  async () => {
    const sketch = `#include <ESP8266WiFi.h>\n#include <WiFiClientSecure.h>\nWiFiClientSecure net;
const char* pinned = "AA BB CC DD EE FF 00 11 22 33 44 55 66 77 88 99 AA BB CC DD";
PubSubClient mqtt("localhost", ${broker.port}, net);
void setup() { net.setFingerprint(pinned); net.setClientECCert(&CERT, &KEY); }
`;
    const folder = await writeFiles({ 'pin.ino': sketch });
    const { verdict } = (await diagnoseFolder(folder)).diagnosis;
    assert.deepEqual([verdict.cause, verdict.certainty], ['fingerprint-mismatch', 'proven']);
    assert.equal(verdict.evidence[0]?.at?.line, 4);
    assert.match(verdict.fixes[0]?.confirm ?? '', /Anyone on the network/);
    await applyFix(folder, verdict.fixes[0]);
    const { fingerprint } = new X509Certificate(set.broker.pem);
    assert.ok((await readFile(join(folder, 'pin.ino'), 'utf8')).includes(`pinned = "${fingerprint}"`));
    assert.notEqual((await diagnoseFolder(folder)).diagnosis.verdict.cause, 'fingerprint-mismatch');
  },
);

withTools('an ESP8266 that connects by IPAddress checks no name, one that names the address does', async () => {
  const sketch = (server: string, board: string): string => `#include <${board}.h>\n#include <WiFiClientSecure.h>
IPAddress server(127, 0, 0, 1);
const char CA[] = R"PEM(\n${set.ca.pem})PEM";\nconst char CERT[] = R"PEM(\n${set.device.pem})PEM";
const char KEY[] = R"PEM(\n${set.device.keyPem})PEM";
WiFiClientSecure net;\nPubSubClient mqtt(net);
void setup() { net.setTrustAnchors(new BearSSL::X509List(CA)); net.setClientECCert(CERT, KEY); mqtt.setServer(${server}, ${broker.port}); }
`;
  const cause = async (text: string): Promise<string> =>
    (await diagnoseFolder(await writeFiles({ 'by.ino': text }))).diagnosis.verdict.cause;
  assert.equal(await cause(sketch('server', 'ESP8266WiFi')), 'nothing-wrong-from-here');
  assert.equal(await cause(sketch('"127.0.0.1"', 'ESP8266WiFi')), 'host-name-mismatch');
});

test('cipher suites that only some boards offer: each board is judged by its own', async () => {
  const { ca, broker: server, device: own } = await goodSet();
  const chachaOnly = createTlsServer({
    cert: server.pem,
    key: server.keyPem,
    ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305',
    maxVersion: 'TLSv1.2',
  });
  chachaOnly.on('tlsClientError', () => undefined);
  chachaOnly.on('secureConnection', (socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end(Buffer.of(0x20, 2, 0, 0)),
  );
  await new Promise<void>((resolve) => chachaOnly.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = chachaOnly.address() as AddressInfo;
    const pair = { cert: own.pem, key: own.keyPem };
    const folder = await writeFiles(sketchFiles({ host: 'localhost', port, ca: ca.pem, ...pair }));
    const verdictOf = async (stack: TlsStackId) => {
      const request = { folder, base: tmpdir(), certificates: [], stack, timeoutMs: 2000 };
      return (await diagnoseConnection(request, Date.now())).diagnosis.verdict;
    };
    const esp32 = await verdictOf('mbedtls-3.6');
    assert.deepEqual([esp32.cause, esp32.certainty], ['no-common-cipher', 'proven']);
    const esp8266 = await verdictOf('bearssl');
    assert.equal(esp8266.cause, 'nothing-wrong-from-here', esp8266.title);
    assert.match(esp8266.evidence.map(({ text }) => text).join(), /CHACHA20/);
  } finally {
    chachaOnly.close();
  }
});

test('a broker that accepts and never answers ends with a verdict, not a hang', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const request = { base: tmpdir(), certificates: [], host: '127.0.0.1', port, timeoutMs: 200 };
  const { diagnosis } = await diagnoseConnection(request, Date.now());
  assert.equal(diagnosis.verdict.cause, 'broker-silent');
  assert.match(diagnosis.verdict.title, /takes the connection and then says nothing/);
  const controller = new AbortController();
  const stopped = diagnoseConnection({ ...request, timeoutMs: 5000, signal: controller.signal }, Date.now());
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(stopped, { name: 'CancelledError' });
  server.close();
});

/** A sketch without TLS, as most tutorials begin. */
const plainSketch = (host: string, port: number): Record<string, string> => ({
  'plain.ino': `#include <WiFi.h>\n#include <PubSubClient.h>\nWiFiClient net;\nPubSubClient mqtt(net);\nvoid setup() { mqtt.setServer("${host}", ${port}); }\nvoid loop() { mqtt.loop(); }\n`,
});

withTools('a sketch without TLS at a TLS port: named with its line, and Secure This Sketch mends it', async () => {
  const folder = await writeFiles(plainSketch('localhost', broker.port));
  const { verdict, next } = (await diagnoseFolder(folder)).diagnosis;
  assert.deepEqual([verdict.cause, verdict.certainty, next], ['plain-client', 'proven', []]);
  assert.equal(verdict.evidence[0]?.at?.line, 3);
  assert.deepEqual(
    verdict.fixes.map(({ kind }) => kind),
    ['secure-sketch'],
  );
});

withTools('a sketch without TLS at a plain broker works, and is told that anybody can read it', async () => {
  const plain = await startMosquitto({});
  try {
    const folder = await writeFiles(plainSketch('localhost', plain.port));
    const { verdict } = (await diagnoseFolder(folder)).diagnosis;
    assert.equal(verdict.cause, 'nothing-wrong-from-here');
    assert.match(verdict.title, /anybody in between/);
  } finally {
    await plain.stop();
  }
});

withTools('one word of TLS in the sources, and a plain client beside it counts for nothing', async () => {
  const files = { ...sketchFiles(good()), 'ota.h': 'WiFiClient updates;\n' };
  const { diagnosis } = await diagnoseFolder(await writeFiles(files));
  assert.equal(diagnosis.verdict.cause, 'nothing-wrong-from-here');
});

/** As the NVS and LittleFS templates do: names in secure-iot.json, certificates on the board only. */
const storedSketch = (): Record<string, string> => ({
  'stored.ino': `#include <WiFiClientSecure.h>\n#include <PubSubClient.h>\nWiFiClientSecure tls;\nString ca, cert, key;\nvoid setup() {\n  load();\n  tls.setCACert(ca.c_str());\n  tls.setCertificate(cert.c_str());\n  tls.setPrivateKey(key.c_str());\n  mqtt.setServer("localhost", ${broker.port});\n}\n`,
  'secure-iot.json': JSON.stringify({ certificates: { folder: '../certs', device: 'esp32-device-001' } }),
});

withTools('certificates loaded at run time: tried with what the workspace has for the device', async () => {
  const { pem, keyPem } = set.device;
  const pair = { 'certs/devices/esp32-device-001.crt': pem, 'certs/devices/esp32-device-001.key': keyPem };
  await writeFiles(pair, workspace);
  const result = await diagnoseFolder(await writeFiles(storedSketch()));
  assert.equal(result.diagnosis.verdict.cause, 'nothing-wrong-from-here');
  assert.match(result.diagnosis.verdict.title, /certs\/ca\/ca\.crt, certs\/devices\/esp32-device-001\.crt/);
  assert.ok(!JSON.stringify(result.facts.stored).includes('PRIVATE'));
  assert.ok(!JSON.stringify(result.diagnosis).includes('PRIVATE'));

  const stranger = await issue({ cn: 'esp32-device-001', issuer: otherCa });
  const files = { [Object.keys(pair)[0] ?? '']: stranger.pem, [Object.keys(pair)[1] ?? '']: stranger.keyPem };
  await writeFiles(files, workspace);
  const { verdict } = (await diagnoseFolder(await writeFiles(storedSketch()))).diagnosis;
  assert.deepEqual([verdict.cause, verdict.certainty], ['client-certificate-refused', 'likely']);
});

test('dates count where an ESP-IDF firmware is built to compare them, and only there', async (t) => {
  if (!findTool('mosquitto')) return t.skip('mosquitto is missing');
  const day = 86_400_000;
  const dates = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - 2 * day) };
  const san = [{ type: 'dns', value: 'localhost' }] as const;
  const old = await issue({ cn: 'localhost', issuer: set.ca, san: [...san], usages: ['serverAuth'], ...dates });
  const expired = await startMosquitto({ ca: set.ca.pem, certificate: old.pem, key: old.keyPem });
  t.after(() => expired.stop());
  const main = `#include "mqtt_client.h"
static const char CA[] = R"PEM(
${set.ca.pem})PEM";
void app_main(void) {
  esp_mqtt_client_config_t config = {
    .broker.address.uri = "mqtts://localhost:${expired.port}",
    .broker.verification.certificate = CA,
  };
}
`;
  const diagnosed = async (files: Readonly<Record<string, string>>) =>
    (await diagnoseFolder(await writeFiles({ 'CMakeLists.txt': 'project(a)\n', 'main/main.c': main, ...files })))
      .diagnosis;
  const built = 'CONFIG_IDF_INIT_VERSION="5.3.1"\n';
  const on = 'CONFIG_MBEDTLS_HAVE_TIME_DATE=y\n';
  const compares = await diagnosed({ sdkconfig: built + on });
  assert.equal(compares.verdict.cause, 'expired', compares.verdict.title);
  assert.equal(compares.verdict.certainty, 'proven');
  assert.doesNotMatch(compares.remarks.join('\n'), /does not compare dates/);
  assert.equal((await diagnosed({ 'sdkconfig.defaults': on })).verdict.cause, 'expired', 'not built yet');
  const off = { sdkconfig: `${built}# CONFIG_MBEDTLS_HAVE_TIME_DATE is not set\n`, 'sdkconfig.defaults': on };
  const ignores = await diagnosed(off);
  assert.equal(ignores.verdict.cause, 'nothing-wrong-from-here', ignores.verdict.title);
  assert.match(ignores.remarks.join('\n'), /does not compare dates by default/);
});
