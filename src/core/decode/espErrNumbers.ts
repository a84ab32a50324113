// esp_err_t as a number, where the words before it say that it is one.
import type { DecodeContext } from './context';
import { ERROR_BEFORE, PLACE_BEFORE } from './errorWords';
import { ESP_ERR_NAMES, espErrHit } from './espErrNames';
import type { Hit } from './recognizer';

const HEX = /(?<![\w-])0x([0-9a-f]{3,5})(?![0-9a-z_])/gi;
/** An amount is no code: `failed: 300 bytes`. */
const AMOUNT =
  /^(?: (?:bytes|kB|ms|s|sec\w*|times|retries|attempts|packets|items|lines|errors|samples|of|total)\b| ?\/ ?\d)/i;
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
/** `TLS connection error: 267` is a number of the TLS library. */
const TLS_ERROR = /\b(?:TLS|SSL)\b[^:]{0,30}error[^:]{0,10}[:=]\s*$/i;

/** Below it lie small numbers, which mean many things. */
const LARGE = 0x1000;
/** ESP_ERR_NO_MEM, the lowest of them. */
const FIRST_DECIMAL = 257;
/** From here on no HTTP status, port or count is likely. */
const WIFI = 0x3000;

export function findEspErrNumbers(line: string, context: DecodeContext): (Hit | undefined)[] {
  const hits: (Hit | undefined)[] = [];
  for (const match of line.matchAll(HEX)) {
    const value = Number.parseInt(match[1] ?? '', 16);
    const [before, after] = around(line, match);
    if (!PLACE_BEFORE.test(before) && !isAmount(before, after) && isHexCode(value, before, line))
      hits.push(espErrHit(match.index, match[0], value, line, context));
  }
  for (const match of line.matchAll(DECIMAL)) {
    const value = Number(match[1]);
    const [before, after] = around(line, match);
    if (value >= FIRST_DECIMAL && !isAmount(before, after) && isDecimalCode(value, before))
      hits.push(espErrHit(match.index, match[0], value, line, context));
  }
  for (const match of line.matchAll(WIFI_HEX)) {
    const digits = match[1] ?? '';
    if (ESP_ERR_NAMES[digits]) continue; // a decimal that has a name: read above
    const start = match.index + match[0].length - digits.length;
    hits.push(espErrHit(start, digits, Number.parseInt(digits, 16), line, context));
  }
  for (const match of line.matchAll(FAIL)) {
    const text = match[1] ?? '';
    const start = match.index + match[0].length - text.length;
    hits.push({ start, text, code: '-1', name: 'ESP_FAIL', family: 'esp_err' });
  }
  return hits;
}

function around(line: string, match: RegExpExecArray): readonly [before: string, after: string] {
  return [line.slice(0, match.index), line.slice(match.index + match[0].length)];
}

function isAmount(before: string, after: string): boolean {
  return VALUE_BEFORE.test(before) || AMOUNT.test(after);
}

function isHexCode(value: number, before: string, line: string): boolean {
  if (value < LARGE && RETURNED_BEFORE.test(before) && ERROR_LINE.test(line)) return true;
  // a small number needs more than "status" or "code"
  const error = value < LARGE ? STRONG_BEFORE : ERROR_BEFORE;
  return error.test(before) || SPECIFIC_BEFORE.test(before) || FAILED_BEFORE.test(before);
}

function isDecimalCode(value: number, before: string): boolean {
  if (NVS_CALL.test(before)) return true;
  if (PLACE_BEFORE.test(before) || (value < LARGE && TLS_ERROR.test(before))) return false;
  return (
    SPECIFIC_BEFORE.test(before) ||
    STRONG_BEFORE.test(before) ||
    (value > LARGE && ERROR_BEFORE.test(before)) ||
    (value > WIFI && TASK_BEFORE.test(before))
  );
}
