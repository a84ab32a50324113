// TLS on the ESP8266: BearSSL (numbers, 256+n and 512+n alerts, its sentences) and the light client of Tasmota.
import type { DecodeContext } from './context';
import { atLineStart } from './lineStart';
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
  /(getLastSSLError(?:\(.*?\))?|TLS (?:connection )?error(?: code)?|(?:last )?SSL error(?: code)?|BearSSL error(?: code)?|SSL ?err(?:or)?|BSSL error)\s*(?:[:=]|is|was|returned|returns)?\s*\(?(-?\d{1,4})\b(?!\.\d)/i;
/** Only alerts (256 and more) are told from other libraries' numbers where the line just says TLS or SSL. */
const ALERT_NUMBER =
  /\b(?:SSL|TLS)\b.*\b(?:error|failed)\b(?:,? ?(?:error )?code)?\s*[:=]?\s*\(?([2-7]\d{2})\b(?!\.\d)/i;
/** axTLS prints its own numbers so. */
const AXTLS_LINE = atLineStart(String.raw`Error: SSL error -?\d+\s*$`);
const CONSTANT = /\bBR_(?:ERR|ALERT)_[A-Z0-9_]+\b/;

/** Name of a number, and for an alert its description. */
function readBearssl(code: number): { name: string; also: readonly string[] } | undefined {
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

/** The end of the text before the number, and the number as printed. */
function numberIn(line: string): readonly [start: number, text: string] | undefined {
  if (AXTLS_LINE.test(line)) return undefined;
  const own = NUMBER.exec(line);
  const match = own ?? ALERT_NUMBER.exec(line);
  const text = own ? own[2] : match?.[1];
  if (!match || text === undefined || (!own && Number(text) < 256)) return undefined;
  return [match.index + match[0].length - text.length, text];
}

const PHRASES: readonly Phrase[] = [
  { pattern: /(Connection \*?will\*? fail, no authentication method is setup)/i, name: 'BSSL_NO_AUTH_METHOD' },
  { pattern: /BSSL:\s?(_wait_for_handshake: failed)/, name: 'BSSL_HANDSHAKE_FAILED' },
  { pattern: /(?:SSL[ _]error: |Error = '?)(Unknown error code)/i, name: 'BSSL_UNKNOWN' },
  { pattern: /(Unable to allocate memory for SSL structures and buffers)/i, name: 'ERR_OOM', code: '-1000' },
  { pattern: /BSSL:.*?\b(Out of memory|OOM(?: error)?)/i, name: 'ERR_OOM', code: '-1000' },
];

function find(line: string, context: DecodeContext): readonly Hit[] {
  const hits: Hit[] = [...findPhrases(PHRASES, 'bearssl', line, context)];
  const number = numberIn(line);
  if (number) {
    const [start, text] = number;
    const easy = /\bMQTT : TLS error code/.test(line) && text.startsWith('-1'); // ESPEasy's own
    const read = readBearssl(Number(text));
    if (read) {
      const name = easy ? 'ESPEASY_TLS_ERROR' : read.name;
      const also = easy ? [read.name, ...read.also] : read.also;
      hits.push({ start, text, code: text, name, family: 'bearssl', also });
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
  words: [
    'bssl:',
    'ssl',
    'br_err',
    'br_alert',
    'tls error',
    'tls connection error',
    'tls',
    'chain coul',
    'expected s',
    'certificat',
    'validation',
    'public key',
    'unknown cr',
    'key usage ',
  ],
  find,
};
