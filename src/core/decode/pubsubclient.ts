// PubSubClient's state(), as its examples, Tasmota and many sketches print it: "failed, rc=-2".
import type { Hit, Recognizer } from './recognizer';
import table from './tables/pubsubclient.json';

const STATES: Readonly<Record<string, string>> = table.codes;

const RC = /\brc\s?[=:]?\s?(-[1-4]|[1-5])(?!\d|%|[.,]\d)/i;
const FAILED = /fail|mqtt|mqt:|broker|retry|try again|connect/i;
/** `MQTT … state: -2`, `[MQTT](KO!): -2`, `client.state() = -4`, `Estado: 5`. */
const MQTT_STATE =
  /(?:\bmqtt\b|\bbroker\b|\bpubsub\w*|\[MQTT\]|client\.state\(\)).*?(?:\bstate|\bstatus|\bestado|\berror|\bcode|\(KO!\)|\bstate\(\))\)?(?: ?code)?\s*[:=]?\s*(-[1-4]|[1-5])(?![\w%]|[.,]\d)\s*(?:$|[().,;"']|try|retry|-)/i;
/** What a well-known tutorial prints: the words before it stand on another line. */
const FAILED_WITH_STATE =
  /(?:\bfailed,? (?:with state|status code)|client\.state\(\))\s*[:=]?\s*(-[1-4]|[1-5])(?!\d|%|[.,]\d)/i;
const FAILURE = /fail|error|falh|KO!|lost|refus|unable|disconnect|not connect|try again|retry/i;

function find(line: string): readonly Hit[] {
  const rc = RC.exec(line);
  if (rc?.[1] && (FAILED.test(line) || /^\W*rc\s?[=:]/i.test(line))) {
    return [hit(rc.index, rc[0], rc[1])].filter((one) => one !== undefined);
  }
  const state = FAILED_WITH_STATE.exec(line) ?? MQTT_STATE.exec(line);
  if (!state?.[1] || !(state[1].startsWith('-') || FAILURE.test(line))) return [];
  return [hit(line.indexOf(state[1], state.index + state[0].lastIndexOf(state[1])), state[1], state[1])].filter(
    (one) => one !== undefined,
  );
}

function hit(start: number, text: string, state: string): Hit | undefined {
  const name = STATES[state];
  return name === undefined
    ? undefined
    : { start, text: text.trim(), code: `rc=${state}`, name, family: 'pubsubclient' };
}

export const pubsubclientState: Recognizer = {
  words: [
    'rc=',
    ' rc ',
    'rc:',
    'fail',
    'error',
    'falh',
    'ko!',
    'lost',
    'refus',
    'unable',
    'disconnect',
    'not connect',
    'try again',
    'retry',
    'state: -',
    'state -',
    'state=-',
    'state = -',
    'state() ',
    'state():',
    'ko!',
  ],
  find,
};
