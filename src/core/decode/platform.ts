// Reads platform, chip and library versions from boot banners and from the shape of log lines.
import type { DecodeContext } from './context';
import { isProjectSource, type KnownBy, type Platform } from './finding';
import type { MbedtlsVersion } from './mbedtlsTable';

/** Words of `Recognizer.words`' kind that wake `observe`. */
export const PLATFORM_WORDS: readonly string[] = ['esp-idf', 'ets j', 'esp-rom:', 'arduino core', 'core version'];

const IDF_BANNER = /ESP-IDF:?\s+v?(\d+)\.(\d+)/;
const ROM_CHIP = /ESP-ROM:(esp32\w+)-/;
const ARDUINO_CORE = /Arduino core:? v?(\d+)\.(\d+)|Core(?: Version)?: ?v?(\d)\.\d+\.\d+.*ESP32/i;

/** Mbed TLS as each ESP-IDF ships it (components/mbedtls/mbedtls of the release branches). */
function mbedtlsOfIdf(major: number, minor: number): MbedtlsVersion {
  if (major >= 6) return '4.x';
  if (major === 5) return '3.6';
  return major === 4 && minor >= 3 ? '2.28' : '2.16';
}

/** What a boot line says: more than the project's files, which may be newer than the firmware; less than an option. */
export function observe(line: string, context: DecodeContext): void {
  const idf = IDF_BANNER.exec(line);
  if (idf) {
    const [major, minor] = [Number(idf[1]), Number(idf[2])];
    if (context.idf?.by !== 'option') context.idf = { value: `${major}.${minor}`, by: 'boot-banner' };
    setMbedtls(context, mbedtlsOfIdf(major, minor), 'boot-banner');
    setPlatform(context, 'esp-idf', 'boot-banner');
  }
  const arduino = ARDUINO_CORE.exec(line);
  if (arduino) {
    const major = Number(arduino[1] ?? arduino[3]);
    setPlatform(context, 'arduino-esp32', 'boot-banner');
    setMbedtls(context, major >= 3 ? '3.6' : major === 2 ? '2.28' : '2.16', 'boot-banner');
  }
  const chip = ROM_CHIP.exec(line);
  if (chip?.[1]) context.chip = chip[1];
  if (/\bets Jan {2}8 2013/.test(line)) setPlatform(context, 'esp8266', 'boot-banner');
  else if (/\bets (?:Jun {2}8 2016|Jul 29 2019)/.test(line)) context.chip ??= 'esp32';
}

const ARDUINO_LINE =
  /\[[EWIDV]\]\s?\[[\w.-]+\.(?:cpp|c|h|ino):\s?\d+\]|(?:WiFiClientSecure|NetworkClientSecure|ssl_client)\.(?:cpp|h)/;
const IDF_LINE =
  /(?:^|[^\w])[EWIDV] ?\((?:\d+|\d\d:\d\d:\d\d\.\d{3})\) [\w.-]+ ?:|\besp-tls\b|MQTT_CLIENT|mqtt_client|ESP_ERROR_CHECK/;
const ESP8266_LINE = /\bBSSL:|BearSSL|axTLS|ESP8266|Soft WDT reset|rst cause:\d, boot mode|>>>stack>>>/;

/** What the shape of a line with an error in it says, where no banner did. */
export function observeShape(line: string, context: DecodeContext): void {
  if (context.platform.by === 'option' || isProjectSource(context.platform.by)) return;
  if (context.platform.by === 'boot-banner' && context.platform.value !== 'esp-idf') return;
  if (ARDUINO_LINE.test(line)) setPlatform(context, 'arduino-esp32', 'log-format');
  else if (context.platform.by === 'boot-banner') return;
  else if (ESP8266_LINE.test(line)) setPlatform(context, 'esp8266', 'log-format');
  else if (IDF_LINE.test(line) && context.platform.value === 'other') setPlatform(context, 'esp-idf', 'log-format');
  if (line.includes('NetworkClientSecure'))
    setMbedtls(context, '3.6', 'log-format'); // arduino-esp32 3.x renamed it
  else if (line.includes('WiFiClientSecure.cpp')) setMbedtls(context, '2.28', 'log-format');
}

function setPlatform(context: DecodeContext, value: Platform, by: KnownBy): void {
  const known = context.platform;
  if (known.by === 'option') return;
  // The Arduino core is built on ESP-IDF, and its bootloader says so.
  const sameStack = value === 'esp-idf' && known.value === 'arduino-esp32';
  if (isProjectSource(known.by) && (by !== 'boot-banner' || sameStack)) return;
  context.platform = { value, by };
  context.learned();
}

function setMbedtls(context: DecodeContext, value: MbedtlsVersion, by: KnownBy): void {
  const known = context.mbedtls?.by;
  if (known === 'option' || ((known === 'boot-banner' || isProjectSource(known)) && by === 'log-format')) return;
  context.mbedtls = { value, by };
  context.learned();
}
