// Every code of MQTT, HTTP and update clients in each way that firmware prints it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyRow, HEX, type Numbered, names, truth } from '../../support/everyRow';

// MQTT 5
const mqtt5: Numbered[] = Object.entries(truth('mqtt5_reason').entries)
  .map(([code, list]) => ({ code: Number(code), names: list as string[] }))
  .filter(({ code }) => code >= 0x80);
everyRow(
  'MQTT 5 reasons',
  mqtt5,
  [
    ['mosquitto, CONNACK', ({ code }) => `1698765432: Sending CONNACK to esp32-a1 (0, ${code})`],
    ['mosquitto, DISCONNECT', ({ code }) => `1698765432: Sending DISCONNECT to esp32-a1 (rc${code})`],
    ['mosquitto 2.1, DISCONNECT', ({ code }) => `1698765432: Sending DISCONNECT to esp32-a1 (${code})`],
    ['esp-mqtt', ({ code }) => `I (9) mqtt5_example: MQTT5 return code is ${code}`],
    ['a sketch', ({ code }) => `MQTT disconnected, reason code: 0x${HEX(code)}`],
    ['a sketch in decimal', ({ code }) => `MQTT disconnect reason=${code}`],
    ['the constant', ({ names: [name] }) => `E (9) mqtt5: broker refused: ${name}`],
  ],
  (row) => row.names,
);

// CONNACK
const connack: Numbered[] = Object.entries(
  truth('mqtt5_reason')._meta['mqtt311_connect_return_code'] as Record<string, string>,
)
  .map(([code, name]) => ({ code: Number(code), names: [name] }))
  .filter(({ code }) => code > 0);
everyRow(
  'CONNACK codes',
  connack,
  [
    ['esp-mqtt example', ({ code }) => `E (3) mqtt_example: Connection refused error: 0x${code}`],
    ['esp-mqtt event field', ({ code }) => `E (3) app: MQTT_ERROR_TYPE_CONNECTION_REFUSED connect_return_code=${code}`],
    ['mosquitto', ({ code }) => `1698765432: Sending CONNACK to esp32-a1 (0, ${code})`],
    ['umqtt', ({ code }) => `umqtt.simple.MQTTException: ${code}`],
    ['the constant', ({ names: [name] }) => `E (3) mqtt: refused: ${name}`],
  ],
  (row) => row.names,
);

// PubSubClient
const states: Numbered[] = Object.entries(truth('pubsubclient').entries)
  .map(([code, list]) => ({ code: Number(code), names: [list].flat().map((one: any) => one.name ?? one) }))
  .filter(({ code }) => code !== 0);
everyRow(
  'PubSubClient states',
  states,
  [
    ['its example', ({ code }) => `Attempting MQTT connection...failed, rc=${code} try again in 5 seconds`],
    ['the second half of its line', ({ code }) => `failed, rc=${code} try again in 5 seconds`],
    ['Tasmota', ({ code }) => `00:01:12.345 MQT: Connect failed to broker.local:8883, rc ${code}. Retry in 10 sec`],
    [
      'Tasmota with a name',
      ({ code }) => `00:01:12 MQT: CONNECT FAILED mqtt.example.com:1883, rc ${code}. Retry in 120 sec`,
    ],
    ['a tutorial', ({ code }) => `MQTT connect failed with state ${code}`],
    ['a tutorial with a space', ({ code }) => `failed with state  ${code}`],
    ['a sketch', ({ code }) => `MQTT connection failed, state: ${code}`],
    ['a sketch with brackets', ({ code }) => `[MQTT] failed (rc=${code}), retrying`],
    ['a Portuguese sketch', ({ code }) => `Falha ao conectar no broker MQTT. Estado: ${code}`],
    ['a German sketch', ({ code }) => `MQTT Verbindung fehlgeschlagen, Status: ${code}`],
    ['a Spanish sketch', ({ code }) => `Error al conectar MQTT, rc=${code} Intentando de nuevo en 5 segundos`],
    ['a sketch that could not', ({ code }) => `MQTT: could not connect, state ${code}`],
    ['a call by name', ({ code }) => `MQTT lost: client.state() returned: ${code}`],
    ['a switch', ({ code, names: [name] }) => (code === -1 ? 'MQTT failed, rc=-1' : `MQTT connect failed: ${name}`)],
    ['a French sketch', ({ code }) => `echec connexion MQTT, rc=${code} nouvelle tentative dans 5 secondes`],
  ],
  (row) => row.names,
);

// HTTPClient
const http: Numbered[] = Object.entries(truth('httpclient').entries).map(([code, names]) => ({
  code: Number(code),
  names,
}));
const httpText: Record<number, string> = {
  [-1]: 'connection refused',
  [-2]: 'send header failed',
  [-3]: 'send payload failed',
  [-4]: 'not connected',
  [-5]: 'connection lost',
  [-6]: 'no stream',
  [-7]: 'no HTTP server',
  [-8]: 'too less ram',
  [-9]: 'Transfer-Encoding not supported',
  [-10]: 'Stream write error',
  [-11]: 'read Timeout',
};
everyRow(
  'HTTPClient results',
  http,
  [
    ['returnError', ({ code }) => `[ 71930][W][HTTPClient.cpp:1483] returnError(): error(${code}): ${httpText[code]}`],
    ['the BasicHttpClient example', ({ code }) => `[HTTP] GET... failed, error: ${httpText[code]}`],
    ['the POST example', ({ code }) => `[HTTP] POST... failed, error: ${httpText[code]}`],
    ['the HTTPS example', ({ code }) => `[HTTPS] GET... failed, error: ${httpText[code]}`],
    ['a sketch', ({ code }) => `HTTP Response code: ${code}`],
    ['a sketch with error', ({ code }) => `Error on sending POST: ${code}`],
    ['a sketch with httpCode', ({ code }) => `HTTP GET failed, httpCode = ${code}`],
    ['a sketch, error code', ({ code }) => `HTTP request failed, error code: ${code}`],
    ['the ESP8266 core', ({ code }) => `[HTTP-Client][returnError] error(${code}): ${httpText[code]}`],
  ],
  ({ names: list, code }) => (code === -1 ? [...list, 'HTTPC_ERROR_CONNECTION_REFUSED'] : list),
);

// espMqttClient, AsyncMqttClient, ESPHome: another numbering of the same reasons
for (const [index, [name, words]] of (
  [
    ['TCP_DISCONNECTED', 'TCP disconnected'],
    ['MQTT_UNACCEPTABLE_PROTOCOL_VERSION', 'Unacceptable Protocol Version'],
    ['MQTT_IDENTIFIER_REJECTED', 'Identifier Rejected'],
    ['MQTT_SERVER_UNAVAILABLE', 'Server Unavailable'],
    ['MQTT_MALFORMED_CREDENTIALS', 'Malformed Credentials'],
    ['MQTT_NOT_AUTHORIZED', 'Not Authorized'],
    ['ESP8266_NOT_ENOUGH_SPACE', 'Not Enough Space'],
    ['TLS_BAD_FINGERPRINT', 'TLS Bad Fingerprint'],
  ] as const
).entries()) {
  test(`AsyncMqttClientDisconnectReason ${name}`, () => {
    for (const line of [
      `Disconnected from MQTT. Reason: ${index}`,
      `Disconnected from MQTT, reason=${index}`,
      `Disconnected from MQTT, reason: ${name}`,
      `Disconnected from MQTT. Reason: AsyncMqttClientDisconnectReason::${name}`,
      `[12:00:00][W][mqtt_client:123]: MQTT Disconnected: ${words}.`,
      `[W][mqtt:167]: MQTT Disconnected: ${words}`,
      ...(/^MQTT/.test(name) ? [`mqtt error ${name}`] : []),
    ])
      assert.ok(names(line).includes(name), line);
  });
}

// libraries/Update/src/Updater.cpp: what _err2str gives, as printError and sketches print it
for (const [name, text] of [
  ['UPDATE_ERROR_WRITE', 'Flash Write Failed'],
  ['UPDATE_ERROR_ERASE', 'Flash Erase Failed'],
  ['UPDATE_ERROR_READ', 'Flash Read Failed'],
  ['UPDATE_ERROR_SPACE', 'Not Enough Space'],
  ['UPDATE_ERROR_SIZE', 'Bad Size Given'],
  ['UPDATE_ERROR_STREAM', 'Stream Read Timeout'],
  ['UPDATE_ERROR_MD5', 'MD5 Check Failed'],
  ['UPDATE_ERROR_MAGIC_BYTE', 'Wrong Magic Byte'],
  ['UPDATE_ERROR_ACTIVATE', 'Could Not Activate The Firmware'],
  ['UPDATE_ERROR_NO_PARTITION', 'Partition Could Not be Found'],
  ['UPDATE_ERROR_BAD_ARGUMENT', 'Bad Argument'],
  ['UPDATE_ERROR_ABORT', 'Aborted'],
  ['UPDATE_ERROR_DECRYPT', 'Decryption error'],
] as const) {
  test(name, () => {
    for (const line of [
      `ERROR[9]: ${text}`,
      `Update error: ${text}`,
      `[E] OTA failed: Update error: ${text}`,
      `Update.errorString(): ${text}`,
      `OTA update error: ${text}`,
    ])
      assert.deepEqual(names(line), [name], line);
  });
}
