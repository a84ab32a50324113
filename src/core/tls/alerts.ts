// TLS alert numbers and names (RFC 8446 section 6, RFC 5246 section 7.2), and what it means when a device sends one.

/** Key: alert number. */
const ALERT_NAMES: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  21: 'decryption_failed',
  22: 'record_overflow',
  40: 'handshake_failure',
  41: 'no_certificate',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  113: 'bad_certificate_status_response',
  115: 'unknown_psk_identity',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/**
 * Why a client that runs Mbed TLS sent this alert about the broker's certificate. Mbed TLS picks the alert by the first
 * set verification flag in a fixed order (`ssl_parse_certificate_verify` in library/ssl_tls.c, 2.28 to 3.6), so the
 * alert tells what the board itself never prints. On the board all of these are -0x2700.
 */
export const CERTIFICATE_ALERT_REASONS: Readonly<Record<number, string>> = {
  42: 'the name it connects to is not in the broker certificate, or the certificate is damaged',
  43: 'the broker certificate may not be used for a server (key usage or extended key usage), or its key type or curve is one that the client does not take',
  44: 'the broker certificate is on its revocation list',
  45: 'the broker certificate has expired by its clock',
  46: 'the broker certificate did not verify, for a reason that has no alert of its own (not yet valid by its clock, a hash that it does not take, or no CA loaded)',
  48: 'the broker certificate is not signed by a CA that it trusts',
  49: 'the broker certificate was refused by its own verification function',
};

/** The number in the text of an OpenSSL error (`... SSL alert number 48`), or undefined. */
export function alertNumberIn(errorText: string): number | undefined {
  const match = /SSL alert number (\d+)/.exec(errorText);
  return match ? Number(match[1]) : undefined;
}

export function alertName(number: number): string {
  return ALERT_NAMES[number] ?? `alert ${number}`;
}
