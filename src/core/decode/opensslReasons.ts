// OpenSSL's error numbers: the reason is in the low bits, and alerts that were received are 1000 and their number.
import alerts from './tables/tlsAlerts.json';

/** openssl include/openssl/sslerr.h, for what a broker meets. */
export const OPENSSL_REASONS: Readonly<Record<number, string>> = {
  134: 'CERTIFICATE_VERIFY_FAILED',
  156: 'HTTP_REQUEST',
  193: 'NO_SHARED_CIPHER',
  199: 'PEER_DID_NOT_RETURN_A_CERTIFICATE',
  252: 'UNKNOWN_PROTOCOL',
  258: 'UNSUPPORTED_PROTOCOL',
  267: 'WRONG_VERSION_NUMBER',
  281: 'DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
  294: 'UNEXPECTED_EOF_WHILE_READING',
};
/** Alerts that SSLv3 had already are named after it. */
const SSLV3: ReadonlySet<number> = new Set([10, 20, 30, 40, 41, 42, 43, 44, 45, 46, 47]);
const LONG_NAMES: Readonly<Record<string, string>> = { BAD_CERT: 'BAD_CERTIFICATE', NO_CERT: 'NO_CERTIFICATE' };

const LIB_SSL = 20;

/** `0A0000C7` (3.x) or `1417C0C7` (1.1) -> `SSL_R_…`; undefined for other libraries and reasons. */
export function opensslReason(code: string): string | undefined {
  const value = Number.parseInt(code, 16);
  const library3 = Math.floor(value / 2 ** 23);
  const isSsl = library3 === LIB_SSL || value >>> 24 === LIB_SSL;
  if (!isSsl) return undefined;
  const reason = library3 === LIB_SSL ? value & 0x7fffff : value & 0xfff;
  const known = OPENSSL_REASONS[reason];
  if (known) return `SSL_R_${known}`;
  const alert = (alerts.codes as Readonly<Record<string, string>>)[String(reason - 1000)];
  if (!alert) return undefined;
  const short = alert.replace('MBEDTLS_SSL_ALERT_MSG_', '');
  const name = LONG_NAMES[short] ?? short.replace(/^CERT_/, 'CERTIFICATE_').replace(/_CERT$/, '_CERTIFICATE');
  return `SSL_R_${SSLV3.has(reason - 1000) ? 'SSLV3' : 'TLSV1'}_ALERT_${name}`;
}
