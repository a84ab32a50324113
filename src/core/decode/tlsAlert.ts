// TLS alerts in Mbed TLS' debug output: what the peer sent, and what the board sent; and in a broker's log.
import { brokerAlert } from './brokerAlerts';
import type { DecodeContext } from './context';
import { findPhrases, type Phrase } from './phrases';
import type { Hit, Recognizer } from './recognizer';
import table from './tables/tlsAlerts.json';

const ALERTS: Readonly<Record<string, string>> = table.codes;

const alert = (match: RegExpExecArray) =>
  match[1] === undefined ? undefined : ALERTS[/\d+$/.exec(match[1])?.[0] ?? ''];
const code = (match: RegExpExecArray) => `alert ${/\d+$/.exec(match[1] ?? '')?.[0]}`;

const PHRASES: readonly Phrase[] = [
  // library/ssl_msg.c (ssl_tls.c before 2.16): "is a fatal alert message (msg %d)", "send alert level=%u message=%u"
  { pattern: /fatal alert message \((msg \d+)/, name: alert, code },
  { pattern: /send alert level=2 (message=\d+)/, name: alert, code },
  { pattern: /alert message, type: (\[2:\d+)\]/, name: alert, code },
  { pattern: /\bTLS alert[ :=(]+(\d{1,3})\b/i, name: alert, code },
  // OpenSSL and wolfSSL, where no "error:…:tlsv1 alert …" stands before it
  { pattern: /^(?!.*\berror:[0-9A-F]{8}:).*(SSL alert number \d+)/i, name: alert, code },
  {
    pattern: /(MBEDTLS_SSL_ALERT_MSG_[A-Z_]+)/,
    name: (match) => Object.values(ALERTS).find((name) => name === match[1]),
  },
];

function find(line: string, context: DecodeContext): readonly Hit[] {
  const worded = brokerAlert(line);
  return worded ? [{ ...worded, family: 'tls-alert' }] : findPhrases(PHRASES, 'tls-alert', line, context);
}

export const tlsAlert: Recognizer = { words: ['alert', 'error: tls:'], find };
