// Every name that the decoder can find, for codes that are given by name: "NO_AP_FOUND", "unknown ca", "EHOSTUNREACH".
import { AXTLS_NAMES } from './axtls';
import type { Family } from './finding';
import { mbedtlsByName, mbedtlsNames, readMbedtls } from './mbedtlsTable';
import { VERIFY_NAMES } from './openssl';
import { OPENSSL_ALERTS, OPENSSL_REASONS } from './opensslReasons';
import type { Hit } from './recognizer';
import bearssl from './tables/bearssl.json';
import errno from './tables/errno.json';
import exceptions from './tables/esp8266Exceptions.json';
import espErr from './tables/espErr.json';
import espTls from './tables/espTls.json';
import httpclient from './tables/httpclient.json';
import labels from './tables/labels.json';
import mqtt from './tables/mqtt.json';
import psa from './tables/psa.json';
import pubsubclient from './tables/pubsubclient.json';
import resets from './tables/resetReasons.json';
import alerts from './tables/tlsAlerts.json';
import wifi from './tables/wifiReasons.json';
import flags from './tables/x509Flags.json';

export interface CodeName {
  readonly name: string;
  readonly code: string;
  readonly family: Family;
}

type Table = Readonly<Record<string, string | readonly string[]>>;

function rows(family: Family, table: Table, code: (number: string) => string = String): CodeName[] {
  return Object.entries(table).flatMap(([number, names]) =>
    [names].flat().map((name) => ({ name: name.split(' ')[0] as string, code: code(number), family })),
  );
}

const hex = (number: string) => (number.startsWith('-') ? number : `0x${Number(number).toString(16).toUpperCase()}`);
/** These say that nothing is wrong. */
const GOOD = /^(?:ESP_OK|BR_ERR_(?:X509_)?OK|ERR_OK|MQTT_CONNECTED|MQTT_CONNECTION_ACCEPTED|NO_MEAN|POWERON_RESET)$/;

/** All of them, from the tables; some 1,400. A name that two families share stands here once for each. */
export function codeNames(): readonly CodeName[] {
  return [
    ...mbedtlsNames().map((name) => {
      const code = readMbedtls(mbedtlsByName(name) ?? 0)?.code ?? name;
      return { name, code, family: 'mbedtls' as const };
    }),
    ...rows('psa', psa.codes),
    ...rows('x509-flags', flags.flags, hex),
    ...rows('tls-alert', alerts.codes, (number) => `alert ${number}`),
    ...rows('esp-tls', espTls.codes, hex),
    ...rows('esp_err', espErr.codes, hex),
    ...rows('mqtt', mqtt.connack),
    ...Object.entries(mqtt.mqtt5)
      .filter(([number]) => Number(number) >= 0x80)
      .flatMap(([number, names]) => rows('mqtt5', { [number]: names }, hex)),
    ...rows('pubsubclient', pubsubclient.codes, (number) => `rc=${number}`),
    ...rows('httpclient', httpclient.codes),
    { name: 'HTTPC_ERROR_CONNECTION_REFUSED', code: '-1', family: 'httpclient' as const },
    ...rows('bearssl', bearssl.codes),
    ...rows('bearssl', bearssl.alerts, (number) => `alert ${number}`),
    ...rows('axtls', AXTLS_NAMES),
    ...rows('wifi', wifi.codes),
    ...rows('errno', errno.newlib),
    ...rows('dns', errno.getaddrinfo),
    ...rows('panic', exceptions.codes, (number) => `Exception (${number})`),
    ...Object.values(resets.chips).flatMap((chip) =>
      rows('reset', chip, (number) => `rst:${hex(number).toLowerCase()}`),
    ),
    ...rows('openssl', { ...OPENSSL_REASONS, ...OPENSSL_ALERTS }).map((row) => ({ ...row, name: `SSL_R_${row.name}` })),
    ...rows('openssl', VERIFY_NAMES),
    ...Object.entries(labels.names).flatMap(([family, names]) =>
      names.map((name) => ({ name, code: name, family: family as Family })),
    ),
  ].filter(({ name, code }) => !GOOD.test(name) && code !== '0');
}

const plain = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]+/g, '_');

/** The codes whose name is `text` or ends in it, whatever the case and with spaces for `_`; exact names first. */
export function hitsByName(text: string): readonly Hit[] {
  const wanted = plain(text.trim());
  if (!/^[A-Z][A-Z0-9_]{2,}$/.test(wanted)) return [];
  // A short word is the end of too many names: "failed", "hello".
  const isEnd = wanted.length >= 8 && !/^(?:FAILED|TIMEOUT|INVALID\w*)$/.test(wanted);
  const all = codeNames().map((row) => ({ ...row, key: plain(row.name) }));
  const found = [
    ...all.filter(({ key }) => key === wanted),
    ...all.filter(({ key }) => isEnd && key.endsWith(`_${wanted}`)),
  ];
  return found.map(({ name, code, family }) => ({ start: 0, text, code, name, family }));
}
