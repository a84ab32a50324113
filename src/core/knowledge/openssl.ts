// The broker's side of a failed handshake, as OpenSSL says it.
import { type AlertDirection, alertEntry } from './alerts';
import type { Entry } from './entry';
import { diagnose } from './shared';

const H = 'openssl include/openssl/sslerr.h';

const entry = (title: string, causes: readonly string[], fixes: Entry['fixes'] = [diagnose]): Entry => ({
  title,
  causes: causes.map((text) => ({ text, source: H })),
  fixes,
  sources: [H],
});

export const opensslEntries: Readonly<Record<string, Entry>> = {
  SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: entry('The broker demands a client certificate and the board sent none.', [
    'require_certificate is true on the broker and the firmware sets no certificate (or dropped it: setInsecure() does on arduino-esp32).',
  ]),
  SSL_R_WRONG_VERSION_NUMBER: entry('What arrived at the TLS port is not TLS.', [
    'A client without TLS connects to port 8883.',
  ]),
  SSL_R_UNKNOWN_PROTOCOL: entry('What arrived at the TLS port is not TLS, or a version the broker does not know.', [
    'A client without TLS connects to port 8883.',
  ]),
  SSL_R_HTTP_REQUEST: entry('A browser or HTTP client spoke plain HTTP to the TLS port.', [
    'http:// instead of https://, or a WebSocket without TLS.',
  ]),
  SSL_R_NO_SHARED_CIPHER: entry('Board and broker have no cipher suite in common.', [
    'The broker has an ECDSA certificate and the board does RSA only, or the reverse, or the ciphers are restricted.',
  ]),
  SSL_R_CERTIFICATE_VERIFY_FAILED: entry("The broker refused the board's client certificate.", [
    'Its CA is not in cafile, or it is expired, revoked, or not for clientAuth.',
  ]),
  SSL_R_UNSUPPORTED_PROTOCOL: entry('The client offers only TLS versions that the broker does not allow.', [
    'An old firmware, or tls_version set too high on the broker.',
  ]),
  MOSQ_ERR_TLS: entry(
    'mosquitto: the TLS handshake failed; it does not say why here.',
    ['The log of the other side names the alert.'],
    [diagnose],
  ),
  PEM_R_NO_START_LINE: entry(
    'The file holds no PEM block.',
    ['A DER file, an empty one, or a key where a certificate is expected.'],
    [{ text: 'Convert it: openssl x509 -inform der -in FILE -out FILE.pem' }],
  ),
};

/** Its own entry, or that of the alert it names. */
export function opensslEntry(name: string, direction: AlertDirection): Entry | undefined {
  return opensslEntries[name] ?? alertEntry(name, direction);
}
