// TLS alerts by their description, whoever prints them: Mbed TLS, BearSSL, axTLS, or OpenSSL on the broker.
import type { Entry } from './entry';
import { diagnose, readBrokerLog } from './shared';

const RFC = 'RFC 5246 section 7.2.2; RFC 8446 section 6.2';

const entry = (title: string, causes: readonly string[], fixes: Entry['fixes'] = [diagnose, readBrokerLog]): Entry => ({
  title,
  causes: causes.map((text) => ({ text, source: RFC })),
  fixes,
  sources: [RFC],
});

const noCommon = entry('TLS alert: no protocol version, cipher suite or certificate that both sides accept.', [
  'The broker wants a client certificate and got none, or one it cannot use.',
  'No cipher suite or key type in common (an ECDSA certificate and a client that does RSA only, for one).',
  'The server name (SNI) is missing or unknown.',
]);
const badCertificate = entry('TLS alert: the other side refused the certificate it was shown.', [
  'A certificate that is broken, of the wrong kind, or signed in a way the other side does not accept.',
]);
const unknownCa = entry('TLS alert: the certificate that was shown leads to no CA the other side trusts.', [
  "Received by the board: the broker does not know the CA of the board's client certificate.",
  "In the broker's log: the board does not know the CA of the broker's certificate.",
]);
const version = entry('TLS alert: no protocol version in common.', [
  'The broker allows TLS 1.3 only and the board speaks 1.2, or the board is too old for what the broker demands.',
]);

const ENTRIES: Readonly<Record<string, Entry>> = {
  HANDSHAKE_FAILURE: noCommon,
  INSUFFICIENT_SECURITY: noCommon,
  BAD_CERT: badCertificate,
  BAD_CERTIFICATE: badCertificate,
  UNSUPPORTED_CERT: badCertificate,
  UNSUPPORTED_CERTIFICATE: badCertificate,
  CERT_UNKNOWN: badCertificate,
  CERTIFICATE_UNKNOWN: badCertificate,
  UNKNOWN_CA: unknownCa,
  PROTOCOL_VERSION: version,
  INVALID_VERSION: version,
  CERT_EXPIRED: entry(
    'TLS alert: the certificate that was shown is expired, by the clock of the side that refused it.',
    ['The certificate ran out, or the clock of the side that checks is wrong.'],
  ),
  CERT_REQUIRED: entry('TLS alert: the broker demands a client certificate and the board sent none.', [
    'No client certificate is set on the board, or it was dropped (setInsecure() does that on arduino-esp32).',
  ]),
  UNRECOGNIZED_NAME: entry('TLS alert: the broker does not serve the name the board asked for.', [
    'The board connects by IP address or by another name than the broker is set up for.',
  ]),
  DECRYPT_ERROR: entry('TLS alert: a signature did not verify.', [
    'The private key does not belong to the certificate, or memory was damaged.',
  ]),
};

const ALIASES: Readonly<Record<string, string>> = {
  CERTIFICATE_EXPIRED: 'CERT_EXPIRED',
  CERTIFICATE_REQUIRED: 'CERT_REQUIRED',
};

/** `MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA`, `BR_ALERT_UNKNOWN_CA`, `SSL_R_TLSV1_ALERT_UNKNOWN_CA` … -> their entry. */
export function alertEntry(name: string): Entry | undefined {
  const description = /_ALERT_(?:MSG_)?([A-Z_]+)$/.exec(name)?.[1];
  return description === undefined ? undefined : ENTRIES[ALIASES[description] ?? description];
}
