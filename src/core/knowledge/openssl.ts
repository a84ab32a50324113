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

const verify = (title: string, cause: string, fix: string): Entry => ({
  title,
  causes: [{ text: cause, source: 'openssl include/openssl/x509_vfy.h' }],
  fixes: [{ text: fix }, diagnose],
  sources: ['openssl include/openssl/x509_vfy.h'],
});
const noIssuer = verify(
  'A certificate leads to no CA that the checking side trusts.',
  'The CA is missing in its cafile, or the other side does not send its intermediate certificate.',
  'Give the checking side the root CA; let the other side send leaf and intermediates.',
);
const selfSigned = verify(
  'A self-signed certificate that the checking side does not trust.',
  'The certificate of a private CA, or one that signed itself, is not in its cafile.',
  'Put exactly that CA into the cafile of the checking side.',
);
const wrongName = verify(
  'The certificate does not hold the name or address that was connected to.',
  'The client connects by IP address or another name than the subject alternative names list.',
  'Connect by a name of the certificate, or issue one with that name or address.',
);
const dates = verify(
  'By the clock of the checking side the certificate is not valid now.',
  'It ran out or is not valid yet, or that clock is wrong.',
  'Look at the dates: openssl x509 -in FILE -noout -dates',
);

export const opensslEntries: Readonly<Record<string, Entry>> = {
  X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT: noIssuer,
  X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noIssuer,
  X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: noIssuer,
  X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  X509_V_ERR_HOSTNAME_MISMATCH: wrongName,
  X509_V_ERR_IP_ADDRESS_MISMATCH: wrongName,
  X509_V_ERR_CERT_HAS_EXPIRED: dates,
  X509_V_ERR_CERT_NOT_YET_VALID: dates,
  X509_V_ERR_CERT_SIGNATURE_FAILURE: verify(
    'The signature of a certificate does not verify.',
    'Another CA of the same name signed it: the CA was made again and the certificates were not.',
    'Issue the certificates again with the CA that is in use.',
  ),
  X509_V_ERR_CERT_REVOKED: verify(
    'The certificate is revoked.',
    'It stands on the revocation list of the checking side.',
    'Issue a new certificate.',
  ),
  X509_V_ERR_INVALID_CA: verify(
    'A certificate of the chain is no CA.',
    'It lacks basicConstraints CA:TRUE or keyCertSign.',
    'Make the CA with both; secure-iot certs does.',
  ),
  X509_V_ERR_INVALID_PURPOSE: verify(
    'The certificate may not be used for this.',
    'A client certificate without clientAuth, or a server certificate without serverAuth.',
    'Issue it with the right extended key usage.',
  ),
  SSL_R_UNEXPECTED_EOF_WHILE_READING: entry('The client closed the TCP connection without ending TLS.', [
    'The board was reset, lost Wi-Fi or ran out of memory, or its client was stopped in the middle.',
    'A port check or monitoring probe that connects and goes away: harmless.',
  ]),
  SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC: entry('A record that arrived does not prove genuine.', [
    'The client sent damaged data: overwritten memory, or two tasks on one connection; with a pre-shared key, another key.',
  ]),
  SSL_R_SSL_HANDSHAKE_FAILURE: entry('The handshake failed; the line before names the reason.', [
    'The alert or error above is the cause.',
  ]),
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
