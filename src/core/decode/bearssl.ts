// TLS on the ESP8266: BearSSL (numbers, 256+n and 512+n alerts, its sentences) and the light client of Tasmota.
import type { DecodeContext } from './context';
import { findPhrases, type Phrase } from './phrases';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/bearssl.json';

const CODES: Readonly<Record<string, string>> = table.codes;
const ALERTS: Readonly<Record<string, string>> = table.alerts;
const STRINGS: readonly (readonly [string, string])[] = Object.entries(table.strings);

/** arendst/Tasmota lib/lib_ssl/tls_mini/src/WiFiClientSecureLightBearSSL.h; -1000 is the ESP8266 core's too. */
const LIGHT: Readonly<Record<string, string>> = {
  '-1000': 'ERR_OOM',
  '-1001': 'ERR_CANT_RESOLVE_IP',
  '-1002': 'ERR_TCP_CONNECT',
  '-1004': 'ERR_MISSING_CA',
};

const NUMBER =
  /(getLastSSLError(?:\(.*?\))?|TLS (?:connection )?error(?: code)?|(?:last )?SSL error(?: code)?|BearSSL error(?: code)?|SSL ?err(?:or)?|BSSL error)\s*(?:[:=]|is|was)?\s*\(?(-?\d{1,4})\b(?!\.\d)/i;
/** axTLS prints its own numbers so. */
const AXTLS_LINE = /^Error: SSL error -?\d+\s*$/;
const CONSTANT = /\bBR_(?:ERR|ALERT)_[A-Z0-9_]+\b/;

/** Name of a number, and for an alert its description. */
export function readBearssl(code: number): { name: string; also: readonly string[] } | undefined {
  const light = LIGHT[String(code)];
  if (light) return { name: light, also: [] };
  if (code >= 256 && code < 768) {
    const base = code >= 512 ? 512 : 256;
    const alert = ALERTS[String(code - base)];
    const name = CODES[String(base)];
    return name && alert ? { name, also: [alert] } : undefined;
  }
  const name = CODES[String(code)];
  return name && code !== 0 && code !== 32 ? { name, also: [] } : undefined;
}

const PHRASES: readonly Phrase[] = [
  { pattern: /(Connection \*?will\*? fail, no authentication method is setup)/i, name: 'BSSL_NO_AUTH_METHOD' },
  { pattern: /BSSL:\s?(_wait_for_handshake: failed)/, name: 'BSSL_HANDSHAKE_FAILED' },
  { pattern: /(?:SSL error: |Error = '?)(Unknown error code)/i, name: 'BSSL_UNKNOWN' },
  { pattern: /(Unable to allocate memory for SSL structures and buffers)/i, name: 'ERR_OOM', code: '-1000' },
  { pattern: /BSSL:.*?\b(Out of memory|OOM(?: error)?)/i, name: 'ERR_OOM', code: '-1000' },
];

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits: Hit[] = [...findPhrases(PHRASES, 'bearssl', line, context)];
  const number = AXTLS_LINE.test(line) ? null : NUMBER.exec(line);
  if (number?.[2]) {
    const start = number.index + number[0].length - number[2].length;
    const easy = /\bMQTT : TLS error code/.test(line) && number[2].startsWith('-1'); // ESPEasy's own
    const read = readBearssl(Number(number[2]));
    if (read) {
      const name = easy ? 'ESPEASY_TLS_ERROR' : read.name;
      const also = easy ? [read.name, ...read.also] : read.also;
      hits.push({ start, text: number[2], code: number[2], name, family: 'bearssl', also });
    }
  }
  const constant = CONSTANT.exec(line);
  if (constant) {
    const known = Object.entries(CODES).find(([, name]) => name === constant[0]);
    const alert = Object.entries(ALERTS).find(([, name]) => name === constant[0]);
    const code = known?.[0] ?? (alert ? `alert ${alert[0]}` : undefined);
    if (code) hits.push({ start: constant.index, text: constant[0], code, name: constant[0], family: 'bearssl' });
  }
  for (const [code, text] of STRINGS) {
    const start = line.indexOf(text);
    if (start === -1 || (text.length < 24 && !/ssl|tls|bearssl|cert/i.test(line))) continue;
    hits.push({ start, text, code, name: CODES[code] ?? '', family: 'bearssl' });
  }
  return hits;
}

export const bearssl: Recognizer = {
  words: ['bssl:', 'ssl', 'br_err', 'br_alert', 'tls error', 'tls connection error'],
  find,
};
