// What an explanation takes from the lines around, and what it never says without evidence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder, type DecoderOptions } from '../../../src/core/decode/decoder';
import type { Explanation } from '../../../src/core/decode/finding';

function explained(lines: readonly string[], options: DecoderOptions = {}): Explanation {
  const decoder = createDecoder(options);
  const found = [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()];
  const finding = found.at(-1);
  assert.ok(finding, lines.at(-1));
  return finding.explanation;
}
const texts = ({ title, causes, fixes }: Explanation) =>
  [title, ...causes.map(({ text }) => text), ...fixes.map(({ text }) => text)].join('\n');
const CLOCK = /clock|SNTP|NTP|expired|1970/i;
const VERIFY = 'E (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700';

test('-0x2700 on an ESP32 never blames the clock without evidence', () => {
  for (const platform of ['arduino-esp32', 'esp-idf'] as const) {
    assert.doesNotMatch(texts(explained([VERIFY], { platform })), CLOCK);
    assert.doesNotMatch(texts(explained(['[E] start_ssl_client: -9984'], { platform })), CLOCK);
  }
  const seen = explained([
    'I (8) esp-tls-mbedtls: verification info:   ! The certificate validity has expired',
    VERIFY,
  ]);
  assert.match(seen.causes[0]?.text ?? '', /clock/);
  assert.match(seen.causes[0]?.evidence ?? '', /validity has expired/);
});

test('on an ESP8266 with BearSSL the clock is the first thing to look at', () => {
  for (const line of [
    "BSSL:Couldn't connect. Error = 'Certificate is expired or not yet valid.'",
    'getLastSSLError(): 54',
    'MQT: TLS connection error: 54',
  ])
    assert.match(explained([line], { platform: 'esp8266' }).causes[0]?.text ?? '', CLOCK, line);
});

test('an alert says who refused whom', () => {
  const received = explained(['mbedtls: ssl_msg.c:4799 is a fatal alert message (msg 48)']);
  assert.match(texts(received), /the broker sent it to the board[\s\S]*broker does not know the CA/);
  const sent = explained(['mbedtls: ssl_msg.c:4889 send alert level=2 message=48']);
  assert.match(texts(sent), /the board sent it[\s\S]*board does not know the CA/);
  assert.match(texts(explained(['getLastSSLError(): 304'])), /broker does not know the CA/);
  assert.match(texts(explained(['getLastSSLError(): 560'])), /board does not know the CA/);
  const log = explained(['OpenSSL Error[0]: error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca']);
  assert.match(log.causes[0]?.text ?? '', /In the broker's log: the board does not know the CA/);
  assert.match(texts(log), /In a client's log: the broker does not know the CA/);
});

test('-0x7780 takes its cause from the alert or the broker line before it', () => {
  const first = (line: string) =>
    explained([line, 'E (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7780']).causes[0]?.text ?? '';
  assert.match(first('error: peer did not return a certificate'), /client certificate/);
  assert.match(first('mbedtls: ssl_msg.c:4799 is a fatal alert message (msg 48)'), /does not trust the CA/);
  assert.match(first('mbedtls: ssl_msg.c:4799 is a fatal alert message (msg 70)'), /protocol version/);
});

test('rc=-2 takes its cause from the TLS, DNS, socket or heap line above it', () => {
  const first = (line: string) => {
    const [cause] = explained([line, 'Attempting MQTT connection...failed, rc=-2 try again in 5 seconds']).causes;
    assert.equal(cause?.evidence, line);
    return cause?.text ?? '';
  };
  assert.match(first('[E][WiFiClientSecure.cpp:144] connect(): start_ssl_client: -9984'), /TLS handshake failed/);
  assert.match(
    first('[E][WiFiGeneric.cpp:1583] hostByName(): DNS Failed for mqtt.example.com'),
    /could not be resolved/,
  );
  assert.match(
    first('[E][WiFiClient.cpp:258] connect(): socket error on fd 54, errno: 113, "Software caused connection abort"'),
    /TCP connection/,
  );
  assert.match(first('Mem alloc fail. size 0x0000414d caps 0x00001800'), /memory/);
});

test('start_ssl_client: -1 lists what it can be, each with how to tell, and puts what was seen first', () => {
  const error = '[E][NetworkClientSecure.cpp:159] connect(): start_ssl_client: connect failed: -1';
  const all = texts(explained([error]));
  for (const cause of [
    /CA certificate/,
    /not opened in time|refused/,
    /socket was free/,
    /longer than its timeout/,
    /pre-shared key/,
  ])
    assert.match(all, cause);
  const first = (line: string) => explained([line, error]).causes[0]?.text ?? '';
  assert.match(first('[E][ssl_client.cpp:87] start_ssl_client(): Connect to Server failed!'), /TCP connection/);
  assert.match(first('[E][ssl_client.cpp:66] start_ssl_client(): ERROR opening socket'), /socket was free/);
  assert.match(
    first('[V][ssl_client.cpp:257] start_ssl_client(): Performing the SSL/TLS handshake...'),
    /longer than its timeout/,
  );
  assert.match(
    first('[E][ssl_client.cpp:190] start_ssl_client(): pre-shared key not valid hex or too long'),
    /pre-shared key/,
  );
});

test('memory is named behind each of its masks', () => {
  for (const line of [
    'mbedtls_ssl_setup returned -0x7F00',
    'mbedtls_ssl_handshake returned -0x4290',
    'mbedtls_ssl_handshake returned -0x4310',
    'mbedtls_mpi_exp_mod returned -0x0010',
    'start_ssl_client: -32512',
    'psa_crypto_init failed: -141',
    'MQT: TLS connection error: -1000',
    'OSError: [Errno 12] ENOMEM',
    'getaddrinfo() returns 203',
    'esp_wifi_init failed: ESP_ERR_NO_MEM',
  ])
    assert.match(explained([line]).title, /memory/i, line);
  const masked = explained(['E (7) heap: Mem alloc fail. size 0x414d caps 0x1800', VERIFY]);
  assert.match(masked.causes[0]?.text ?? '', /heap ran out/);
});

test('advice fits the platform', () => {
  const arduino = texts(explained(['start_ssl_client: -30592'], { platform: 'arduino-esp32' }));
  assert.match(arduino, /setCertificate/);
  assert.doesNotMatch(arduino, /esp_mqtt_client_config_t/);
  const idf = texts(explained(['mbedtls_ssl_handshake returned -0x7780'], { platform: 'esp-idf' }));
  assert.match(idf, /esp_mqtt_client_config_t/);
  assert.doesNotMatch(idf, /setCertificate\(\)/);
});

test('a board that is an HTTPS server is not told about a broker’s reasons first', () => {
  const alert = 'E (17236) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7780';
  const served = explained([alert, 'E (17237) httpd: httpd_accept_conn: session creation failed', alert]);
  assert.match(served.causes[0]?.text ?? '', /board is the server/);
  assert.doesNotMatch(texts(explained([alert])), /board is the server/);
});
