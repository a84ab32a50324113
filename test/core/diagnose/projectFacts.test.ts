import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../../../src/core/diagnose/applyEdits';
import { cppTokens } from '../../../src/core/diagnose/cppTokens';
import { replacePem } from '../../../src/core/diagnose/pemLiteral';
import { sha1Digits } from '../../../src/core/diagnose/pinnedFingerprint';
import { type ProjectFacts, projectFacts } from '../../../src/core/diagnose/projectFacts';
import { goodSet, type TestIdentity } from '../../support/testAuthority';

let set: { ca: TestIdentity; broker: TestIdentity; device: TestIdentity };
before(async () => {
  set = await goodSet();
});

/** The way most tutorials paste a certificate. */
const quoted = (pem: string, continued = false): string =>
  pem
    .trim()
    .split('\n')
    .map((line) => `"${line}\\n"`)
    .join(continued ? ' \\\n' : '\n');

const read = (files: Readonly<Record<string, string>>): ProjectFacts =>
  projectFacts(Object.entries(files).map(([path, text]) => ({ path, text })));

test('a tutorial sketch: quoted lines, names of its own, a port as a constant', () => {
  const facts = read({
    'esp.ino': `#include <WiFiClientSecure.h>
#include <PubSubClient.h>
/* const char* mqtt_server = "old.example.com"; */
const char* mqtt_server = "mqtt.example.com"; // broker
const int mqtt_port = 8884;
const char* test_root_ca = \\
${quoted(set.ca.pem)};
WiFiClientSecure espClient;
PubSubClient client(espClient);
void setup() { espClient.setCACert(test_root_ca); client.setServer(mqtt_server, mqtt_port); }
void loop() { client.connect("ESP32Client", "user", "pass"); }`,
  });
  assert.equal(facts.host?.value, 'mqtt.example.com');
  assert.equal(facts.port?.value, 8884);
  assert.equal(facts.ca?.name, 'test_root_ca');
  assert.equal(facts.ca?.form, 'lines');
  assert.equal(facts.ca?.certificates[0]?.subject.commonName, 'Workshop CA');
  assert.equal(facts.client?.name, 'espClient');
  assert.equal(facts.insecure, undefined);
  assert.deepEqual(facts.stack.candidates, ['mbedtls-3.6', 'mbedtls-2.28']);
});

test('the broker in a constructor or in begin(), as libraries have it', () => {
  const server = (text: string) => {
    const { host, port } = read({ 'a.ino': `#include <WiFiClientSecure.h>\nWiFiClientSecure net;\n${text}` });
    return `${host?.value}:${port?.value}`;
  };
  assert.equal(server('PubSubClient mqtt("a.example", 8884, net);'), 'a.example:8884');
  assert.equal(server('PubSubClient mqtt("a.example", 8884, onMessage, net);'), 'a.example:8884');
  assert.equal(
    server('PubSubClient mqtt;\nvoid setup() { mqtt = PubSubClient("a.example", 8884, net); }'),
    'a.example:8884',
  );
  assert.equal(
    server('#define BROKER_NAME "io.example"\nAdafruit_MQTT_Client mqtt(&net, BROKER_NAME, 8885, "user", "key");'),
    'io.example:8885',
  );
  const begin = 'void setup() { Wire.begin(21, 22, 100000); client.begin("b.example", 8886, net); }';
  assert.equal(server(`#include <MQTT.h>\n${begin}`), 'b.example:8886');
  assert.equal(server(begin), 'undefined:undefined');
});

test('a pinned fingerprint, in the forms that people write', () => {
  const pinned = (argument: string) =>
    read({ 'a.ino': `const char fp[] = "AA BB";\nvoid setup() { net.setFingerprint(${argument}); }` }).fingerprint
      ?.pinned;
  assert.deepEqual([pinned('fp')?.text, pinned('fp')?.at.line], ['AA BB', 1]);
  assert.equal(pinned('"01:02"')?.text, '01:02');
  assert.equal(pinned('bytes'), undefined);
  const hex = 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3';
  for (const text of [hex, hex.replace(/../g, '$& '), hex.replace(/..(?=.)/g, '$&:')])
    assert.equal(sha1Digits(text), hex.toUpperCase());
  assert.equal(sha1Digits(hex.slice(2)), undefined);
});

test('a certificate that is there but not handed to the client is missing on the board', () => {
  const facts = read({
    'certificates.h': `static const char ROOT_CA[] = R"PEM(${set.ca.pem})PEM";
static const char DEVICE_CERT[] = R"PEM(${set.device.pem})PEM";`,
    'esp.ino': `#include "certificates.h"
WiFiClientSecure tls;
void setup() { tls.setCACert(ROOT_CA); }`,
  });
  assert.equal(facts.ca?.name, 'ROOT_CA');
  assert.equal(facts.clientCertificate, undefined);
});

test('certificates in #defines, an IP address as the broker, setInsecure', () => {
  const facts = read({
    'secrets.h': `#define CA_CERT ${quoted(set.ca.pem, true)}\n#define CLIENT_CERT ${quoted(set.device.pem, true)}\n#define CLIENT_KEY ${quoted(set.device.keyPem, true)}\n`,
    'main.cpp': `#include <WiFiClientSecure.h>
IPAddress server(192, 168, 1, 10);
void go() { net.setCACert(CA_CERT); net.setCertificate(CLIENT_CERT); net.setPrivateKey(CLIENT_KEY);
#ifdef DEBUG
  net->setInsecure();
#endif
  mqtt.setServer(server, 8883); }`,
    'platformio.ini': '[env:esp32]\nplatform = espressif32@6.9.0\nframework = arduino\n',
  });
  assert.equal(facts.host?.value, '192.168.1.10');
  assert.equal(facts.ca?.form, 'define');
  assert.equal(facts.clientCertificate?.certificates[0]?.subject.commonName, 'esp32-device-001');
  assert.match(facts.clientKey?.text ?? '', /BEGIN PRIVATE KEY/);
  assert.equal(facts.insecure?.line, 5);
  assert.deepEqual(facts.stack.candidates, ['mbedtls-2.28']);
});

test('ESP8266 with trust anchors behind an X509List', () => {
  const facts = read({
    'esp8266.ino': `#include <ESP8266WiFi.h>
static const char ca_cert[] PROGMEM = R"EOF(
${set.ca.pem})EOF";
static const char own_cert[] PROGMEM = R"EOF(
${set.device.pem})EOF";
static const char own_key[] PROGMEM = R"EOF(
${set.device.keyPem})EOF";
BearSSL::X509List trusted(ca_cert);
BearSSL::X509List *own = new BearSSL::X509List(own_cert);
BearSSL::PrivateKey *key = new BearSSL::PrivateKey(own_key);
BearSSL::WiFiClientSecure net;
void setup() { net.setTrustAnchors(&trusted); net.setClientECCert(own, key, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC);
  mqtt.setServer("broker.local", 8883); }`,
  });
  assert.deepEqual(facts.stack.candidates, ['bearssl']);
  assert.equal(facts.ca?.name, 'ca_cert');
  assert.equal(facts.clientCertificate?.name, 'own_cert');
  assert.equal(facts.clientKey?.name, 'own_key');
  assert.equal(facts.host?.value, 'broker.local');
});

test('ESP-IDF: nested configuration, embedded files, version in sdkconfig', () => {
  const facts = read({
    'main/app_main.c': `#include "mqtt_client.h"
extern const uint8_t mqtt_ca_pem_start[] asm("_binary_mqtt_ca_pem_start");
extern const uint8_t client_crt_start[] asm("_binary_client_crt_start");
extern const uint8_t client_key_start[] asm("_binary_client_key_start");
static void start(void) {
  const esp_mqtt_client_config_t mqtt_cfg = {
    .broker = { .address.uri = "mqtts://mqtt.example.com:8884/x", .verification.certificate = (const char *)mqtt_ca_pem_start },
    .credentials = { .authentication = { .certificate = (const char *)client_crt_start, .key = (const char *)client_key_start } } };
}`,
    'main/mqtt_ca.pem': set.ca.pem,
    'main/client.crt': set.device.pem,
    sdkconfig:
      '# Espressif IoT Development Framework (ESP-IDF) 5.3.1 Project Configuration\nCONFIG_IDF_INIT_VERSION="5.3.1"\n',
  });
  assert.equal(facts.host?.value, 'mqtt.example.com');
  assert.equal(facts.port?.value, 8884);
  assert.equal(facts.ca?.form, 'file');
  assert.equal(facts.ca?.at.file, 'main/mqtt_ca.pem');
  assert.equal(facts.clientCertificate?.at.file, 'main/client.crt');
  assert.deepEqual(facts.stack, {
    candidates: ['mbedtls-3.6'],
    knownBy: 'sdkconfig: ESP-IDF 5.3.1',
    source: 'sdkconfig',
    framework: 'esp-idf',
    idf: '5.3',
  });
});

test('a CA whose line breaks were lost is found and said to be damaged', () => {
  const facts = read({
    'a.ino': `const char* ca = ${quoted(set.ca.pem).replaceAll('\\n', '')};\nvoid setup(){ c.setCACert(ca); }`,
  });
  assert.equal(facts.ca?.problem?.damage, 'lost-newlines');
});

test('comments, examples and strings that look like code do not count', () => {
  const facts = read({
    'a.ino': `// c.setInsecure();\n/* c.setCACert(ca); */\nconst char* help = "call setInsecure() and setServer(x, 1)";\n#if 0\n#endif\n`,
    'secrets.example.h': '#define MQTT_HOST "example.invalid"\n',
  });
  assert.equal(facts.insecure, undefined);
  assert.equal(facts.ca, undefined);
  assert.equal(facts.host, undefined);
});

for (const form of ['raw', 'lines', 'define'] as const) {
  test(`a replaced certificate (${form}) is read back as the new one, the rest is untouched`, () => {
    const literal = {
      raw: `static const char ROOT_CA[] PROGMEM = R"PEM(${set.ca.pem})PEM";`,
      lines: `const char *ROOT_CA =\n${quoted(set.ca.pem)};`,
      define: `#define ROOT_CA ${quoted(set.ca.pem, true)}`,
    }[form];
    const files = [
      { path: 'a.ino', text: `int before;\n${literal}\nint after;\nvoid setup() { c.setCACert(ROOT_CA); }\n` },
    ];
    const { ca } = projectFacts(files);
    assert.ok(ca);
    const [changed] = applyEdits(files, [replacePem(ca, set.device.pem)]);
    const again = projectFacts(changed ? [changed] : []);
    assert.equal(again.ca?.certificates[0]?.subject.commonName, 'esp32-device-001');
    assert.equal(again.ca?.form, form);
    assert.match(changed?.text ?? '', /^int before;\n[\s\S]*\nint after;\nvoid setup/);
  });
}

test('any text gives tokens whose places are right, and facts without an exception', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('#define X ', '"a\\n" "b"', 'R"x(', ')x"', 'setCACert(', ')', '=', '[]', '\\\n', '/*', '//', "'"),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      let last = 0;
      for (const { start, end } of cppTokens(text)) {
        assert.ok(start >= last && end >= start && end <= text.length);
        last = end;
      }
      projectFacts([{ path: 'a.ino', text }]);
    }),
    { numRuns: 500 },
  );
});
