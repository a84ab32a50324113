// Every code of the system (esp_err_t, esp-tls, Wi-Fi, errno, DNS, exceptions, resets) in each way that firmware prints it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyRow, HEX, hex, type Numbered, names, type Style, truth } from '../../support/everyRow';

// esp_err_t
const espErr: Numbered[] = Object.values(truth('esp_err').entries)
  .flat()
  .map((entry: any) => ({ code: entry.decimal, names: [entry.name] }))
  .filter(({ code, names: [name] }) => code > 0 && !name?.startsWith('ESP_OK'));
everyRow(
  'esp_err_t',
  espErr,
  [
    [
      'ESP_ERROR_CHECK',
      ({ code, names: [name] }) => `ESP_ERROR_CHECK failed: esp_err_t 0x${hex(code)} (${name}) at 0x400d1fdf`,
    ],
    [
      'ESP_ERROR_CHECK without names',
      ({ code }) => `ESP_ERROR_CHECK failed: esp_err_t 0x${hex(code)} (ERROR) at 0x400d1fdf`,
    ],
    ['esp_err_to_name', ({ names: [name] }) => `E (312) app: initialisation failed: ${name}`],
    ['ESPHome', ({ names: [name] }) => `[E][esp32:012]: setup failed: ${name}`],
    ['a call', ({ code }) => `E (312) app: esp_wifi_connect failed: 0x${hex(code)}`],
    ['a call with a code', ({ code }) => `E (312) app: init failed with error code 0x${HEX(code)}`],
    ['err =', ({ code }) => `E (312) app: err = 0x${hex(code)}`],
    ['error:', ({ code }) => `esp_now_send error: ${code}`],
    ['Error (…)', ({ code }) => `Error (0x${hex(code)}) opening NVS handle!`],
    ['error 0x… and a name', ({ code, names: [name] }) => `E (1) x: failed, error 0x${hex(code)} (${name})`],
    [
      'failed with 0x…',
      ({ code }) => `[E][esp32-hal-i2c.c:113] i2cInit(): i2c_param_config failed with 0x${hex(code)}`,
    ],
    ['ret:', ({ code }) => `E (1) app: esp_task failed, ret: 0x${hex(code)}`],
    ['wifi driver', ({ code }) => `E (1) phy_init: failed to load RF calibration data (0x${hex(code)}), falling back`],
    ['decimal with words', ({ code }) => `E (1) app: failed, error code: ${code}`],
  ],
  (row) => row.names,
);

// esp-tls, each ESP-IDF
const byVersion = Object.entries(truth('esp_tls_by_idf_version').entries).flatMap(([code, versions]) =>
  Object.entries(versions as Record<string, string | null>)
    .filter(([, name]) => name)
    .map(([version, name]) => ({ code: Number(code), idf: version.slice(1), names: [name as string] })),
);
everyRow(
  'esp-tls by ESP-IDF version',
  byVersion,
  [
    ['esp-mqtt', ({ code }) => `E (5021) mqtt_example: Last error code reported from esp-tls: 0x${hex(code)}`],
    ['the console', ({ code }) => `E (5021) app: Last esp error code: 0x${hex(code)}`],
    ['esp_tls_last_esp_err', ({ code }) => `MQTT_EVENT_ERROR esp_tls_last_esp_err = ${code}`],
    ['esp_http_client', ({ code }) => `E (5021) HTTP_CLIENT: connection failed, error: 0x${hex(code)}`],
  ],
  (row) => row.names,
  ({ idf }) => ({ idf }),
);

// Wi-Fi
const wifi: Numbered[] = Object.entries(truth('wifi_reason').entries).map(([code, by]) => ({
  code: Number(code),
  names: Object.values(by as Record<string, { name: string }[] | null>).flatMap((list) =>
    (list ?? []).map(({ name }) => name),
  ),
}));
const short = ({ names: [name = ''] }: Numbered) => name.replace(/^WIFI_(?:DISCONNECT_)?REASON_/, '');
everyRow(
  'Wi-Fi reasons',
  wifi,
  [
    ['Arduino 2', (row) => `[ 5123][W][WiFiGeneric.cpp:1062] _eventCallback(): Reason: ${row.code} - ${short(row)}`],
    ['Arduino 3', (row) => `[ 5123][W][STA.cpp:137] _onStaArduinoEvent(): Reason: ${row.code} - ${short(row)}`],
    ['the WiFiClientEvents example', ({ code }) => `WiFi lost connection. Reason: ${code}`],
    ['a sketch', ({ code }) => `WiFi disconnected, reason: ${code}`],
    ['a sketch with a station', ({ code }) => `Station disconnected, reason=${code}`],
    ['the driver in hex', ({ code }) => `I (7345) wifi:state: run -> init (${hex(code << 8)})`],
    ['the driver with 0x', ({ code }) => `I (7345) wifi:state: run -> init (0x${hex(code << 8)})`],
    ['an IDF application', ({ code }) => `I (7345) wifi station: disconnect reason: ${code}`],
    ['an IDF event', ({ code }) => `W (7345) wifi: WIFI_EVENT_STA_DISCONNECTED, reason:${code}`],
    ['the constant', ({ names: [name] }) => `W (7345) app: disconnected: ${name}`],
    ['ESP8266 sketches', ({ code }) => `Disconnected from SSID: home, Reason: ${code}`],
    [
      'ESPHome of the ESP8266',
      ({ code }) => `[W][wifi_esp8266:484]: Event: Disconnected ssid='home' bssid=AA:BB:CC:DD:EE:FF reason=${code}`,
    ],
    ['wifi with rssi', ({ code }) => `I (7345) wifi_manager: STA disconnected ssid:home reason:${code} rssi:-71`],
  ],
  (row) => row.names,
);

// errno
const errnoRows = (library: 'newlib' | 'lwip'): Numbered[] =>
  Object.entries(truth('lwip_errno').entries)
    .map(([code, by]) => ({ code: Number(code), names: (by[library] ?? []).map(({ name }: { name: string }) => name) }))
    .filter(({ code, names }) => code > 0 && names.length > 0);
const errnoStyles: readonly Style<Numbered>[] = [
  ['WiFiClient', ({ code }) => `[E][WiFiClient.cpp:258] connect(): socket error on fd 54, errno: ${code}, "any text"`],
  ['WiFiClient, fail', ({ code }) => `[E][WiFiClient.cpp:429] write(): fail on fd 48, errno: ${code}, "any text"`],
  ['NetworkUdp', ({ code }) => `[E][NetworkUdp.cpp:206] endPacket(): could not send data: ${code}`],
  ['transport_base', ({ code }) => `E (9) transport_base: poll_read select error ${code}, errno = any text, fd=54`],
  ['esp-mqtt', ({ code }) => `E (9) mqtt_client: esp_mqtt_client: transport_read() error: errno=${code}`],
  ['the event of esp-mqtt', ({ code }) => `I (9) mqtt: Last captured errno : ${code} (any text)`],
  ['a field of esp-mqtt', ({ code }) => `MQTT_EVENT_ERROR: esp_transport_sock_errno=${code}`],
  ['esp-tls', ({ code }) => `E (9) esp-tls: [sock=54] delayed connect error: errno ${code}`],
  ['the socket examples', ({ code }) => `E (9) example: Socket unable to connect: errno ${code}`],
  ['the socket examples, send', ({ code }) => `E (9) example: Error occurred during sending: errno ${code}`],
  ['an HTTP server', ({ code }) => `W (9) httpd_txrx: httpd_sock_err: error in send : ${code}`],
  ['MicroPython', ({ code }) => `OSError: [Errno ${code}] any text`],
  ['MicroPython without words', ({ code }) => `OSError: ${code}`],
];
everyRow(
  'errno of newlib',
  errnoRows('newlib'),
  errnoStyles,
  (row) => row.names,
  () => ({ platform: 'esp-idf' }),
);
everyRow(
  'errno of lwIP',
  errnoRows('lwip'),
  [['a sketch', ({ code }) => `connect failed, errno: ${code}`]],
  (row) => row.names,
  () => ({ platform: 'esp8266' }),
);

// getaddrinfo
const eai: Numbered[] = Object.entries(truth('lwip_errno')._meta['getaddrinfo'] as Record<string, string>).map(
  ([code, name]) => ({ code: Number(code), names: [name] }),
);
everyRow(
  'getaddrinfo',
  eai,
  [
    [
      'esp-tls',
      ({ code }) =>
        `E (9) esp-tls: couldn't get hostname for :mqtt.example.com: getaddrinfo() returns ${code}, addrinfo=0x0`,
    ],
    ['the HTTP example', ({ code }) => `E (9) example: DNS lookup failed err=${code} res=0x0`],
    ['lwIP on Arduino', ({ code }) => `E (9) app: getaddrinfo failed: ${code}`],
    ['MicroPython', ({ code }) => `OSError: -${code}`],
    ['the constant', ({ names: [name] }) => `getaddrinfo failed: ${name}`],
  ],
  (row) => row.names,
);

// Exceptions of the ESP8266
const exceptions: Numbered[] = Object.entries(truth('esp8266_exceptions').entries).map(([code, entry]: any) => ({
  code: Number(code),
  names: [entry.name ?? entry].flat().map((one: any) => one.name ?? one),
}));
everyRow(
  'ESP8266 exceptions',
  exceptions,
  [
    ['the core', ({ code }) => `Exception (${code}):`],
    ['the boot message', ({ code, names: [name] }) => `Fatal exception ${code}(${name}):`],
    ['getResetInfo', ({ code }) => `Fatal exception:${code} flag:2 (EXCEPTION) epc1:0x40202a1b epc2:0x00000000`],
    ['Tasmota', ({ code }) => `{"CrashDump":{"Exception":${code},"Reason":"Exception","EPC":["40202a1b","00000000"]}}`],
  ],
  (row) => row.names,
);

// Causes of a Guru Meditation: esp-idf components/esp_system/port/arch/{xtensa,riscv}/panic_arch.c
for (const [cause, name] of [
  ...[
    'IllegalInstruction',
    'Syscall',
    'InstructionFetchError',
    'LoadStoreError',
    'Level1Interrupt',
    'Alloca',
    'IntegerDivideByZero',
    'PCValue',
    'Privileged',
    'LoadStoreAlignment',
    'InstrFetchProhibited',
    'LoadProhibited',
    'StoreProhibited',
    'Cp0Dis',
    'Cp7Dis',
  ].map((one) => [one, one] as const),
  ['Illegal instruction', 'IllegalInstruction'],
  ['Instruction access fault', 'InstructionAccessFault'],
  ['Load access fault', 'LoadAccessFault'],
  ['Store access fault', 'StoreAccessFault'],
  ['Breakpoint', 'Breakpoint'],
  ['Interrupt wdt timeout on CPU0', 'InterruptWatchdog'],
  ['Interrupt wdt timeout on CPU1', 'InterruptWatchdog'],
  ['Unhandled debug exception', 'UnhandledDebugException'],
  ['Cache disabled but cached memory region accessed', 'CacheError'],
  ['Cache error', 'CacheError'],
  ['Stack protection fault', 'StackProtectionFault'],
  ['Double exception', 'DoubleException'],
] as const) {
  test(`Guru Meditation (${cause})`, () => {
    for (const line of [
      `Guru Meditation Error: Core  0 panic'ed (${cause}). Exception was unhandled.`,
      `Guru Meditation Error: Core  1 panic'ed (${cause}). `,
      `[12:01:33]Guru Meditation Error: Core  0 panic'ed (${cause}).`,
    ])
      assert.deepEqual(names(line), [name], line);
  });
}

// Reset reasons of each chip: watchdogs, brownouts and glitches are told, the others are not
for (const [chip, reasons] of Object.entries(truth('rom_reset_reason').entries)) {
  test(`resets of the ${chip}`, () => {
    const banner = chip === 'esp32' ? 'ets Jul 29 2019 12:21:46' : `ESP-ROM:${chip}-20200918`;
    for (const [code, { name }] of Object.entries(reasons as Record<string, { name: string }>)) {
      const bad = /WDT|BROWN|GLITCH|INTRUSION|EFUSE|CRC|LOCKUP/.test(name);
      for (const printed of [name, name.replace('_RESET', '_RST'), undefined]) {
        const line = `rst:0x${hex(Number(code))}${printed ? ` (${printed})` : ''},boot:0x13 (SPI_FAST_FLASH_BOOT)`;
        assert.deepEqual(names(line, {}, [banner]), bad ? [name] : [], line);
      }
    }
  });
}
