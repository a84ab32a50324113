// Why the Wi-Fi connection ended: reason numbers and names, ESPHome's words, and the hex states of the driver's log.
import type { DecodeContext } from './context';
import { ESPHOME_WIFI_REASONS } from './esphomeWifi';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/wifiReasons.json';

const REASONS: Readonly<Record<string, readonly string[]>> = table.codes;
const CODES: ReadonlyMap<string, number> = new Map(
  Object.entries(REASONS).flatMap(([code, names]) => names.map((name) => [name, Number(code)] as const)),
);

const STATION =
  /wi-?fi|wlan|\bsta\b|sta[_ ]disconnect|_eventCallback|_arduino_event|\bdisconnect(?:ed|ion)? reason|deauth|disassoc|ssid|station|access point/i;
/** Numbers that only a Wi-Fi station has, so a plain "disconnected" will do. */
const ESPRESSIF_FIRST = 200;
const NUMBER = /(?:\b|\bWIFI_)reason(?:[ _-]?code)?\s*[:=(]?\s*(0x[0-9a-f]{1,2}|\d{1,3})(?![\w.%]|:\d)/i;
const STA_NUMBER = /\b(?:STA|station|wifi) ?(?:_?disconnect(?:ed)?)\s*[:=.]\s*(\d{1,3})(?![\w.%])/i;
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

function find(line: string, context: DecodeContext): readonly Hit[] {
  const tasmota = TASMOTA.find(([text]) => line.includes(text));
  if (tasmota) {
    const [text, name, code, also] = tasmota;
    return [{ start: line.indexOf(text), text, code: String(code), name, family: 'wifi', also: also ? [also] : [] }];
  }
  const state = STATE.exec(line);
  if (state?.[1]) {
    const reason = Number.parseInt(state[1], 16) >> 8; // the low byte is the kind of frame
    return hits(state.index + state[0].length - state[1].length - 2, `(${state[1]})`, reason, context);
  }
  const name = NAME.exec(line);
  if (name && CODES.has(name[0])) {
    const code = String(CODES.get(name[0]));
    return [{ start: name.index, text: name[0], code, name: name[0], family: 'wifi', also: others(code, name[0]) }];
  }
  const status = STATUS_NAME.exec(line);
  const known = status && ARDUINO_STATUS[status[0]];
  if (status && known) {
    const [code, also] = known;
    return [{ start: status.index, text: status[0], code, name: status[0], family: 'wifi', also: [also] }];
  }
  const quoted = QUOTED.exec(line);
  const words = quoted?.[1] === undefined ? undefined : ESPHOME_WIFI_REASONS.get(quoted[1].toLowerCase());
  if (quoted && words !== undefined) return hits(quoted.index, quoted[0], words, context);
  const station = STA_NUMBER.exec(line);
  if (station?.[1]) return hits(station.index, station[0], Number(station[1]), context);
  const shortName = STATION.test(line) ? SHORT_FIRST.exec(line) : null;
  const code = shortName?.[1] && CODES.get(`WIFI_REASON_${shortName[1]}`);
  if (shortName?.[1] && code) {
    const start = shortName.index + shortName[0].length - shortName[1].length;
    return hits(start, shortName[1], code, context, shortName[1]);
  }
  const number = NUMBER.exec(line);
  if (!number?.[1] || NO_STATION.test(line.replace(/\bssid\W+[^,]*/gi, ''))) return [];
  if (!STATION.test(line) && !(Number(number[1]) >= ESPRESSIF_FIRST && /disconnect/i.test(line))) return [];
  return hits(
    number.index,
    number[0],
    Number(number[1]),
    context,
    SHORT.exec(line.slice(number.index + number[0].length))?.[1],
  );
}

function hits(start: number, text: string, reason: number, context: DecodeContext, short?: string): readonly Hit[] {
  const names = REASONS[String(reason)] ?? [];
  const esp8266 = context.platform.value === 'esp8266' && names.find((name) => name.startsWith('WIFI_DISCONNECT_'));
  const printed = short && names.find((name) => name.endsWith(`_REASON_${short}`));
  const name = printed || esp8266 || names[0];
  return name ? [{ start, text, code: String(reason), name, family: 'wifi', also: others(String(reason), name) }] : [];
}

const others = (code: string, name: string): string[] => (REASONS[code] ?? []).filter((other) => other !== name);

export const wifi: Recognizer = {
  words: ['reason', 'state:', 'disconnect', 'connect failed', 'wl_no_ssid', 'wl_connect', 'wl_wrong_p'],
  find,
};
