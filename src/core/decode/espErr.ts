// esp_err_t: by name, in hex, in decimal, and the esp-tls numbers that moved with ESP-IDF 4.4.
import type { DecodeContext } from './context';
import { ERROR_BEFORE, PLACE_BEFORE } from './errorWords';
import type { Hit, Recognizer } from './recognizer';
import generic from './tables/espErr.json';
import espTls from './tables/espTls.json';

const NAMES: Readonly<Record<string, string>> = generic.codes;
const CODES: ReadonlyMap<string, number> = new Map(Object.entries(NAMES).map(([code, name]) => [name, Number(code)]));

interface TlsName {
  readonly name: string;
  /** First and last ESP-IDF release branch with this number. */
  readonly from: string;
  readonly to: string;
}

const TLS_NAMES: ReadonlyMap<number, readonly TlsName[]> = new Map(
  Object.entries(espTls.codes).map(([code, entries]) => [
    Number(code),
    entries.map((entry) => {
      const [name = '', from = '', to = ''] = entry.split(' ');
      return { name, from, to };
    }),
  ]),
);
const TLS_CODES: ReadonlyMap<string, number> = new Map(
  [...TLS_NAMES].flatMap(([code, names]) => names.map(({ name }) => [name, code] as const)),
);

function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Names of a number, the likeliest first: since 4.4 where the version is not known, wolfSSL's only where nothing else fits. */
function tlsNames(code: number, idf: string | undefined): readonly string[] {
  const names = TLS_NAMES.get(code) ?? [];
  const rank = ({ name, from, to }: TlsName) => {
    const wolf = name.includes('WOLFSSL') ? 1 : 0;
    const version = idf ?? '5.5';
    return compareVersions(version, from) >= 0 && compareVersions(version, to) <= 0 ? wolf : 2 + wolf;
  };
  return [...names].sort((a, b) => rank(a) - rank(b)).map(({ name }) => name);
}

function hit(start: number, text: string, value: number, line: string, context: DecodeContext): Hit | undefined {
  const code = `0x${value
    .toString(16)
    .toUpperCase()
    .padStart(value > 0xfff ? 4 : 3, '0')}`;
  const names = tlsNames(value, context.idf?.value);
  // The firmware itself says which, or the failed handshake above does: 0x8010 was its number before ESP-IDF 4.4.
  const handshake = names.find((name) => name === 'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED');
  const named =
    names.find((name) => line.includes(name)) ??
    (handshake && !context.idf && context.recentHits(12).some(({ family }) => family === 'mbedtls')
      ? handshake
      : undefined);
  const [first, ...rest] = named ? [named, ...names.filter((name) => name !== named)] : names;
  if (first)
    return {
      start,
      text,
      code,
      name: first,
      family: 'esp-tls',
      also: rest,
      ...(context.idf ? { version: context.idf.value } : {}),
    };
  const name = NAMES[String(value)];
  if (!name || value === 0) return undefined;
  return { start, text, code, name, family: name.startsWith('ESP_ERR_ESP_TLS') ? 'esp-tls' : 'esp_err' };
}

const NAME = /\bESP_(?:ERR_[A-Z0-9_]+|FAIL\b)/g;
const HEX = /(?<![\w-])0x([0-9a-f]{3,5})(?![0-9a-z_])/gi;
/** An amount is no code: `failed: 300 bytes`. */
const AMOUNT = /^ (?:bytes|kB|ms|s|sec\w*|times|retries|attempts|packets|items|lines|errors|samples|of|total)\b/i;
const DECIMAL = /(?<![\w.-])(\d{3,5})(?![\w%]|[.:,]\d)/g;
/** Directly before the number: an ESP-IDF function, or a connection that failed. */
const SPECIFIC_BEFORE =
  /(?:\b(?:esp|nvs|wifi|mqtt|httpd|ota|i2c|spi|sdmmc|gpio|uart|ledc|adc|mdns|ble|bt)_\w+(?:\(\))?\s*(?:failed|error|returned|:|=|\()?\s*:?\s*|connection\s*[:：]\s*|esp-tls\s*[:(]\s*|last_esp_err(?:or)?\s*[=:]\s*|tls_last_esp_err\s*=\s*|\bERROR )$/i;
/** `Error initializing NVS: 0x1105`, `Failed to deinit Wi-Fi driver (0x3001)`. */
const FAILED_BEFORE = /(?:(?:\berror|\bfail(?:ed|ure)?)\b[^:=(\d]{0,60}[:=(]|\b(?:invalid|corrupt(?:ed)?):)\s*$/i;
/** `Error initializing ESP-NOW: 12389`: what was being done stands between, so no count is meant. */
const TASK_BEFORE =
  /\b(?:error|fail(?:ed|ure)?)\b[^:=(\d]{0,20}\b(?:init|start|send|add|regist|connect|open|config|set|creat)\w*[^:=(\d]{0,40}[:=(]\s*$/i;
/** What was read or computed: a value, no code. */
const VALUE_BEFORE = /\b(?:crc|checksum|hash|heap)\b[^:=]{0,20}[:=]\s*$/i;
/** Numbers as small as HTTP's need a word for an error, not for a status. */
const STRONG_BEFORE =
  /(?:\berr(?:or)?|_err|\bret|\bfail(?:ed|ure)?|esp_err_t|error code|failed with)\s*[:=：]?\s*[([]?\s*$/i;
/** On a line of ESP-IDF's level E or W a function did not return a value. */
const RETURNED_BEFORE = /\breturned\s*[:=]?\s*\(?$/i;
const ERROR_LINE = /(?:^|\W)[EW] \(\d+\) /;
/** ESP_FAIL as boards print it; "ID read error: 0xffffffff" is a value that was read, no code. */
const FAIL =
  /(?:\besp_err_t|\bwith error(?: code)?|\b(?:err|ret|rc)\s*[:=]|\b(?:init|config|probe|install|begin|start|open|setup)\w* (?:error|failed)(?::| with)?(?: error| code)*\s*[:=]?)\s*\(?(0xffffffff|(?<=esp_err_t\s+)-1)\b/gi;
const WIFI_HEX = /\bwifi\s?:.*\bret ?= ?([0-9a-f]{3,4})\b/gi;
/** `failed nvs get file size 4354`: amazon-freertos prints what nvs_get_blob() returned. */
const NVS_CALL = /\bfailed nvs (?:get|set|open|read|write)[a-z ]{0,20} $/i;
/** arduino-esp32 libraries/Preferences/src/Preferences.cpp prints the constant without its prefix. */
const PREFERENCES = /\bnvs_\w+ (?:len )?fail(?:ed)?: (?:\S+ )?([A-Z]+(?:_[A-Z]+)+)\b/;
/** `TLS connection error: 267` is a number of the TLS library. */
const TLS_ERROR = /\b(?:TLS|SSL)\b[^:]{0,30}error[^:]{0,10}[:=]\s*$/i;
/** esp_tls.c prints the host; with "getaddrinfo() returns N" behind it that number says more. */
const NO_HOST = /esp-tls\s*:.*(couldn't get hostname for)(?!.*getaddrinfo)/;
const TIMEOUT = /esp-tls\s*:.*\b(select\(\) timeout|Failed to open new connection in specified timeout)/;

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits: (Hit | undefined)[] = [];
  for (const match of line.matchAll(HEX)) {
    const before = line.slice(0, match.index);
    if (
      PLACE_BEFORE.test(before) ||
      VALUE_BEFORE.test(before) ||
      AMOUNT.test(line.slice(match.index + match[0].length))
    )
      continue;
    const value = Number.parseInt(match[1] ?? '', 16);
    if (value <= 0xfff && RETURNED_BEFORE.test(before) && ERROR_LINE.test(line)) {
      hits.push(hit(match.index, match[0], value, line, context));
      continue;
    }
    const error = value > 0xfff ? ERROR_BEFORE : STRONG_BEFORE; // a small number needs more than "status" or "code"
    if (!error.test(before) && !SPECIFIC_BEFORE.test(before) && !FAILED_BEFORE.test(before)) continue;
    hits.push(hit(match.index, match[0], value, line, context));
  }
  for (const match of line.matchAll(DECIMAL)) {
    const value = Number(match[1]);
    const before = line.slice(0, match.index);
    if (
      value < 257 ||
      (PLACE_BEFORE.test(before) && !NVS_CALL.test(before)) ||
      (value < 0x1000 && TLS_ERROR.test(before))
    )
      continue;
    if (AMOUNT.test(line.slice(match.index + match[0].length))) continue;
    if (VALUE_BEFORE.test(before)) continue;
    const specific = SPECIFIC_BEFORE.test(before) || NVS_CALL.test(before);
    if (
      specific ||
      STRONG_BEFORE.test(before) ||
      (value > 0x1000 && ERROR_BEFORE.test(before)) ||
      (value > 0x3000 && TASK_BEFORE.test(before))
    ) {
      hits.push(hit(match.index, match[0], value, line, context));
    }
  }
  for (const match of line.matchAll(WIFI_HEX)) {
    const digits = match[1] ?? '';
    if (NAMES[digits]) continue; // a decimal that has a name: read above
    const start = match.index + match[0].length - digits.length;
    hits.push(hit(start, digits, Number.parseInt(digits, 16), line, context));
  }
  for (const match of line.matchAll(FAIL)) {
    const text = match[1] ?? '';
    hits.push({
      start: match.index + match[0].length - text.length,
      text,
      code: '-1',
      name: 'ESP_FAIL',
      family: 'esp_err',
    });
  }
  for (const match of line.matchAll(NAME)) {
    const tls = TLS_CODES.get(match[0]);
    const value = tls ?? CODES.get(match[0]);
    if (value === undefined || value === 0) continue;
    const code = value < 0 ? String(value) : `0x${value.toString(16).toUpperCase()}`;
    hits.push({
      start: match.index,
      text: match[0],
      code,
      name: match[0],
      family: tls === undefined ? 'esp_err' : 'esp-tls',
    });
  }
  const preferences = PREFERENCES.exec(line);
  const nvs = CODES.get(`ESP_ERR_NVS_${preferences?.[1]}`);
  if (preferences?.[1] && nvs !== undefined) {
    const start = preferences.index + preferences[0].length - preferences[1].length;
    hits.push(hit(start, preferences[1], nvs, line, context));
  }
  const timeout = TIMEOUT.exec(line);
  if (timeout?.[1]) {
    const name = 'ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT';
    hits.push({ start: line.indexOf(timeout[1]), text: timeout[1], code: '0x8006', name, family: 'esp-tls' });
  }
  const host = NO_HOST.exec(line);
  if (host?.[1]) {
    const name = 'ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME';
    hits.push({ start: line.indexOf(host[1]), text: host[1], code: '0x8001', name, family: 'esp-tls' });
  }
  return hits.filter((one) => one !== undefined);
}

export const espErr: Recognizer = {
  words: [
    'err',
    'fail',
    'esp_',
    'ret=',
    'ret =',
    'ret:',
    'returned',
    'rc=',
    'code:',
    'code=',
    'code 0x',
    'code (',
    'status=',
    'status: 0x',
    'status 0x',
    'result',
    'connection:',
    'connection',
    'esp-tls',
    'number',
    'nvs_',
  ],
  find,
};
