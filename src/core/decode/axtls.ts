// axTLS on old ESP8266 cores: "SSL error N", where a positive N is a TLS alert and a negative one its own error.
import type { DecodeContext } from './context';
import { atLineStart } from './lineStart';
import type { Hit, Recognizer } from './recognizer';

/** axTLS ssl/ssl.h. */
const ERRORS: Readonly<Record<string, string>> = {
  '-2': 'SSL_ERROR_DEAD',
  '-256': 'SSL_ERROR_CONN_LOST',
  '-257': 'SSL_ERROR_RECORD_OVERFLOW',
  '-258': 'SSL_ERROR_SOCK_SETUP_FAILURE',
  '-260': 'SSL_ERROR_INVALID_HANDSHAKE',
  '-261': 'SSL_ERROR_INVALID_PROT_MSG',
  '-262': 'SSL_ERROR_INVALID_HMAC',
  '-263': 'SSL_ERROR_INVALID_VERSION',
  '-264': 'SSL_ERROR_UNSUPPORTED_EXTENSION',
  '-265': 'SSL_ERROR_INVALID_SESSION',
  '-266': 'SSL_ERROR_NO_CIPHER',
  '-267': 'SSL_ERROR_INVALID_CERT_HASH_ALG',
  '-268': 'SSL_ERROR_BAD_CERTIFICATE',
  '-269': 'SSL_ERROR_INVALID_KEY',
  '-271': 'SSL_ERROR_FINISHED_INVALID',
  '-272': 'SSL_ERROR_NO_CERT_DEFINED',
  '-273': 'SSL_ERROR_NO_CLIENT_RENOG',
  '-274': 'SSL_ERROR_NOT_SUPPORTED',
};
const ALERTS: Readonly<Record<string, string>> = {
  '10': 'SSL_ALERT_UNEXPECTED_MESSAGE',
  '20': 'SSL_ALERT_BAD_RECORD_MAC',
  '22': 'SSL_ALERT_RECORD_OVERFLOW',
  '40': 'SSL_ALERT_HANDSHAKE_FAILURE',
  '42': 'SSL_ALERT_BAD_CERTIFICATE',
  '43': 'SSL_ALERT_UNSUPPORTED_CERTIFICATE',
  '45': 'SSL_ALERT_CERTIFICATE_EXPIRED',
  '46': 'SSL_ALERT_CERTIFICATE_UNKNOWN',
  '47': 'SSL_ALERT_ILLEGAL_PARAMETER',
  '48': 'SSL_ALERT_UNKNOWN_CA',
  '50': 'SSL_ALERT_DECODE_ERROR',
  '51': 'SSL_ALERT_DECRYPT_ERROR',
  '70': 'SSL_ALERT_INVALID_VERSION',
  '80': 'SSL_ALERT_INTERNAL_ERROR',
  '90': 'SSL_ALERT_USER_CANCELED',
  '100': 'SSL_ALERT_NO_RENEGOTIATION',
  '110': 'SSL_ALERT_UNSUPPORTED_EXTENSION',
  '112': 'SSL_ALERT_UNRECOGNIZED_NAME',
};

/** Errors and received alerts by number. */
export const AXTLS_NAMES: Readonly<Record<string, string>> = { ...ALERTS, ...ERRORS };

/** ssl_display_error() of axTLS ssl/tls1.c, each a line of its own behind "Error: ". */
const TEXTS: Readonly<Record<string, string>> = {
  'connection dead': '-2',
  'record overflow': '-257',
  'invalid handshake': '-260',
  'invalid protocol message': '-261',
  'invalid mac': '-262',
  'invalid version': '-263',
  'unsupported extension': '-264',
  'invalid session': '-265',
  'no cipher': '-266',
  'invalid cert hash algorithm': '-267',
  'bad certificate': '-268',
  'invalid key': '-269',
  'finished invalid': '-271',
  'no certificate defined': '-272',
  'client renegotiation not supported': '-273',
};
const TEXT = atLineStart(`Error: (${Object.keys(TEXTS).join('|')})$`);
/** Espressif's own port of axTLS (ESP8266 NONOS SDK). */
const SDK_TEXT = /(client's data invalid protocol)/;
/** MicroPython on the ESP8266 raises what axTLS returned: an error, or a received alert with a minus sign. */
const MICROPYTHON = /\bOSError: (-\d{2,3})$/;
/** -66 to -82 are Mbed TLS' own socket errors, which the same firmware on an ESP32 raises. */
const isSocketError = (code: number) => code <= -66 && code >= -82;

/** Nothing else says it so. */
const OWN_TEXTS: readonly string[] = ['invalid handshake', 'invalid protocol message', 'finished invalid'];

/** "Error: SSL error 40\" is axTLS' own line; "SSL error 40" counts after its "Alert:" or "State:" lines. */
const OWN = /\bError: (SSL error (-?\d{1,3}))\b/;
const AXTLS_TALK = atLineStart(String.raw`(?:Alert: |State:\s)`);
const ANY = /\b(SSL error (-?\d{1,3}))\b/;

function find(line: string, context: DecodeContext): readonly Hit[] {
  const text = TEXT.exec(line.trimEnd())?.[1];
  const own = text === undefined ? undefined : TEXTS[text];
  if (text !== undefined && own !== undefined && (OWN_TEXTS.includes(text) || afterAxtls(context))) {
    const name = ERRORS[own] ?? own;
    return [{ start: line.lastIndexOf(text), text, code: own, name, family: 'axtls' }];
  }
  const sdk = SDK_TEXT.exec(line);
  if (sdk?.[1])
    return [{ start: sdk.index, text: sdk[1], code: '-261', name: 'SSL_ERROR_INVALID_PROT_MSG', family: 'axtls' }];
  const raised = MICROPYTHON.exec(line.trimEnd());
  const raisedName = raised?.[1] && (ERRORS[raised[1]] ?? ALERTS[raised[1].slice(1)]);
  if (raised?.[1] && raisedName && !isSocketError(Number(raised[1])))
    return [{ start: raised.index + 9, text: raised[1], code: raised[1], name: raisedName, family: 'axtls' }];
  const match = OWN.exec(line) ?? ANY.exec(line);
  // The lines before are looked at only where they decide: such a reading cannot be remembered.
  if (!match?.[1] || !match[2] || !(OWN.test(line) || afterAxtls(context))) return [];
  const name = ERRORS[match[2]] ?? ALERTS[match[2]];
  return name ? [{ start: line.indexOf(match[1]), text: match[1], code: match[2], name, family: 'axtls' }] : [];
}

function afterAxtls(context: DecodeContext): boolean {
  for (const line of context.before(6)) if (AXTLS_TALK.test(line)) return true;
  return false;
}

export const axtls: Recognizer = { words: ['ssl error', 'error: ', "client's data"], find };
