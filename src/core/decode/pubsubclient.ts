// PubSubClient's state(), as its examples, Tasmota and sketches in many languages print it: "failed, rc=-2".
import type { Hit, Recognizer } from './recognizer';
import table from './tables/pubsubclient.json';

const STATES: Readonly<Record<string, string>> = table.codes;

/** Whole numbers only: no percentage, no fraction, no longer number. */
const STATE = String.raw`(-[1-4]|[1-5])(?![\w%]|[.,]\d)`;
const RC = /\brc\s?[=:]?\s?(-[1-4]|[1-5])(?!\d|%|[.,]\d)/i;
const RC_ALONE = /^\W*rc\s?[=:]\s?-?\d\W*$/i;
/** Their functions return an `rc` too. */
const OTHER_STACK = /\bble\b|\b(?:ble|gatt|gap|hci|l2cap|lmic|zb)_|nimble|bluetooth|\bgatt|lorawan|modbus|zigbee/i;
/** `failed`, `Falha`, `fehlgeschlagen`, `échec`, `falló`, `fallita`, `mislukt`, `не удалось`, `失败` … */
const FAILURE =
  /fail|error|fehl|erreur|[eé]chec|échoué|falh|fall[oóií]|mislukt|fout\b|misslyck|feil\b|błąd|niepowod|başarısız|hata\b|ошибк|не удал|失败|错误|連線失敗|KO!|lost|refus|unable|could ?n[o'’]t|cannot|disconnect|not connect|try again|retry|retrying/i;
const MQTT = /\bmqtt\b|\bmqt:|\bbroker\b|pubsub|client\.state\(\)/i;
/** What stands in front of the number where it is named: `state: `, `Estado: `, `Fehlercode = `, `code erreur= `. */
const NAMED = new RegExp(
  String.raw`(?:\b(?:state|status|estado|stato|[eé]tat|zustand|toestand|stan|code|c[oó]digo|codice|fehlercode|foutcode|kod|reason|error|erro|erreur|fehler|err|ошибка|код)|状态|错误码|错误|\(KO!\)|state\(\))\)?(?: ?(?:code|erreur|is|was|returned))?\s*[:=：]?\s*\(?${STATE}`,
  'i',
);
/** `MQTT connection failed (-2)`, `MQTT error: -4`: without a name only a negative number, beside a word of failure. */
const BARE = /[=:(：]\s*(-[1-4])(?![\w%]|[.,]\d)\s*(?:$|[().,;"'!]|try|retry|-)/i;
/** `Error MQTT: 5` */
const ERROR_MQTT =
  /\b(?:error|erro|fallo|fehler|erreur|errore|hata)(?: de| di| do| du)? mqtt\s*[:=]\s*(-[1-4]|[1-5])\s*$/i;
/** What a well-known tutorial prints: the words before it stand on another line. */
const FAILED_WITH_STATE =
  /(?:\bfailed,? (?:with state|status code)|client\.state\(\))\s*[:=]?\s*(-[1-4]|[1-5])(?!\d|%|[.,]\d)/i;
/** Other numbers of an MQTT line: sizes, times, attempts. */
const OTHER_NUMBER = /\b(?:qos|msg_id|len(?:gth)?|attempts?|retries|tries|heap|rssi)\b\W*$/i;

/** Sketches print the constant, from a switch; MQTT_DISCONNECTED is also the name of harmless states. */
const NAME =
  /\bMQTT_(?:CONNECTION_(?:TIMEOUT|LOST)|CONNECT_(?:FAILED|BAD_PROTOCOL|BAD_CLIENT_ID|UNAVAILABLE|BAD_CREDENTIALS|UNAUTHORIZED))\b/;
const CODES: ReadonlyMap<string, string> = new Map(Object.entries(STATES).map(([code, name]) => [name, code]));

function find(line: string): readonly Hit[] {
  const name = NAME.exec(line)?.[0];
  const state = name && CODES.get(name);
  if (name && state)
    return [{ start: line.indexOf(name), text: name, code: `rc=${state}`, name, family: 'pubsubclient' }];
  return findState(line);
}

function findState(line: string): readonly Hit[] {
  const mqtt = MQTT.test(line);
  const rc = RC.exec(line);
  if (
    rc?.[1] &&
    (mqtt || (!OTHER_STACK.test(line) && (FAILURE.test(line) || /connect/i.test(line) || RC_ALONE.test(line))))
  )
    return hit(rc.index, rc[0], rc[1]);
  const state =
    FAILED_WITH_STATE.exec(line) ?? (mqtt ? (ERROR_MQTT.exec(line) ?? NAMED.exec(line) ?? BARE.exec(line)) : null);
  const value = state?.[1];
  if (!state || value === undefined || OTHER_NUMBER.test(line.slice(0, state.index))) return [];
  // A negative state is no good one, if it is a state at all.
  if (!(value.startsWith('-') && NAMED.test(line)) && !FAILURE.test(line)) return [];
  return hit(state.index + state[0].lastIndexOf(value), value, value);
}

function hit(start: number, text: string, state: string): readonly Hit[] {
  const name = STATES[state];
  return name === undefined ? [] : [{ start, text: text.trim(), code: `rc=${state}`, name, family: 'pubsubclient' }];
}

export const pubsubclientState: Recognizer = {
  words: [
    'rc=',
    ' rc ',
    'rc:',
    'mqtt',
    'mqt:',
    'broker',
    'pubsub',
    'failed with',
    'failed, st',
    'state() ',
    'state():',
    'ko!',
  ],
  find,
};
