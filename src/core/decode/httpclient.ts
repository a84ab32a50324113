// Arduino HTTPClient: negative results, as numbers and as errorToString() writes them.
import type { DecodeContext } from './context';
import { atLineStart } from './lineStart';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/httpclient.json';

const CODES: Readonly<Record<string, string>> = table.codes;

/** libraries/HTTPClient/src/HTTPClient.cpp errorToString(). */
const TEXTS: readonly (readonly [RegExp, number])[] = [
  [/connection (?:refused|failed)/i, -1],
  [/send header failed/i, -2],
  [/send payload failed/i, -3],
  [/not connected/i, -4],
  [/connection lost/i, -5],
  [/no stream/i, -6],
  [/no HTTP server/i, -7],
  [/(?:too less|not enough) ram/i, -8],
  [/Transfer-Encoding not supported/i, -9],
  [/Stream write error/i, -10],
  [/(?<!stream )read Timeout/i, -11],
];

const HTTP =
  /\bhttps?\b|HTTPClient|http\w*code|\[HTTPS?\]|\berror on (?:sending )?(?:GET|POST|PUT|PATCH|request)|\b(?:GET|POST|PUT|PATCH)\b.{0,20}\b(?:fail|error)/i;
/** A well-known tutorial prints the code by itself where HTTP lines stand before. */
const CODE_ALONE = atLineStart(String.raw`\W{0,8}Error code: (-(?:1[01]|[1-9]))\s*$`, 'i');
const NUMBER =
  /(?<![?&]\w{0,9})(?:returnError\(\): error\(|(?:error|failed|code|status|result|response|request|ret(?:urned)?|GET|POST|PUT|PATCH)(?:\.\.\.|\(\))?(?: code| on| returned| result| http)?\s*[:=(]?\s*)(?<![a-z])(-(?:1[01]|[1-9]))(?![\w%]|[.,]\d| ?(?:dBm?|°|[CFV]|m?s)\b)/i;
const PAIR = /error(?: code:)? ?\(?(-\d{1,2})\)?:? \(?(.+)$/i;
const FAILED = /(?:failed|error)\b[^:]*: (.+)$/i;
const NAME = /\bHTTPC_ERROR_[A-Z_]+\b/;

function find(line: string, context: DecodeContext): readonly Hit[] {
  const name = NAME.exec(line);
  if (name) {
    const entry = Object.entries(CODES).find(([, constant]) => constant === name[0]);
    const code = entry?.[0] ?? (name[0] === 'HTTPC_ERROR_CONNECTION_REFUSED' ? '-1' : undefined);
    return code ? [{ start: name.index, text: name[0], code, name: name[0], family: 'httpclient' }] : [];
  }
  // "Error(-11): read Timeout": number and text agree, so no word of HTTP is needed.
  const pair = PAIR.exec(line);
  if (pair?.[1] && TEXTS.some(([pattern, code]) => code === Number(pair[1]) && pattern.test(pair[2] ?? '')))
    return [hit(line.indexOf(pair[1], pair.index), pair[1], Number(pair[1]), line, context)];
  const alone = CODE_ALONE.exec(line);
  if (alone?.[1] && context.before(8).some((before) => HTTP.test(before)))
    return [hit(line.indexOf(alone[1]), alone[1], Number(alone[1]), line, context)];
  if (!HTTP.test(line)) return [];
  const number = NUMBER.exec(line);
  if (number?.[1]) {
    const start = number.index + number[0].length - number[1].length;
    return [hit(start, number[1], Number(number[1]), line, context)];
  }
  const failed = FAILED.exec(line);
  if (!failed?.[1] || !/\[HTTPS?\]|HTTPClient|\bHTTPS? (?:[Rr]equest|[Ee]rror|[Ff]ail)|\b(?:GET|POST|PUT)\b/.test(line))
    return [];
  const offset = line.length - failed[1].length;
  for (const [pattern, code] of TEXTS) {
    const match = pattern.exec(failed[1]);
    if (match) return [hit(offset + match.index, match[0], code, line, context)];
  }
  return [];
}

function hit(start: number, text: string, code: number, line: string, context: DecodeContext): Hit {
  const esp32 = context.platform.value !== 'esp8266' || /refused/i.test(line);
  const named = CODES[String(code)] ?? '';
  const refused = 'HTTPC_ERROR_CONNECTION_REFUSED'; // -1 on ESP32, and on ESP8266 before 3.0
  if (code !== -1) return { start, text, code: String(code), name: named, family: 'httpclient' };
  return {
    start,
    text,
    code: '-1',
    name: esp32 ? refused : named,
    family: 'httpclient',
    also: [esp32 ? named : refused],
  };
}

export const httpclient: Recognizer = {
  words: [
    'httpc',
    'fail',
    'error',
    'on sending',
    'code: -',
    'failed: -',
    'status: -',
    'code -',
    'code:-',
    'code=-',
    'code = -',
    'request: -',
    'result: -',
    'returned -',
    'http: -',
  ],
  find,
};
