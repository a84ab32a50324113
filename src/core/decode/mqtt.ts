// MQTT refusals: esp-mqtt's sentences, CONNACK codes of brokers and clients, MQTT 5 reason codes, ArduinoMqttClient.
import type { DecodeContext } from './context';
import { findPhrases, type Phrase } from './phrases';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/mqtt.json';
import pubsubclient from './tables/pubsubclient.json';

const CONNACK: Readonly<Record<string, string>> = table.connack;
const MQTT5: Readonly<Record<string, readonly string[]>> = table.mqtt5;
const PUBSUBCLIENT: Readonly<Record<string, string>> = pubsubclient.codes;

const refused = (code: number) => CONNACK[String(code)];
const byNumber = (match: RegExpExecArray) => (Number(match[1]) === 0 ? undefined : refused(Number(match[1])));
const number = (match: RegExpExecArray) => String(Number(match[1]));

/** arduino-libraries/ArduinoMqttClient src/MqttClient.h */
const ARDUINO_MQTT: Readonly<Record<string, string>> = {
  '-2': 'MQTT_CONNECTION_REFUSED',
  '-1': 'MQTT_CONNECTION_TIMEOUT',
  '1': 'MQTT_UNACCEPTABLE_PROTOCOL_VERSION',
  '2': 'MQTT_IDENTIFIER_REJECTED',
  '3': 'MQTT_SERVER_UNAVAILABLE',
  '4': 'MQTT_BAD_USER_NAME_OR_PASSWORD',
  '5': 'MQTT_NOT_AUTHORIZED',
};

/** AsyncMqttClientDisconnectReason (async-mqtt-client src/AsyncMqttClient/DisconnectReasons.hpp), as ESPHome has it too. */
const ASYNC: readonly (readonly [name: string, esphome: string, also?: string])[] = [
  ['TCP_DISCONNECTED', 'TCP disconnected'],
  ['MQTT_UNACCEPTABLE_PROTOCOL_VERSION', 'Unacceptable Protocol Version', 'MQTT_CONNECTION_REFUSE_PROTOCOL'],
  ['MQTT_IDENTIFIER_REJECTED', 'Identifier Rejected', 'MQTT_CONNECTION_REFUSE_ID_REJECTED'],
  ['MQTT_SERVER_UNAVAILABLE', 'Server Unavailable', 'MQTT_CONNECTION_REFUSE_SERVER_UNAVAILABLE'],
  ['MQTT_MALFORMED_CREDENTIALS', 'Malformed Credentials', 'MQTT_CONNECTION_REFUSE_BAD_USERNAME'],
  ['MQTT_NOT_AUTHORIZED', 'Not Authorized', 'MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED'],
  ['ESP8266_NOT_ENOUGH_SPACE', 'Not Enough Space'],
  ['TLS_BAD_FINGERPRINT', 'TLS Bad Fingerprint'],
];
/** ESPHome "[mqtt:367]: MQTT Disconnected: Not Authorized.", Espurna "[MQTT] TCP Disconnected", espMqttClient's texts. */
const ASYNC_WORDS = new RegExp(
  `\\bmqtt\\b.*?(?:[\\]:(] ?|\\breason\\W+|\\bdisconnected\\W+)(${ASYNC.map(([, words]) => words).join('|')}|Bad Fingerprint)\\W*$`,
  'i',
);
/** Sketches print the number or the constant as a reason. */
const ASYNC_NUMBER = /\bdisconnected from (?:the )?(?:mqtt|broker)\b[^\d]*\breason(?: code)?\s*[:=]?\s*(\d)(?![\w.])/i;
/** espMqttClient's examples: another numbering (src/TypeDefs.h). */
const ESP_MQTT_CLIENT_NUMBER = /\bDisconnected from MQTT: ([1-7])\.?\s*$/;
const ASYNC_NAME =
  /(?:\b[Rr]eason\W{1,4}(?:AsyncMqttClientDisconnectReason::)?|\b(?=MQTT_(?:UNACCEPTABLE|IDENTIFIER_R|SERVER_U|MALFORMED|NOT_AUTH)|TLS_BAD_))([A-Z][A-Z0-9]*_[A-Z0-9_]+)/;

function findAsync(line: string, context: DecodeContext): readonly Hit[] {
  const match =
    ASYNC_WORDS.exec(line) ?? ASYNC_NUMBER.exec(line) ?? ASYNC_NAME.exec(line) ?? ESP_MQTT_CLIENT_NUMBER.exec(line);
  const text = match?.[1];
  if (!match || text === undefined) return [];
  const number = ESP_MQTT_CLIENT_NUMBER.test(line) ? ({ 6: '7', 7: '0' }[text] ?? text) : text;
  const wanted = number.toLowerCase().replace(/^bad f/, 'tls bad f');
  const code = ASYNC.findIndex(([name, words], index) =>
    [name.toLowerCase(), words.toLowerCase(), String(index)].includes(wanted),
  );
  const [name, , also] = ASYNC[code] ?? [];
  // A lost connection is the end of what the lines above tell.
  if (!name || (code === 0 && context.recentHits(4).length > 0)) return [];
  const start = match.index + match[0].lastIndexOf(text);
  return [{ start, text, code: String(code), name, family: 'mqtt', also: also ? [also] : [] }];
}

/** mosquitto src/loop.c do_disconnect(), with the numbers of mosquitto.h. */
const REFUSED_BY_MOSQUITTO: readonly (readonly [words: string, name: string, code: string, mqtt5?: string])[] = [
  ['malformed packet', 'MOSQ_ERR_MALFORMED_PACKET', '21', 'MQTT5_MALFORMED_PACKET'],
  ['oversize packet', 'MOSQ_ERR_OVERSIZE_PACKET', '25', 'MQTT5_PACKET_TOO_LARGE'],
  ['oversize payload', 'MOSQ_ERR_PAYLOAD_SIZE', '9'],
  ['out of memory', 'MOSQ_ERR_NOMEM', '1'],
  ['administrative action', 'MOSQ_ERR_ADMINISTRATIVE_ACTION', '30', 'MQTT5_ADMINISTRATIVE_ACTION'],
];

const PHRASES: readonly Phrase[] = [
  // esp-mqtt mqtt_client.c and esp32-mqtt: "Connection refused, not authorized"; mosquitto's clients write it as the standard does
  {
    pattern: /(Connection refused[,:]? ?[-–]? ?not authori[sz]ed)/i,
    name: 'MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED',
    code: '5',
  },
  {
    pattern: /(Connection refused[,:]? ?[-–]? ?bad user ?name(?: or password)?)/i,
    name: 'MQTT_CONNECTION_REFUSE_BAD_USERNAME',
    code: '4',
  },
  {
    pattern: /(Connection refused[,:]? ?[-–]? ?(?:server|broker) unavailable)/i,
    name: 'MQTT_CONNECTION_REFUSE_SERVER_UNAVAILABLE',
    code: '3',
  },
  {
    pattern: /(Connection refused[,:]? ?[-–]? ?(?:identifier|id|client id|bad client id)(?: rejected)?)\b/i,
    name: 'MQTT_CONNECTION_REFUSE_ID_REJECTED',
    code: '2',
  },
  {
    pattern:
      /(Connection refused[,:]? ?[-–]? ?(?:bad protocol|unacceptable protocol version|incorrect protocol version))/i,
    name: 'MQTT_CONNECTION_REFUSE_PROTOCOL',
    code: '1',
  },
  { pattern: /Connection refused? error: ?(0x0?[1-5])\b/i, name: byNumber, code: number },
  { pattern: /Connection refused?,? (?:reason|return) code ?: ?(\d)\b/i, name: byNumber, code: number },
  { pattern: /\bconnect_return_code\s*[=:]\s*((?:0x)?0*[1-5])\b/i, name: byNumber, code: number },
  {
    pattern: /MQTT connection failed! Error code ?= ?(-?\d)(?!\d)/,
    name: (match) => ARDUINO_MQTT[match[1] ?? ''],
    code: (match) => match[1] ?? '',
  },
  { pattern: /\bMQTTException: ([1-5])\b/, name: byNumber, code: number }, // MicroPython umqtt
  {
    pattern: /(disconnected[,:] not authori[sz]ed)(?<=\b[Cc]lient (\S+) (?:\[\S+\] )?\1)/,
    name: 'MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED',
    code: '5',
    quietFor: 3,
    echoes: ['mqtt', 'mqtt5'],
    aboutOne: true,
  },
  { pattern: /(Not authorized to connect)/, name: 'MQTT_CONNECTION_REFUSE_NOT_AUTHORIZED', code: '5' }, // Adafruit MQTT
  { pattern: /(user name or password is malformed)/, name: 'MQTT_CONNECTION_REFUSE_BAD_USERNAME', code: '4' },
  { pattern: /(MQTT service is unavailable)/, name: 'MQTT_CONNECTION_REFUSE_SERVER_UNAVAILABLE', code: '3' },
  {
    // mosquitto: "has exceeded timeout, disconnecting" before 2.1, then "disconnected: exceeded timeout"
    pattern: /\bClient \S* (?:\[\S+\] )?(has exceeded timeout|disconnected: exceeded timeout)/,
    name: 'MOSQ_ERR_KEEPALIVE',
    code: '19',
    also: ['MQTT5_KEEP_ALIVE_TIMEOUT'],
  },
  {
    pattern: /\bClient \S* (?:\[\S+\] )?(disconnected(?::| due to) protocol error)/i, // mosquitto
    name: 'MOSQ_ERR_PROTOCOL',
    code: '2',
  },
  ...REFUSED_BY_MOSQUITTO.map(([words, name, code, mqtt5]) => ({
    pattern: new RegExp(`\\bClient \\S* (?:\\[\\S+\\] )?((?:been )?disconnected(?::| due to| by) ${words})`, 'i'),
    name,
    code,
    also: mqtt5 ? [mqtt5] : [],
  })),
  { pattern: /(Error transport connect)/, name: 'MQTT_TRANSPORT_CONNECT', quietFor: 8 },
  {
    pattern: /\b(MQTT_CONNECTION_REFUSE_[A-Z_]+)\b/,
    name: (match) => Object.values(CONNACK).find((name) => name === match[1]),
  },
];

/** mosquitto: "Sending CONNACK to CLIENT (FLAGS, CODE)"; codes from 128 on are MQTT 5. */
const SENT_CONNACK = /(?:Sending CONNACK to|Received CONNACK|received CONNACK).*?(\((?:\d+, ?)?(\d+)\))/;

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits = [...findPhrases(PHRASES, 'mqtt', line, context), ...findAsync(line, context)];
  const connack = SENT_CONNACK.exec(line);
  const code = connack?.[2];
  const esp = code === undefined ? undefined : refused(Number(code));
  if (connack?.[1] && code && code !== '0' && esp) {
    const name = PUBSUBCLIENT[code] ?? esp;
    hits.push({ start: line.indexOf(connack[1]), text: connack[1], code, name, family: 'mqtt', also: [esp] });
  }
  return hits;
}

export const mqtt: Recognizer = {
  words: [
    'tcp discon',
    'disconnected from mqtt',
    'rejected',
    'unavailable',
    'malformed',
    'fingerprin',
    'connection refuse',
    'connect_return_code',
    'connack',
    'mqtt connection failed',
    'transport connect',
    'mqtt_connection',
    'mqttexception',
    'not authori',
    'disconnected: ',
    'reason',
    'protocol error',
    'exceeded t',
    'not author',
    'not_auth',
    'unacceptab',
    'is malform',
    'is unavail',
  ],
  find,
};

const REASON =
  /(?:reason(?:[ _-]?code)?(?: is| was)?|return_code|return code(?: is)?|disconnect_return_code|CONNACK[^()]*\((?:\d+, ?)?|DISCONNECT (?:from|to)[^()]*\((?:rc ?)?|refused error:)\s*[:=(]?\s*((?:0x[89a][0-9a-f]|1[2-5]\d|16[0-2]))\b/gi;
const MQTT5_NAME = /\bMQTT5_[A-Z_]+\b/g;

/** mosquitto's sentences for what MQTT 5 has a number for. */
const TAKEN_OVER =
  /\bClient \S* (?:\[\S+\] )?(already connected, closing old connection|disconnected: session taken over)/i;

function findMqtt5(line: string): readonly Hit[] {
  const taken = TAKEN_OVER.exec(line);
  if (taken?.[1])
    return [
      {
        start: line.indexOf(taken[1], taken.index),
        text: taken[1],
        code: '0x8E',
        name: 'MQTT5_SESSION_TAKEN_OVER',
        family: 'mqtt5',
      },
    ];
  if (!/mqtt|CONNACK|DISCONNECT/i.test(line)) return [];
  const hits: Hit[] = [];
  for (const match of line.matchAll(REASON)) {
    const text = match[1] ?? '';
    const value = Number(text);
    const [name, ...also] = MQTT5[String(value)] ?? [];
    if (value < 0x80 || !name) continue;
    const start = match.index + match[0].length - text.length;
    hits.push({ start, text, code: `0x${value.toString(16).toUpperCase()}`, name, family: 'mqtt5', also });
  }
  for (const match of line.matchAll(MQTT5_NAME)) {
    const [value] =
      Object.entries(MQTT5).find(([code, names]) => Number(code) >= 0x80 && names.includes(match[0])) ?? [];
    if (!value) continue;
    const code = `0x${Number(value).toString(16).toUpperCase()}`;
    hits.push({ start: match.index, text: match[0], code, name: match[0], family: 'mqtt5' });
  }
  return hits;
}

export const mqtt5: Recognizer = {
  words: ['reason', 'return_code', 'return code', 'connack', 'disconnect', 'refused error', 'mqtt5_', 'already co'],
  find: findMqtt5,
};
