// The broker's side of a failed handshake, as OpenSSL says it.
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

const keyFile = (title: string, cause: string, fix: string): Entry => ({
  title,
  causes: [{ text: cause, source: 'mosquitto.conf(5) certfile, keyfile, cafile' }],
  fixes: [{ text: fix }],
  sources: ['openssl include/openssl/x509err.h, pemerr.h; mosquitto.conf(5)'],
});
const weak = (what: string): Entry =>
  entry(
    `${what} is too weak for OpenSSL's security level.`,
    ['An RSA key under 2048 bit, SHA-1 or MD5: OpenSSL 3 at its default level refuses them.'],
    [{ text: 'Issue the certificates anew with P-256 or RSA 2048 and SHA-256; secure-iot certs does.' }],
  );
const noGroup = entry('Board and broker have no elliptic curve in common.', [
  'The firmware is built with few curves, or the broker is restricted to others (Groups, dhparamfile).',
]);
const noSignature = entry('Board and broker have no signature algorithm in common.', [
  "The broker's key is of a kind (Ed25519, RSA-PSS, P-521) or its certificate of a hash that the firmware's TLS library does not offer.",
]);

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
  X509_R_KEY_VALUES_MISMATCH: keyFile(
    'Key and certificate do not belong together.',
    'keyfile holds another key than the one that certfile was issued for.',
    'Compare the output of openssl x509 -in CERT -noout -pubkey and openssl pkey -in KEY -pubout.',
  ),
  ENOENT: keyFile(
    'There is no such file.',
    'A path in the configuration is wrong, or relative to another folder.',
    'Write absolute paths.',
  ),
  EACCES: keyFile(
    'The broker may not read this file.',
    'The broker runs as its own user (mosquitto), and the key is readable by its owner only.',
    'Give the file to the group of that user and make it readable for the group.',
  ),
  BIO_R_NO_SUCH_FILE: keyFile(
    'There is no such file; the line before names the reason.',
    'A path in the configuration is wrong.',
    'Write absolute paths.',
  ),
  SSL_R_CA_MD_TOO_WEAK: weak('The hash in a CA certificate'),
  SSL_R_CA_KEY_TOO_SMALL: weak('The key of a CA'),
  SSL_R_EE_KEY_TOO_SMALL: weak('The key of the certificate'),
  SSL_R_DH_KEY_TOO_SMALL: weak('The Diffie-Hellman group of the other side'),
  SSL_R_NO_SUITABLE_KEY_SHARE: noGroup,
  SSL_R_NO_SHARED_GROUPS: noGroup,
  SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM: noSignature,
  SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS: noSignature,
  SSL_R_BAD_SIGNATURE: entry('A signature of the handshake does not verify.', [
    'The key that signed is not the key of the certificate that was sent.',
  ]),
  SSL_R_HTTPS_PROXY_REQUEST: entry('A client used the TLS port as a proxy (CONNECT).', [
    'A proxy setting points at the broker; a scanner does it too.',
  ]),
  SSL_R_PROTOCOL_IS_SHUTDOWN: entry('Something was sent after the TLS session had ended.', [
    'The board closed the connection while the broker was still sending.',
  ]),
  SSL_R_SHUTDOWN_WHILE_IN_INIT: entry('The connection was closed in the middle of the handshake.', [
    'The board gave up: it was reset, timed out or ran out of memory; or a port check went away.',
  ]),
  SSL_R_PSK_IDENTITY_NOT_FOUND: entry('The broker does not know the pre-shared key identity of the board.', [
    'The identity is not in psk_file, or is written otherwise there.',
  ]),
  SSL_R_UNEXPECTED_MESSAGE: entry('A message came that has no place at this point of the handshake.', [
    'The other side is no TLS library of today, or two tasks use one connection.',
  ]),
  SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED: entry('The other side offers renegotiation only in its unsafe form.', [
    'It runs a TLS library without RFC 5746.',
  ]),
};
