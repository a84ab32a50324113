// Why the Wi-Fi connection ended: reason numbers and names, ESPHome's words, and the hex states of the driver's log.
import type { DecodeContext } from './context';
import { ESPHOME_WIFI_REASONS } from './esphomeWifi';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/wifiReasons.json';

const REASONS: Readonly<Record<string, readonly string[]>> = table.codes;
/** What all of ESP-IDF 3 to 5 call a reason that ESP-IDF 6 has another name for; the last of ESP-IDF 5 know both. */
const BEFORE_IDF_6: Readonly<Record<string, string>> = table.beforeIdf6;
const CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(REASONS).flatMap(([code, names]) => names.map((name) => [name, Number(code)] as const)),
);

const STATION =
  /wi-?fi|wlan|\bsta\b|sta[_ ]disconnect|_eventCallback|_arduino_event|\bdisconnect(?:ed|ion)? reason|deauth|disassoc|ssid|station|access point/i;
/** Numbers that only a Wi-Fi station has, so a plain "disconnected" will do. */
const ESPRESSIF_FIRST = 200;
const NUMBER = /(?:\b|\bWIFI_)reason(?:[ _-]?code)?\s*[:=(]?\s*(0x[0-9a-f]{1,2}|\d{1,3})(?![\w.%]|:\d)/i;
const STA_NUMBER = /\b(?:STA|station|wifi) ?(?:_?disconnect(?:ed)?)\s*[:=.]\s*(\d{1,3})(?![\w.%])/i;
/** libraries/ESP8266WiFi/src/ESP8266WiFiGeneric.cpp. */
const ESP8266_CORE = /\bSTA disconnect: \d+\s*$/;
const QUOTED = /\breason\s*[:=]?\s*['"]([^'"]+)['"]/i;
const STATE = /\bstate: *(?:\w+|\d) -> (?:\w+|\d) \(((?:0x)?[0-9a-f]{3,4})\)/;
/** wl_status_t, as WiFiManager and sketches print it; the other states are no failures by themselves. */
const ARDUINO_STATUS: Readonly<Record<string, readonly [code: string, also: string]>> = {
  WL_NO_SSID_AVAIL: ['1', 'WIFI_REASON_NO_AP_FOUND'],
  WL_CONNECT_FAILED: ['4', 'WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT'],
  WL_CONNECTION_LOST: ['5', 'WIFI_REASON_BEACON_TIMEOUT'],
  WL_WRONG_PASSWORD: ['6', 'WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT'],
};
const STATUS_NAME = /\bWL_(?:NO_SSID_AVAIL|CONNECT_FAILED|CONNECTION_LOST|WRONG_PASSWORD)\b/;
const NAME = /\bWIFI_(?:DISCONNECT_)?REASON_[A-Z0-9_]+\b/;
/** WiFi.disconnectReasonName() in place of the number: "reason=AUTH_FAIL (202)". */
const SHORT_FIRST = /\breason(?: code)?\s*[:=]\s*([A-Z0-9]+(?:_[A-Z0-9]+)+)\b/i;
/** Arduino's short names after the number: "Reason: 201 - NO_AP_FOUND". */
const SHORT = /^\s*[-–:(]+\s*([A-Z0-9_]{4,})/;
const NO_STATION =
  /mqtt|reset reason|wakeup|rst|http|tls|ssl\b|sleep|\bble\b|\bbt\b|bluetooth|gatt|\bgap\b|websocket|sensor|client/i;

/** Tasmota language/en_GB.h; the state of WiFi.status() behind each, and the reason that is likeliest. */
const TASMOTA: readonly (readonly [text: string, name: string, code: number, also?: string])[] = [
  ['Connect failed as AP cannot be reached', 'WL_NO_SSID_AVAIL', 1, 'WIFI_REASON_NO_AP_FOUND'],
  ['Connect failed with AP incorrect password', 'WL_CONNECT_FAILED', 4, 'WIFI_REASON_4WAY_HANDSHAKE_TIMEOUT'],
  ['Connect failed with AP timeout', 'WL_DISCONNECTED', 6],
];

type Finder = (line: string, context: DecodeContext) => readonly Hit[];

/** In order of what says most: the first that finds something has the line. */
const FINDERS: readonly Finder[] = [
  findTasmota,
  findState,
  findName,
  findStatus,
  findQuoted,
  findStation,
  findShortName,
  findNumber,
];

function find(line: string, context: DecodeContext): readonly Hit[] {
  for (const finder of FINDERS) {
    const found = finder(line, context);
    if (found.length > 0) return found;
  }
  return [];
}

function findTasmota(line: string): readonly Hit[] {
  const [text, name, code, also] = TASMOTA.find(([words]) => line.includes(words)) ?? [];
  if (text === undefined || name === undefined) return [];
  return [{ start: line.indexOf(text), text, code: String(code), name, family: 'wifi', also: also ? [also] : [] }];
}

function findState(line: string, context: DecodeContext): readonly Hit[] {
  const match = STATE.exec(line);
  if (!match?.[1]) return [];
  const reason = Number.parseInt(match[1], 16) >> 8; // the low byte is the kind of frame
  return hits(match.index + match[0].length - match[1].length - 2, `(${match[1]})`, reason, context);
}

function findName(line: string): readonly Hit[] {
  const match = NAME.exec(line);
  if (!match || !CODES.has(match[0])) return [];
  const [name] = match;
  const code = String(CODES.get(name));
  return [{ start: match.index, text: name, code, name, family: 'wifi', also: others(code, name) }];
}

function findStatus(line: string): readonly Hit[] {
  const match = STATUS_NAME.exec(line);
  const [code, also] = (match && ARDUINO_STATUS[match[0]]) ?? [];
  if (!match || code === undefined || also === undefined) return [];
  return [{ start: match.index, text: match[0], code, name: match[0], family: 'wifi', also: [also] }];
}

function findQuoted(line: string, context: DecodeContext): readonly Hit[] {
  const match = QUOTED.exec(line);
  const reason = match?.[1] === undefined ? undefined : ESPHOME_WIFI_REASONS.get(match[1].toLowerCase());
  return match && reason !== undefined ? hits(match.index, match[0], reason, context) : [];
}

function findStation(line: string, context: DecodeContext): readonly Hit[] {
  const match = STA_NUMBER.exec(line);
  if (!match?.[1]) return [];
  const core = ESP8266_CORE.test(line);
  return hits(match.index, match[0], Number(match[1]), context, { esp8266: core });
}

function findShortName(line: string, context: DecodeContext): readonly Hit[] {
  const match = STATION.test(line) ? SHORT_FIRST.exec(line) : null;
  const code = match?.[1] && CODES.get(`WIFI_REASON_${match[1]}`);
  if (!match?.[1] || !code) return [];
  return hits(match.index + match[0].length - match[1].length, match[1], code, context, { short: match[1] });
}

function findNumber(line: string, context: DecodeContext): readonly Hit[] {
  const match = NUMBER.exec(line);
  if (!match?.[1] || NO_STATION.test(line.replace(/\bssid\W+[^,]*/gi, ''))) return [];
  const reason = Number(match[1]);
  if (!STATION.test(line) && !(reason >= ESPRESSIF_FIRST && /disconnect/i.test(line))) return [];
  const short = SHORT.exec(line.slice(match.index + match[0].length))?.[1];
  return hits(match.index, match[0], reason, context, { short });
}

interface NameHints {
  /** The name that stands beside the number, without its prefix. */
  readonly short?: string | undefined;
  /** The words are the ESP8266 core's own. */
  readonly esp8266?: boolean;
}

function hits(
  start: number,
  text: string,
  reason: number,
  context: DecodeContext,
  hints: NameHints = {},
): readonly Hit[] {
  const code = String(reason);
  const names = REASONS[code] ?? [];
  const esp8266 =
    (hints.esp8266 || context.platform.value === 'esp8266') &&
    names.find((name) => name.startsWith('WIFI_DISCONNECT_'));
  const printed = hints.short && names.find((name) => name.endsWith(`_REASON_${hints.short}`));
  const name = printed || esp8266 || (isBeforeIdf6(context) && BEFORE_IDF_6[code]) || names[0];
  return name ? [{ start, text, code, name, family: 'wifi', also: others(code, name) }] : [];
}

/** Arduino's cores 1.x, 2.x and 3.x are built on ESP-IDF 3, 4 and 5. */
function isBeforeIdf6({ idf, mbedtls }: DecodeContext): boolean {
  return idf ? Number.parseInt(idf.value, 10) < 6 : mbedtls !== undefined && mbedtls.value !== '4.x';
}

const others = (code: string, name: string): string[] => (REASONS[code] ?? []).filter((other) => other !== name);

export const wifi: Recognizer = {
  words: ['reason', 'state:', 'disconnect', 'connect failed', 'wl_no_ssid', 'wl_connect', 'wl_wrong_p'],
  find,
};
