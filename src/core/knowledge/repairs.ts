// Fixes that are a definite change of the project: the advice, and the change as data. None makes a connection less safe.
import type { Repair } from '../repair/repair';
import type { FixRule } from './entry';

const option = (name: string, others: readonly string[] = []) => ({ name: `CONFIG_${name}`, value: 'y', others });

/**
 * esp-idf components/freertos (vApplicationStackOverflowHook), esp_system/panic.c: the text names the task. On RISC-V the
 * line behind does (port/arch/riscv/panic_arch.c).
 */
const TASK =
  /A stack overflow in task (.+)|Stack canary watchpoint triggered \(([^)]*)\)|^Stack protection fault[\s\S]*\bDetected in task "([^"]+)"/;

export const moreStack: FixRule = {
  text: 'Give the task more stack (8 kB or more for TLS).',
  repairs: (text) => {
    const match = TASK.exec(text);
    const task = (match?.[1] ?? match?.[2] ?? match?.[3])?.trim();
    return task ? [{ kind: 'task-stack', task }] : [];
  },
};

/** esp-idf components/heap/Kconfig, choice HEAP_CORRUPTION_DETECTION. */
export const poisonedHeap: FixRule = {
  text: 'Turn on CONFIG_HEAP_POISONING_COMPREHENSIVE: the heap then notices damage much nearer to where it is done.',
  platforms: ['esp-idf'],
  repairs: [
    {
      kind: 'sdkconfig',
      options: [
        option('HEAP_POISONING_COMPREHENSIVE', ['CONFIG_HEAP_POISONING_DISABLED', 'CONFIG_HEAP_POISONING_LIGHT']),
      ],
    },
  ],
};

/** esp-idf components/spi_flash/esp_flash_spi_init.c prints kilobytes; components/esptool_py/Kconfig has the sizes. */
const FLASH_SIZES = [1, 2, 4, 8, 16, 32, 64, 128];

export const moreFlash: FixRule = {
  text: 'Choose the flash size that the message detected, and a partition table that fits in it.',
  repairs: (text) => {
    const megabytes = Number(/Detected size\((\d+)k\)/.exec(text)?.[1]) / 1024;
    if (!FLASH_SIZES.includes(megabytes)) return [];
    const names = FLASH_SIZES.map((size) => `ESPTOOLPY_FLASHSIZE_${size}MB`);
    const name = `ESPTOOLPY_FLASHSIZE_${megabytes}MB`;
    const others = names.filter((other) => other !== name).map((other) => `CONFIG_${other}`);
    return [
      { kind: 'sdkconfig', options: [option(name, others)] },
      { kind: 'platformio-flash-size', size: `${megabytes}MB` },
    ];
  },
};

/** esp-idf components/mbedtls/Kconfig: TLS 1.3 depends on !MBEDTLS_DYNAMIC_BUFFER there, DTLS too. */
export const dynamicBuffer: FixRule = {
  text: 'In menuconfig turn on CONFIG_MBEDTLS_DYNAMIC_BUFFER: the TLS buffers are then held only while they are used.',
  platforms: ['esp-idf'],
  repairs: [
    {
      kind: 'sdkconfig',
      options: [option('MBEDTLS_DYNAMIC_BUFFER')],
      unless: [
        'CONFIG_MBEDTLS_SSL_PROTO_TLS1_3',
        'CONFIG_MBEDTLS_SSL_PROTO_DTLS',
        'CONFIG_MBEDTLS_SSL_VARIABLE_BUFFER_LENGTH',
      ],
    },
  ],
};

/** esp-idf components/mbedtls/Kconfig, choice MBEDTLS_MEM_ALLOC_MODE. */
export const bufferInPsram: FixRule = {
  text: 'With PSRAM turn on CONFIG_MBEDTLS_EXTERNAL_MEM_ALLOC: TLS then takes its memory there.',
  platforms: ['esp-idf'],
  repairs: [
    {
      kind: 'sdkconfig',
      options: [
        option('MBEDTLS_EXTERNAL_MEM_ALLOC', [
          'CONFIG_MBEDTLS_INTERNAL_MEM_ALLOC',
          'CONFIG_MBEDTLS_DEFAULT_MEM_ALLOC',
          'CONFIG_MBEDTLS_CUSTOM_MEM_ALLOC',
          'CONFIG_MBEDTLS_IRAM_8BIT_MEM_ALLOC',
        ]),
      ],
      onlyWith: 'CONFIG_SPIRAM',
    },
  ],
};

/** esp-idf components/log/Kconfig, choice LOG_DEFAULT_LEVEL; esp-tls/esp_tls_mbedtls.c prints the reason at that level. */
export const talkativeTls: FixRule = {
  text: 'Set CONFIG_LOG_DEFAULT_LEVEL_DEBUG once: esp-tls then prints the X.509 reason below this line.',
  platforms: ['esp-idf'],
  repairs: [
    {
      kind: 'sdkconfig',
      options: [
        option(
          'LOG_DEFAULT_LEVEL_DEBUG',
          ['NONE', 'ERROR', 'WARN', 'INFO'].map((level) => `CONFIG_LOG_DEFAULT_LEVEL_${level}`),
        ),
      ],
      unless: ['CONFIG_LOG_DEFAULT_LEVEL_VERBOSE'],
    },
  ],
};

/** arduino-esp32 cores/esp32/esp32-hal-log.h. */
export const talkativeCore = (then: string): FixRule => ({
  text: `Set Core Debug Level to Verbose: ${then}`,
  platforms: ['arduino-esp32'],
  repairs: [{ kind: 'core-debug-level' }],
});

/** esp-idf components/mbedtls/Kconfig: below 16384 a symptom is MBEDTLS_ERR_SSL_INVALID_RECORD. */
export const wholeRecords: FixRule = {
  text: 'Keep CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN at 16384: the peer may send records of that length.',
  platforms: ['esp-idf'],
  repairs: [
    { kind: 'sdkconfig-number', name: 'CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN', byDefault: 16384, atLeast: 16384 },
    { kind: 'sdkconfig-number', name: 'CONFIG_MBEDTLS_SSL_MAX_CONTENT_LEN', byDefault: 16384, atLeast: 16384 },
  ],
};

/** esp-idf components/mbedtls/Kconfig, choice MBEDTLS_DEFAULT_CERTIFICATE_BUNDLE. */
export const fullBundle: FixRule = {
  text: 'Where the bundle holds only the common roots, take all of them: CONFIG_MBEDTLS_CERTIFICATE_BUNDLE_DEFAULT_FULL.',
  platforms: ['esp-idf'],
  evidence: /esp_crt_bundle|esp-x509-crt-bundle|No matching trusted root/i,
  needsEvidence: true,
  repairs: [
    {
      kind: 'sdkconfig',
      options: [option('MBEDTLS_CERTIFICATE_BUNDLE_DEFAULT_FULL', ['CONFIG_MBEDTLS_CERTIFICATE_BUNDLE_DEFAULT_CMN'])],
      onlyWith: 'CONFIG_MBEDTLS_CERTIFICATE_BUNDLE_DEFAULT_CMN',
    },
  ],
};

/** esp-idf components/mbedtls/Kconfig: depends on !MBEDTLS_DYNAMIC_BUFFER. */
export const tls13: FixRule = {
  text: 'Where the broker takes TLS 1.3 only, turn on CONFIG_MBEDTLS_SSL_PROTO_TLS1_3 (ESP-IDF 5 and later).',
  platforms: ['esp-idf'],
  repairs: [
    {
      kind: 'sdkconfig',
      options: [option('MBEDTLS_SSL_PROTO_TLS1_3')],
      unless: ['CONFIG_MBEDTLS_DYNAMIC_BUFFER'],
    },
  ],
};

/** esp-idf components/esp-tls/esp_tls_mbedtls.c prints the sentence, and fails with ESP_ERR_INVALID_STATE. */
export const optionsOfTls: readonly FixRule[] = ['ESP_TLS_PSK_VERIFICATION', 'MBEDTLS_SSL_ALPN'].map((name) => ({
  text: `Turn on CONFIG_${name}, as the line above says.`,
  platforms: ['esp-idf'],
  evidence: new RegExp(`Please enable ${name} option`),
  needsEvidence: true,
  repairs: [{ kind: 'sdkconfig', options: [option(name)] }],
}));

/** esp-idf components/lwip/Kconfig: 10 by default, 16 at most before ESP-IDF 5.5. */
export const moreSockets: FixRule = {
  text: 'Close each socket; raise CONFIG_LWIP_MAX_SOCKETS (10 unless set).',
  repairs: [{ kind: 'sdkconfig-number', name: 'CONFIG_LWIP_MAX_SOCKETS', byDefault: 10, atLeast: 16 }],
};

const networkTimeout: Repair = {
  kind: 'member',
  path: 'network.timeout_ms',
  beside: 'broker.address.uri',
  atLeast: 20_000,
};

/** esp-mqtt include/mqtt_client.h: 10 s unless set; network_timeout_ms before ESP-IDF 5. */
export const longerNetworkTimeout: FixRule = {
  text: 'Raise network.timeout_ms of esp_mqtt_client_config_t (10 s unless set), or timeout_ms of esp_tls_cfg_t.',
  platforms: ['esp-idf'],
  repairs: [networkTimeout, { kind: 'member', path: 'network_timeout_ms', atLeast: 20_000 }],
};

/** arduino-esp32 NetworkClientSecure.h: seconds, 120 unless set. */
export const longerHandshake: FixRule = {
  text: 'Raise the timeout: client.setHandshakeTimeout(seconds), 120 unless set.',
  platforms: ['arduino-esp32'],
  repairs: [
    { kind: 'call', types: ['WiFiClientSecure', 'NetworkClientSecure'], method: 'setHandshakeTimeout', atLeast: 60 },
  ],
};

/** PubSubClient src/PubSubClient.h: seconds, MQTT_SOCKET_TIMEOUT 15 unless set. */
export const longerSocketTimeout: FixRule = {
  text: 'Raise client.setSocketTimeout(seconds), 15 unless set.',
  repairs: [{ kind: 'call', types: ['PubSubClient'], method: 'setSocketTimeout', atLeast: 30, after: 'setServer' }],
};

/** PubSubClient src/PubSubClient.h: seconds, MQTT_KEEPALIVE 15 unless set; esp-mqtt include/mqtt_client.h: 120. */
export const longerKeepAlive: FixRule = {
  text: 'Raise the keep-alive: client.setKeepAlive(seconds) of PubSubClient (15 unless set), session.keepalive of esp-mqtt.',
  repairs: [
    { kind: 'call', types: ['PubSubClient'], method: 'setKeepAlive', atLeast: 60, after: 'setServer' },
    { kind: 'member', path: 'session.keepalive', atLeast: 60 },
  ],
};

/** arduino-esp32 HTTPClient.h: milliseconds, HTTPCLIENT_DEFAULT_TCP_TIMEOUT 5000 unless set; a uint16_t. */
export const longerHttpTimeout: FixRule = {
  text: 'Raise http.setTimeout(milliseconds), 5000 unless set.',
  repairs: [{ kind: 'call', types: ['HTTPClient'], method: 'setTimeout', atLeast: 15_000, after: 'begin' }],
};
