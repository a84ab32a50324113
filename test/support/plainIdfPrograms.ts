// Plain ESP-IDF programs as people write them after esp-mqtt's example, and those that no edit can secure by itself.
import type { SourceFile } from '../../src/core/diagnose/sourceSymbols';

const HEAD = '#include <stdio.h>\n#include "esp_event.h"\n#include "mqtt_client.h"\n';
const EVENTS = `
static void on_event(void *arg, esp_event_base_t base, int32_t id, void *data) {
    (void)arg, (void)base, (void)data;
    if (id == MQTT_EVENT_CONNECTED) printf("MQTT_EVENT_CONNECTED\\n");
}
`;
const START = `    esp_mqtt_client_handle_t client = esp_mqtt_client_init(&mqtt_cfg);
    esp_mqtt_client_register_event(client, MQTT_EVENT_ANY, on_event, NULL);
    esp_mqtt_client_start(client);
    for (;;) vTaskDelay(pdMS_TO_TICKS(100));
`;
const NAMED = '.credentials.client_id = "sensor-1"';

const program = (config: string, head = HEAD): SourceFile => ({
  path: 'main/app_main.c',
  text: `${head}#include "freertos/FreeRTOS.h"\n#include "freertos/task.h"\n${EVENTS}\nvoid app_main(void) {\n${config}${START}}\n`,
});

export interface IdfProgram {
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly expects: readonly RegExp[];
  /** Not of ESP-IDF 5: the shims cannot compile it. */
  readonly old?: boolean;
}

const SETTINGS = { path: 'sdkconfig', text: 'CONFIG_A=y\nCONFIG_BROKER_URL="mqtt://broker.test"\nCONFIG_B=y\n' };

export const IDF_PROGRAMS: readonly IdfProgram[] = [
  {
    name: 'the address in the source, designators',
    files: [
      program(
        `    esp_mqtt_client_config_t mqtt_cfg = {\n        .broker.address.uri = "mqtt://broker.test:1883",\n        ${NAMED},\n    };\n`,
      ),
    ],
    expects: [
      /"mqtts:\/\/broker\.test:8883"/,
      /\};\n {4}mqtt_cfg\.broker\.verification\.certificate = ROOT_CA;\n {4}mqtt_cfg\.credentials\.authentication\.certificate = DEVICE_CERT;\n {4}mqtt_cfg\.credentials\.authentication\.key = DEVICE_KEY;\n/,
    ],
  },
  {
    name: 'nested braces, const, the host alone in a #define, an HTTP server beside it',
    files: [
      program(
        `    static const struct { const char *uri; } page = {.uri = "/status"};\n    (void)page;\n    const esp_mqtt_client_config_t mqtt_cfg = {\n        .broker = {.address = {.uri = BROKER}},\n        ${NAMED},\n    };\n`,
        `#define BROKER "mqtt://broker.test"\n${HEAD}`,
      ),
    ],
    expects: [/#define BROKER "mqtts:\/\/broker\.test:8883"/, /^ {4}esp_mqtt_client_config_t mqtt_cfg = \{$/m],
  },
  {
    name: 'assigned members, Windows line ends, a name that is taken',
    files: [
      program(
        `    esp_mqtt_client_config_t mqtt_cfg = {0};\n    const int ROOT_CA = 1;\n    (void)ROOT_CA;\n    mqtt_cfg.broker.address.uri = "mqtt://broker.test:1883";\n    mqtt_cfg.credentials.client_id = "sensor-1";\n`,
      ),
    ].map(({ path, text }) => ({ path, text: text.replaceAll('\n', '\r\n') })),
    expects: [/= \{0\};\r\n {4}mqtt_cfg\.broker\.verification\.certificate = MQTT_ROOT_CA;\r\n/],
  },
  {
    name: 'the address in sdkconfig',
    files: [
      program(
        `    esp_mqtt_client_config_t mqtt_cfg = {\n        .broker.address.uri = CONFIG_BROKER_URL,\n        ${NAMED},\n    };\n`,
        `${HEAD}#include "sdkconfig.h"\n`,
      ),
      SETTINGS,
    ],
    expects: [/CONFIG_A=y\nCONFIG_BROKER_URL="mqtts:\/\/broker\.test:8883"\nCONFIG_B=y/],
  },
  {
    name: 'the flat members of ESP-IDF 4',
    old: true,
    files: [program('    esp_mqtt_client_config_t mqtt_cfg = {\n        .uri = "mqtt://broker.test",\n    };\n')],
    expects: [
      /mqtt_cfg\.cert_pem = ROOT_CA;\n {4}mqtt_cfg\.client_cert_pem = DEVICE_CERT;\n {4}mqtt_cfg\.client_key_pem = DEVICE_KEY;/,
    ],
  },
];

const uri = (text: string): SourceFile[] => [
  program(`    esp_mqtt_client_config_t mqtt_cfg = {.broker.address.uri = ${text}};\n`),
];

export const REFUSED_IDF: readonly (readonly [
  name: string,
  files: readonly SourceFile[],
  code: string,
  reason: RegExp,
])[] = [
  ['TLS with a CA', uri('"mqtt://x", .broker.verification.certificate = CA'), 'sketch-secure-already', /TLS already/],
  ['TLS without a CA', uri('"mqtts://x"'), 'sketch-secure-already', /told no CA/],
  [
    'a WebSocket',
    uri('"ws://x:80/mqtt"'),
    'sketch-not-plain',
    /"ws:\/\/x:80\/mqtt" is no mqtt:\/\/ address.*mqtts:\/\/HOST/,
  ],
  [
    'an address from nowhere',
    uri('CONFIG_BROKER_URL'),
    'sketch-not-plain',
    /CONFIG_BROKER_URL, which no file here gives/,
  ],
  [
    'a configuration outside of functions',
    [
      {
        path: 'main/a.c',
        text: `${HEAD}static const esp_mqtt_client_config_t mqtt_cfg = {.broker.address.uri = "mqtt://x"};`,
      },
    ],
    'sketch-not-plain',
    /no esp_mqtt_client_config_t in a function/,
  ],
  [
    'host and port apart',
    [program('    esp_mqtt_client_config_t mqtt_cfg = {.broker.address.hostname = "x"};\n')],
    'sketch-not-plain',
    /not given as a uri/,
  ],
];
