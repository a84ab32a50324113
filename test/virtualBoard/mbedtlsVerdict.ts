// The Mbed TLS code that ESP32 firmware gets where OpenSSL (Node) fails: for the stand-in only, and only what is certain.

export interface MbedtlsVerdict {
  /** Positive, as Mbed TLS writes it after the minus sign. */
  readonly code: number;
  readonly text: string;
}

const VERIFY_FAILED: MbedtlsVerdict = {
  code: 0x2700,
  text: 'X509 - Certificate verification failed, e.g. CRL, CA or signature check failed',
};
const FATAL_ALERT: MbedtlsVerdict = { code: 0x7780, text: 'SSL - A fatal alert message was received from our peer' };
const CONN_EOF: MbedtlsVerdict = { code: 0x7280, text: 'SSL - The connection indicated an EOF' };
const NET_RESET: MbedtlsVerdict = { code: 0x0050, text: 'NET - Connection was reset by peer' };

/** OpenSSL's names for a chain or a name that does not verify. Dates are not among them: see `isDateError`. */
const verifyErrors =
  /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_SIGNATURE_|CERT_UNTRUSTED|CERT_REJECTED|INVALID_CA|INVALID_PURPOSE|HOSTNAME_|ERR_TLS_CERT_ALTNAME_INVALID)/;

/** ESP-IDF builds Mbed TLS without MBEDTLS_HAVE_TIME_DATE by default: an expired certificate passes. */
export function isDateError(code: string): boolean {
  return code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID';
}

/** `connected`: the TCP connection was up. Undefined where no honest translation is known. */
export function mbedtlsVerdict(code: string, message: string, connected: boolean): MbedtlsVerdict | undefined {
  if (!connected) return undefined;
  if (verifyErrors.test(code)) return VERIFY_FAILED;
  if (/ALERT/.test(code) || /alert/.test(message)) return FATAL_ALERT;
  if (code === 'ECONNRESET') return /before secure TLS/.test(message) ? CONN_EOF : NET_RESET;
  return undefined;
}
