// One line of each emitter's own format -> the name; and lines of the same look that are no errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeNames } from '../../../src/core/decode/codeNames';
import { createDecoder } from '../../../src/core/decode/decoder';
import { explainCode } from '../../../src/core/decode/explainCode';
import type { Finding } from '../../../src/core/decode/finding';
import { LogDecoder } from '../../../src/core/decode/logDecoder';

function names(line: string): string[] {
  const decoder = createDecoder();
  return [...decoder.next(line), ...decoder.end()].map(({ name }) => name);
}

const FOUND: readonly (readonly [string, string])[] = [
  [
    '[E][ssl_client.cpp:33] handle_error(): X509 - Certificate verification failed, e.g. CRL',
    'MBEDTLS_ERR_X509_CERT_VERIFY_FAILED',
  ],
  [
    '[E][ssl_client.cpp:36] _handle_error(): [data_to_read():361]: (-80) UNKNOWN ERROR CODE (0050)',
    'MBEDTLS_ERR_NET_CONN_RESET',
  ],
  ['mbedtls: x509 PK verify failed with error 0xffffbd70', 'MBEDTLS_ERR_RSA_PUBLIC_FAILED'],
  ['E (1) esp-x509-crt-bundle: No matching trusted root certificate found', 'CRT_BUNDLE_NO_MATCHING_ROOT'],
  ['I (3) mqtt: Last tls stack error number: 0x50', 'MBEDTLS_ERR_NET_CONN_RESET'],
  ['mbedtls_x509_crt_verify flags: 0x00000008', 'MBEDTLS_X509_BADCERT_NOT_TRUSTED'],
  ['mbedtls: ssl_msg.c:5234 got an alert message, type: [2:48]', 'MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA'],
  ['[W][WiFiGeneric.cpp:1062] _eventCallback(): Reason: 202 - AUTH_FAIL', 'WIFI_REASON_AUTH_FAIL'],
  ['I (1) wifi:state: run -> init (7c0)', 'WIFI_REASON_CLASS3_FRAME_FROM_NONASSOC_STA'],
  ["[W][wifi_esp32:498]: Disconnected ssid='x' reason='AP Not Found'", 'WIFI_REASON_NO_AP_FOUND'],
  ['E (1) esp-tls: [sock=54] connect() error: Host is unreachable', 'EHOSTUNREACH'],
  ["E (3) mqtt: Last error captured as transport's socket errno: 0x77", 'EINPROGRESS'],
  ['OSError: [Errno 113] EHOSTUNREACH', 'EHOSTUNREACH'],
  ['OSError: -202', 'EAI_FAIL'],
  ['[E][WiFiGeneric.cpp:1583] hostByName(): DNS Failed for mqtt.example.com', 'DNS_FAILED'],
  ['E (1) nvs: Error initializing NVS: 0x1105', 'ESP_ERR_NVS_NOT_ENOUGH_SPACE'],
  ['E (1) app: Error (4354) opening NVS handle!', 'ESP_ERR_NVS_NOT_FOUND'],
  ['E (1) mqtt: esp_tls_last_esp_err=32794 esp_tls_stack_err=0', 'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED'],
  ['I (3) mqtt_example: Connection refused error: 0x5', 'MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED'],
  ['Sending CONNACK to esp (0, 135)', 'MQTT5_NOT_AUTHORIZED'],
  ['MQTT connection failed! Error code = -2', 'MQTT_CONNECTION_REFUSED'],
  ['MQTT connect failed with state -2', 'MQTT_CONNECT_FAILED'],
  ['failed with state -2', 'MQTT_CONNECT_FAILED'],
  ['failed, status code =-2try again in 5 seconds', 'MQTT_CONNECT_FAILED'],
  ['client.state() = -4', 'MQTT_CONNECTION_TIMEOUT'],
  ['[HTTP] POST... failed, error: read Timeout', 'HTTPC_ERROR_READ_TIMEOUT'],
  ['00:00:12 MQT: TLS connection error: 296', 'BR_ERR_RECV_FATAL_ALERT'],
  ['psa_crypto_init failed: -148', 'PSA_ERROR_INSUFFICIENT_ENTROPY'],
  ["Guru Meditation Error: Core  0 panic'ed (Interrupt wdt timeout on CPU0). ", 'InterruptWatchdog'],
  ["Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.", 'LoadAccessFault'],
  ['E (10241) task_wdt: Task watchdog got triggered. The following tasks did not reset the watchdog:', 'TaskWatchdog'],
  [' ets Jan  8 2013,rst cause:4, boot mode:(3,6)', 'HW_WDT'],
  [' ets Jan  8 2013,rst cause:1, boot mode:(1,6)', 'BOOT_UART_DOWNLOAD'],
  ['E (50) esp_image: image at 0x10000 has invalid magic byte', 'ESP_IMAGE_INVALID_MAGIC'],
  ["E (50) esp_image: Image length 1234560 doesn't fit in partition length 1048576", 'ESP_IMAGE_TOO_BIG'],
  ['E (50) boot: No bootable app partitions in the partition table', 'NO_BOOTABLE_APP'],
  ['E (50) secure_boot_v2: Secure boot V2 verification failed.', 'SECURE_BOOT_VERIFY_FAILED'],
  [
    '1653: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate',
    'SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE',
  ],
];

for (const [line, name] of FOUND) test(`${name}: ${line}`, () => assert.deepEqual(names(line), [name]));

const QUIET: readonly string[] = [
  'failed reads: 16390',
  'error count: 16400',
  'CRC error: 0x3004 expected 0x3005',
  'I (1) app: errors: 12301 total',
  'Free heap after error: 32769',
  'http sensor offset failed: -3.5 degrees',
  'Sensor failed: 20500 Pa',
  'invalid checksum: 0x1105',
  'GET /x?failed=-1',
  'state MQTT_DISCONNECTED -> MQTT_CONNECTING',
  'WL_DISCONNECTED',
  'Reset: panic button pressed',
  'Alert: motion detected (48)',
  'TLS alert level set to 2',
  'stack_err buffer 0x2700',
  'tmr.now() -0x2700',
  'WiFi RSSI: -9984',
  "I (1234) wifi:AP's beacon interval = 102400 us, DTIM period = 1",
  'I (1234) wifi:state: run -> init (0)',
  'I (1234) heap: free 9984 bytes',
  'HTTP/1.1 200 OK',
  '[HTTP] GET... code: 200',
  'T=-127.00 (sensor error)',
  'DHT read error -1',
  'rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)',
  'rst:0x5 (DEEPSLEEP_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)',
  'I (5678) MQTT_EXAMPLE: sent publish successful, msg_id=25868',
  '-0x1234',
  'PC 0xffffd8f0',
  'Sensor disconnected, reason: 3',
  'BLE disconnected, reason 19',
  'status: 0x101',
  'bt: status 0x102',
  'TLS handshake took 9984 ms',
  'SSL heap 32512',
  'SSL handshake done, cipher 0x7280',
  'mbedtls: ssl_tls.c:2490 ssl->f_recv(_timeout)() returned -26880 (-0x6900)',
  'Connected to broker state: 1',
  'Sending CONNACK to esp32 (0, 0)',
  'MQT: TLS connection error: 0',
  'Last captured errno : 0 (Success)',
  'E (10) x: err=0',
  'retry 257 failed',
  'Error in temperature (23)',
  'Task watchdog initialized',
  'radio.begin failed, code -707',
  'Failed to mount: -84',
  '3ffb1230: ffffd900 ffff8100 00000000',
  'A0: 0xfffffff0 A1: 0xffffd900',
  '[MQTT] retry 4',
  'Client disconnected. Reason: Abort',
  '[E][esp32.crash:224]:   Reason: Fault - Unknown',
  'ble_gap_connect rc=2; ',
  'RC: 5 channels',
  'failed: 261 / 1000',
  '{"tls":true,"rssi":-76,"ssl_ms":-78}',
  'ssl_client: rssi=-76',
  'Firmware version 2.7.0',
];

for (const line of QUIET) test(`nothing in: ${line}`, () => assert.deepEqual(names(line), []));

test('the sentence of a code is not told twice', () => {
  const decoder = createDecoder();
  const lines = ['SSL - Memory allocation failed', 'MbedTLS error: -32512', 'quiet'];
  const found = [...lines.flatMap((line) => decoder.next(line)), ...decoder.end()];
  assert.deepEqual(
    found.map(({ line, text }) => [line, text]),
    [[2, '-32512']],
  );
});

test('a panic that the next lines belong to is told with them, before what comes next, and once', () => {
  const panic = "Guru Meditation Error: Core  0 panic'ed (Stack protection fault).";
  const told = (lines: readonly string[]) => {
    const decoder = createDecoder();
    const byLine = lines.map((line) => decoder.next(line).map((finding) => finding.line));
    return [...byLine, decoder.end().map((finding) => finding.line)];
  };
  assert.deepEqual(told([panic, '', 'Detected in task "main" at 0x4', 'x']), [[], [], [1], [], []]);
  assert.deepEqual(told([panic, 'rst:0xc (SW_CPU_RESET)', 'quiet', 'quiet']), [[], [], [1], [], []]);
  assert.deepEqual(told([panic, 'E (1) esp-tls: -0x2700', 'quiet']), [[], [1, 2], [], []]);
  assert.deepEqual(told([panic, panic, 'quiet', 'quiet']), [[], [1], [], [2], []]);
  assert.deepEqual(told([panic]), [[], [1]]);
});

test('a log that ends in the middle of a panic names it, where no other begins so', () => {
  const guru = (cause: string) => names(`Guru Meditation Error: Core  0 panic'ed (${cause}`);
  assert.deepEqual(guru('LoadProh'), ['LoadProhibited']);
  assert.deepEqual(guru('Stack protect'), ['StackProtectionFault']);
  assert.deepEqual(guru('Interrupt wdt'), ['InterruptWatchdog']);
  assert.deepEqual(guru('Load'), []);
  assert.deepEqual(guru('Nothing known'), []);
});

test('what a panic is explained with does not depend on how its log is cut', () => {
  const log = `${'quiet\n'.repeat(70)}Guru Meditation Error: Core  0 panic'ed (Stack protection fault).\n\nDetected in task "main" at 0x4\n${'quiet\n'.repeat(200)}`;
  const bytes = new TextEncoder().encode(log);
  for (let at = 0; at < 64; at += 1) {
    const evidence: (string | undefined)[] = [];
    const onFinding = ({ explanation }: Finding) => evidence.push(explanation.causes[0]?.evidence);
    const decoder = new LogDecoder({}, { onFinding });
    for (const piece of [bytes.slice(0, 400 + at), bytes.slice(400 + at)]) decoder.push(piece);
    decoder.end();
    assert.deepEqual(evidence, ['Detected in task "main" at 0x4']);
  }
});

test('a number of esp-tls is read for the version of the boot banner', () => {
  const read = (version: string) => {
    const decoder = createDecoder();
    decoder.next(`I (29) boot: ESP-IDF v${version} 2nd stage bootloader`);
    return decoder.next('Last esp error code: 0x8006')[0]?.name;
  };
  assert.equal(read('4.0'), 'ESP_ERR_MBEDTLS_CERT_PARTLY_OK');
  assert.equal(read('5.1'), 'ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT');
});

test('ESP8266 counts errno as lwIP does, ESP32 as newlib does', () => {
  const read = (platform: 'esp8266' | 'esp-idf') => createDecoder({ platform }).next('connect: errno 113')[0]?.name;
  assert.equal(read('esp8266'), 'EHOSTUNREACH');
  assert.equal(read('esp-idf'), 'ECONNABORTED');
});

test('a small number alone has all the readings that boards give it', () => {
  const readings = (code: string) => explainCode(code).map(({ name }) => name);
  assert.deepEqual(readings('202').sort(), ['EAI_FAIL', 'WIFI_REASON_AUTH_FAIL']);
  assert.ok(readings('-1').includes('START_SSL_CLIENT_FAILED') && readings('-1').includes('MQTT_DISCONNECTED'));
  assert.deepEqual(readings('-76'), ['MBEDTLS_ERR_NET_RECV_FAILED']);
});

test('every name is explained by itself, in capital letters or not', () => {
  const missed = codeNames().flatMap(({ name }) =>
    [name, name.toLowerCase()].filter((typed) => !explainCode(typed).some((finding) => finding.name === name)),
  );
  assert.deepEqual(missed, []);
});

test('a number of OpenSSL is read without the words around it', () => {
  for (const code of ['0A000086', '0x0A000086', 'error:0A000086'])
    assert.deepEqual(
      explainCode(code).map(({ name }) => name),
      ['SSL_R_CERTIFICATE_VERIFY_FAILED'],
    );
  assert.deepEqual(explainCode('0xDEAD1234'), []);
});

test('0x8010 after a failed handshake is the handshake, as numbered before ESP-IDF 4.4', () => {
  const decoder = createDecoder();
  decoder.next('E (3949) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700');
  assert.equal(
    decoder.next('Last error code reported from esp-tls: 0x8010')[0]?.name,
    'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED',
  );
});

test('a Wi-Fi reason has the name that the version of the boot banner gives it', () => {
  const read = (banner: string) => {
    const decoder = createDecoder();
    decoder.next(banner);
    return decoder.next('I (900) wifi:state: run -> init (600)')[0]?.name;
  };
  assert.equal(read('I (29) boot: ESP-IDF v4.4.7 2nd stage bootloader'), 'WIFI_REASON_NOT_AUTHED');
  assert.equal(read('Arduino core: 2.0.17'), 'WIFI_REASON_NOT_AUTHED');
  for (const banner of ['I (29) boot: ESP-IDF v5.1.4 2nd stage bootloader', 'Arduino core: 3.2.0'])
    assert.equal(read(banner), 'WIFI_REASON_NOT_AUTHED');
  assert.equal(read('I (29) boot: ESP-IDF v6.0 2nd stage bootloader'), 'WIFI_REASON_CLASS2_FRAME_FROM_NONAUTH_STA');
});
