// What a decoded error changes in a project: from the printed line to the file, and never more than fits.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDecoder } from '../../../src/core/decode/decoder';
import { applyEdits } from '../../../src/core/diagnose/applyEdits';
import { projectFacts } from '../../../src/core/diagnose/projectFacts';
import { planRepair, type RepairPlan } from '../../../src/core/repair/planRepair';
import { filesAfter, RepairRequests } from '../../../src/core/repair/repairOffers';

type Files = Readonly<Record<string, string>>;

function projectOf(texts: Files) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return { files, stack: projectFacts(files).stack };
}

/** The plans for what `log` says, on that project. */
function plansFor(log: string, texts: Files): RepairPlan[] {
  const project = projectOf(texts);
  const decoder = createDecoder({ platform: project.stack.framework === 'esp-idf' ? 'esp-idf' : 'arduino-esp32' });
  const findings = [...log.split('\n').flatMap((line) => decoder.next(line)), ...decoder.end()];
  return findings.flatMap(({ explanation }) =>
    explanation.fixes.flatMap(({ repairs }) => {
      const plan = repairs && planRepair(repairs, project);
      return plan ? [plan] : [];
    }),
  );
}

/** The files that the only plan changes, as they are then. */
function after(log: string, texts: Files): Files {
  const plans = plansFor(log, texts);
  assert.equal(plans.length, 1, plans.map(({ title }) => title).join('\n'));
  const written = applyEdits(projectOf(texts).files, plans[0]?.edits ?? []);
  return Object.fromEntries(written.map(({ path, text }) => [path, text]));
}

const titles = (log: string, texts: Files) => plansFor(log, texts).map(({ title }) => title);

const overflow = (task: string) => `***ERROR*** A stack overflow in task ${task} has been detected.`;
const canary = (task: string) => `Debug exception reason: Stack canary watchpoint triggered (${task}) `;
const IDF = 'CONFIG_IDF_INIT_VERSION="5.3.1"\n';
const idf = (sdkconfig: string, more: Files = {}): Files => ({ sdkconfig: IDF + sdkconfig, ...more });
const INI = '[env:esp32dev]\nplatform = espressif32@6.9.0\nboard = esp32dev\nframework = arduino\n';
const sketch = (text: string, more: Files = {}): Files => ({
  'platformio.ini': INI,
  'src/main.cpp': `#include <Arduino.h>\n#include <WiFiClientSecure.h>\n#include <PubSubClient.h>\n${text}`,
  ...more,
});

describe('the stack of a task', () => {
  test('of ESP-IDF itself is doubled in sdkconfig, which wins, and in the defaults that it is made from', () => {
    const files = idf('CONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\nCONFIG_X=y\n', { 'sdkconfig.defaults': 'CONFIG_Y=y' });
    assert.deepEqual(after(overflow('main'), files), {
      sdkconfig: `${IDF}CONFIG_ESP_MAIN_TASK_STACK_SIZE=7168\nCONFIG_X=y\n`,
      'sdkconfig.defaults': 'CONFIG_Y=y\nCONFIG_ESP_MAIN_TASK_STACK_SIZE=7168\n',
    });
    assert.deepEqual(titles(canary('main'), files), [
      'Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE from 3584 to 7168 in sdkconfig and sdkconfig.defaults',
    ]);
  });

  test('is named behind the panic on RISC-V chips; where it is not, nothing is changed', () => {
    const files = idf('CONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\n');
    const panic = "Guru Meditation Error: Core  0 panic'ed (Stack protection fault). ";
    const raised = ['Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE from 3584 to 7168 in sdkconfig'];
    for (const between of ['\n', '\n\n'])
      assert.deepEqual(
        titles(`${panic}${between}Detected in task "main" at 0x4200b5e2\nStack pointer: 0x4`, files),
        raised,
      );
    assert.deepEqual(titles(`${panic}\nASSIST_DEBUG is not triggered BUT interrupt occurred!`, files), []);
    assert.deepEqual(titles(`${panic}\nMEPC    : 0x42004a84\n\nDetected in task "main" at 0x1`, files), []);
    assert.deepEqual(titles(`Detected in task "main" at 0x1\n${panic}`, files), []);
  });

  test('of esp-mqtt needs its custom settings too, which follow the line they depend on', () => {
    const sdkconfig = '# CONFIG_MQTT_USE_CUSTOM_CONFIG is not set\r\nCONFIG_Z=1\r\n';
    assert.deepEqual(after(overflow('mqtt_task'), idf(sdkconfig)), {
      sdkconfig: `${IDF}CONFIG_MQTT_USE_CUSTOM_CONFIG=y\r\nCONFIG_MQTT_TASK_STACK_SIZE=12288\r\nCONFIG_Z=1\r\n`,
    });
  });

  test('of esp-mqtt is raised in the source where the source sets it: that wins over the configuration', () => {
    const main = 'esp_mqtt_client_config_t c = { .task = { .stack_size = 4 * 1024, .priority = 5 } };\n';
    assert.deepEqual(after(canary('mqtt_task'), idf('', { 'main/main.c': main })), {
      'main/main.c': main.replace('4 * 1024', '8192'),
    });
  });

  test('of a task of the project is raised at its xTaskCreate, through a #define, with a name cut at 15 letters', () => {
    const main = [
      '#define SENSOR_STACK (2 * 1024)',
      'void app_main(void) {',
      '  xTaskCreate(run, "sensor_reader_task", SENSOR_STACK, NULL, 5, NULL);',
      '  xTaskCreatePinnedToCore(net, "net", 3000, NULL, 5, NULL, 1);',
      '}',
    ].join('\n');
    const files = idf('', { 'main/main.c': main });
    assert.deepEqual(after(overflow('sensor_reader_t'), files), { 'main/main.c': main.replace('2 * 1024', '4096') });
    assert.deepEqual(after(canary('net'), files), { 'main/main.c': main.replace('3000', '6144') });
  });

  test('of loopTask is set before setup(), or raised where it is set', () => {
    const plain = sketch('int n;\n\nvoid setup() {\n}\nvoid loop() {}\n');
    assert.match(
      after(canary('loopTask'), plain)['src/main.cpp'] ?? '',
      /int n;\n\nSET_LOOP_TASK_STACK_SIZE\(16384\);\n\nvoid setup/,
    );
    const set = sketch('SET_LOOP_TASK_STACK_SIZE(12 * 1024);\nvoid setup() {}\n');
    assert.match(after(canary('loopTask'), set)['src/main.cpp'] ?? '', /SET_LOOP_TASK_STACK_SIZE\(24576\);/);
  });

  test('stays where it is large already, where two tasks have the name, and where nobody knows the task', () => {
    assert.deepEqual(titles(overflow('main'), idf('CONFIG_ESP_MAIN_TASK_STACK_SIZE=32768\n')), []);
    const two = 'void f() { xTaskCreate(a, "t", 2048, 0, 1, 0); xTaskCreate(b, "t", 2048, 0, 1, 0); }';
    assert.deepEqual(titles(overflow('t'), idf('', { 'main/a.c': two })), []);
    assert.deepEqual(titles(overflow('wifi'), idf('CONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\n')), []);
    const computed = 'void f() { xTaskCreate(a, "t", stackFor(2), 0, 1, 0); }';
    assert.deepEqual(titles(overflow('t'), idf('', { 'main/a.c': computed })), []);
  });
});

describe('options of ESP-IDF', () => {
  const NO_MEMORY = 'E (9) esp-tls-mbedtls: mbedtls_ssl_setup returned -0x7F00';

  test('a choice is switched as a whole, also in the defaults', () => {
    const level = 'CONFIG_LOG_DEFAULT_LEVEL_INFO=y\n# CONFIG_LOG_DEFAULT_LEVEL_DEBUG is not set\n';
    const files = idf(level, { 'sdkconfig.defaults': 'CONFIG_LOG_DEFAULT_LEVEL_WARN=y\n' });
    assert.deepEqual(after('E (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x2700', files), {
      sdkconfig: `${IDF}# CONFIG_LOG_DEFAULT_LEVEL_INFO is not set\nCONFIG_LOG_DEFAULT_LEVEL_DEBUG=y\n`,
      'sdkconfig.defaults': '# CONFIG_LOG_DEFAULT_LEVEL_WARN is not set\nCONFIG_LOG_DEFAULT_LEVEL_DEBUG=y\n',
    });
  });

  test('are not set where this ESP-IDF does not list them, or where another one that is on excludes them', () => {
    const buffer = '# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set\n';
    assert.deepEqual(titles(NO_MEMORY, idf(buffer)), ['Set CONFIG_MBEDTLS_DYNAMIC_BUFFER=y in sdkconfig']);
    assert.deepEqual(titles(NO_MEMORY, idf('CONFIG_OTHER=y\n')), []);
    assert.deepEqual(titles(NO_MEMORY, idf(`${buffer}CONFIG_MBEDTLS_SSL_PROTO_TLS1_3=y\n`)), []);
    assert.deepEqual(titles(NO_MEMORY, idf('CONFIG_MBEDTLS_DYNAMIC_BUFFER=y\n')), []);
  });

  test('go into new defaults where nothing was built yet, and into those of a chip that say otherwise', () => {
    const sources = { 'main/main.c': '#include "esp_tls.h"\n' };
    assert.deepEqual(after(NO_MEMORY, sources), { 'sdkconfig.defaults': 'CONFIG_MBEDTLS_DYNAMIC_BUFFER=y\n' });
    const chip = { ...sources, 'sdkconfig.defaults.esp32s3': '# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set\n' };
    assert.deepEqual(after(NO_MEMORY, chip), { 'sdkconfig.defaults.esp32s3': 'CONFIG_MBEDTLS_DYNAMIC_BUFFER=y\n' });
  });

  test('go into PlatformIO’s configuration of each environment, and into no other file of that kind', () => {
    const ini =
      '[env:a]\nplatform = espressif32\nframework = espidf\n[env:b]\nplatform = espressif32\nframework = espidf\n';
    const line = '# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set\n';
    const files = { 'platformio.ini': ini, 'sdkconfig.a': line, 'sdkconfig.b': line, 'sdkconfig.ci': line };
    assert.deepEqual(Object.keys(after(NO_MEMORY, files)), ['sdkconfig.a', 'sdkconfig.b']);
  });

  test('of PSRAM only with PSRAM, and a smaller record buffer only where the project made it smaller', () => {
    const memory = 'CONFIG_MBEDTLS_INTERNAL_MEM_ALLOC=y\n# CONFIG_MBEDTLS_EXTERNAL_MEM_ALLOC is not set\n';
    assert.deepEqual(titles(NO_MEMORY, idf(memory)), []);
    assert.equal(
      after(NO_MEMORY, idf(`${memory}CONFIG_SPIRAM=y\n`))['sdkconfig'],
      `${IDF}# CONFIG_MBEDTLS_INTERNAL_MEM_ALLOC is not set\nCONFIG_MBEDTLS_EXTERNAL_MEM_ALLOC=y\nCONFIG_SPIRAM=y\n`,
    );
    const record = 'E (9) esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7200';
    assert.deepEqual(titles(record, idf('CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN=16384\n')), []);
    assert.deepEqual(titles(record, idf('CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN=4096\n')), [
      'Raise CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN from 4096 to 16384 in sdkconfig',
    ]);
  });

  test('that esp-tls asks for by name are turned on for the error that follows', () => {
    const log = [
      'E (9) esp-tls-mbedtls: psk_hint_key configured but not enabled in menuconfig: Please enable ESP_TLS_PSK_VERIFICATION option',
      'E (9) esp-tls-mbedtls: Failed to set client configurations, returned [0x103] (ESP_ERR_INVALID_STATE)',
    ].join('\n');
    assert.deepEqual(titles(log, idf('# CONFIG_ESP_TLS_PSK_VERIFICATION is not set\n')), [
      'Set CONFIG_ESP_TLS_PSK_VERIFICATION=y in sdkconfig',
    ]);
  });

  test('TLS 1.3 is turned on for a protocol_version alert of the broker only', () => {
    const off = idf('# CONFIG_MBEDTLS_SSL_PROTO_TLS1_3 is not set\n');
    const title = 'Set CONFIG_MBEDTLS_SSL_PROTO_TLS1_3=y in sdkconfig';
    assert.deepEqual(titles('ssl_msg.c:5120: is a fatal alert message (msg 70)', off), [title]);
    assert.deepEqual(titles('ssl_msg.c:5120: send alert level=2 message=70', off), []);
  });

  test('the flash size is the one that was found on the board', () => {
    const log =
      'E (50) spi_flash: Detected size(4096k) smaller than the size in the binary image header(8192k). Probe failed.';
    const sdkconfig = '# CONFIG_ESPTOOLPY_FLASHSIZE_4MB is not set\nCONFIG_ESPTOOLPY_FLASHSIZE_8MB=y\n';
    assert.equal(
      after(log, idf(sdkconfig))['sdkconfig'],
      `${IDF}CONFIG_ESPTOOLPY_FLASHSIZE_4MB=y\n# CONFIG_ESPTOOLPY_FLASHSIZE_8MB is not set\n`,
    );
    assert.equal(
      after(log, sketch('void setup() {}\n'))['platformio.ini'],
      `${INI.trimEnd()}\nboard_upload.flash_size = 4MB\n`,
    );
  });
});

describe('sources', () => {
  const TIMEOUT = 'Attempting MQTT connection...failed, rc=-4 try again in 5 seconds';
  const client = (setup: string) =>
    sketch(`WiFiClientSecure net;\nPubSubClient mqtt(net);\nvoid setup() {\n${setup}\n}\n`);

  test('a time-out is raised where it is set, through its name, and stays where it is long enough', () => {
    const set = sketch(
      '#define WAIT 5\nWiFiClient net; PubSubClient mqtt(net);\nvoid setup() { mqtt.setSocketTimeout(WAIT); }\n',
    );
    assert.match(after(TIMEOUT, set)['src/main.cpp'] ?? '', /#define WAIT 30\n/);
    assert.deepEqual(titles(TIMEOUT, client('mqtt.setSocketTimeout(60);')), []);
  });

  test('a call is added behind the one that sets the server, with its indentation', () => {
    const text = after(TIMEOUT, client('\tmqtt.setServer(HOST, 8883); // broker'))['src/main.cpp'];
    assert.match(text ?? '', /\tmqtt\.setServer\(HOST, 8883\); \/\/ broker\n\tmqtt\.setSocketTimeout\(30\);\n/);
    const pointer = sketch('PubSubClient *mqtt;\nvoid setup() {\n  mqtt->setServer(HOST, 1);\n}\n');
    assert.match(after(TIMEOUT, pointer)['src/main.cpp'] ?? '', /\n {2}mqtt->setSocketTimeout\(30\);\n/);
  });

  test('nothing is added behind a condition, a branch without braces, or the object of another library', () => {
    for (const setup of [
      'if (mqtt.setServer(HOST, 1)) {}',
      'if (on)\n  mqtt.setServer(HOST, 1);',
      'web.setServer(HOST, 1);',
    ])
      assert.deepEqual(titles(TIMEOUT, client(setup)), [], setup);
  });

  test('a member of esp-mqtt is raised, or added beside the URI where its place is certain', () => {
    const log =
      'E (9) esp-tls: Failed to open new connection in specified timeout [0x8006] ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT';
    const idfMain = (path: string, text: string) => idf('', { [path]: `#include "mqtt_client.h"\n${text}` });
    const raised = after(log, idfMain('main/a.c', 'void f() { c.network.timeout_ms = 5000; }\n'));
    assert.match(raised['main/a.c'] ?? '', /timeout_ms = 20000;/);
    const flat = after(log, idfMain('main/a.c', 'x c = {\n    .broker.address.uri = URI,\n};\n'));
    assert.match(flat['main/a.c'] ?? '', /\n {4}\.broker\.address\.uri = URI,\n {4}\.network\.timeout_ms = 20000,\n/);
    const statement = after(log, idfMain('main/a.cpp', 'void f() {\n  c.broker.address.uri = URI;\n}\n'));
    assert.match(statement['main/a.cpp'] ?? '', /\n {2}c\.network\.timeout_ms = 20000;\n/);
    for (const [path, text] of [
      ['main/a.c', 'x c = {\n  .broker = { .address = { .uri = URI, } },\n};\n'],
      ['main/a.cpp', 'x c = {\n  .broker.address.uri = URI,\n};\n'],
    ] as const)
      assert.deepEqual(titles(log, idfMain(path, text)), [], text);
  });
});

describe('the core debug level of Arduino', () => {
  const LOG = 'Attempting MQTT connection...failed, rc=-2 try again in 5 seconds';
  const withIni = (ini: string) => sketch('void setup() {}\n', { 'platformio.ini': ini });
  const iniAfter = (ini: string) => after(LOG, withIni(ini))['platformio.ini'];

  test('is a build flag of every environment, in front of what is there', () => {
    assert.equal(iniAfter(INI), `${INI}build_flags = -DCORE_DEBUG_LEVEL=5\n`);
    assert.match(iniAfter(`${INI}build_flags = -DA ; a comment\n`) ?? '', /= -DCORE_DEBUG_LEVEL=5 -DA ; a comment\n/);
    assert.match(
      iniAfter(`${INI}build_flags =\n  -DA\n  -DB\n`) ?? '',
      /build_flags =\n {2}-DCORE_DEBUG_LEVEL=5\n {2}-DA\n/,
    );
    assert.match(iniAfter(`${INI}build_flags = -D CORE_DEBUG_LEVEL=1 -DA\n`) ?? '', /= -D CORE_DEBUG_LEVEL=5 -DA\n/);
    const shared = `[env]\nbuild_flags = -DA\n\n${INI}\n[env:s3]\nboard = s3\n`;
    assert.equal(iniAfter(shared), shared.replace('= -DA', '= -DCORE_DEBUG_LEVEL=5 -DA'));
    assert.deepEqual(titles(LOG, withIni(`${INI}build_flags = -DCORE_DEBUG_LEVEL=5\n`)), []);
  });

  test('is an option of the board in sketch.yaml, for boards of Espressif’s core', () => {
    const yaml =
      'profiles:\n  a:\n    fqbn: esp32:esp32:esp32s3:CDCOnBoot=cdc,DebugLevel=none\ndefault_fqbn: "esp32:esp32:esp32"\n';
    const files = { 'board.ino': 'void setup() {}\n', 'sketch.yaml': yaml };
    assert.equal(
      after(LOG, files)['sketch.yaml'],
      yaml.replace('DebugLevel=none', 'DebugLevel=verbose').replace('esp32:esp32"', 'esp32:esp32:DebugLevel=verbose"'),
    );
    const other = { 'board.ino': '#include <ESP8266WiFi.h>\n', 'sketch.yaml': 'default_fqbn: esp8266:esp8266:d1\n' };
    assert.deepEqual(titles(LOG, other), []);
  });
});

test('an error that comes a thousand times asks once, and what two errors ask for is made once', () => {
  const files = idf('CONFIG_ESP_MAIN_TASK_STACK_SIZE=3584\n# CONFIG_MBEDTLS_DYNAMIC_BUFFER is not set\n');
  const project = projectOf(files);
  const requests = new RepairRequests();
  const decoder = createDecoder({ platform: 'esp-idf' });
  const log = [overflow('main'), canary('main'), 'mbedtls_ssl_setup returned -0x7F00'];
  for (let i = 0; i < 1000; i++)
    for (const line of log) for (const finding of decoder.next(`E (9) esp-tls: ${line}`)) requests.take(finding);
  const offers = requests.offers(project);
  assert.deepEqual(
    offers.map(({ title }) => title),
    [
      'Raise CONFIG_ESP_MAIN_TASK_STACK_SIZE from 3584 to 7168 in sdkconfig',
      'Set CONFIG_MBEDTLS_DYNAMIC_BUFFER=y in sdkconfig',
    ],
  );
  assert.deepEqual(
    filesAfter(project, offers).map(({ text }) => text),
    [`${IDF}CONFIG_ESP_MAIN_TASK_STACK_SIZE=7168\nCONFIG_MBEDTLS_DYNAMIC_BUFFER=y\n`],
  );
});
