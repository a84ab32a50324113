// Why a client's TLS handshake with our broker failed, from what OpenSSL says on the broker's side.
import { alertName, alertNumberIn, CERTIFICATE_ALERT_REASONS } from './alerts';

/** What the broker's TLS library knows about a failed handshake. */
export interface HandshakeFailure {
  /** Node's error code, for example `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA` or `ECONNRESET`. */
  readonly code: string;
  readonly message: string;
  /** X.509 code of the client certificate's verification, for example `UNABLE_TO_GET_ISSUER_CERT_LOCALLY`. */
  readonly clientCertificateError?: string;
  /** Bytes that came from the client before the end; 0 for a port check. */
  readonly bytesReceived?: number;
}

export interface HandshakeRefusal {
  readonly refusedBy: 'client' | 'broker' | 'unknown';
  /** Stable, for example `alert-unknown-ca`, `client-certificate-missing`. */
  readonly code: string;
  /** One sentence: what happened. */
  readonly reason: string;
  /** What to do next. */
  readonly advice: string;
  /** What such a board most likely prints, where that is known. */
  readonly deviceCode?: string;
}

const MBEDTLS_VERIFY_FAILED = '-0x2700 (Mbed TLS: X509_CERT_VERIFY_FAILED)';
const MBEDTLS_FATAL_ALERT = '-0x7780 (Mbed TLS: SSL_FATAL_ALERT_MESSAGE)';

const RULES: readonly [RegExp, HandshakeRefusal][] = [
  [
    /PEER_DID_NOT_RETURN_A_CERTIFICATE/,
    {
      refusedBy: 'broker',
      code: 'client-certificate-missing',
      reason: 'The client sent no certificate, and this broker asks for one.',
      advice:
        'Give the device its certificate and key (setCertificate and setPrivateKey on Arduino), or start the broker without client certificates.',
      deviceCode: MBEDTLS_FATAL_ALERT,
    },
  ],
  [
    /HTTP_REQUEST/,
    {
      refusedBy: 'broker',
      code: 'http-on-tls-port',
      reason: 'Something sent a plain HTTP request to the TLS port.',
      advice: 'Use an MQTT client with TLS (mqtts://) on this port.',
    },
  ],
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL/,
    {
      refusedBy: 'broker',
      code: 'not-tls',
      reason: 'The client did not speak TLS on the TLS port; a plain MQTT client does this.',
      advice: 'Use a TLS client in the sketch (WiFiClientSecure or NetworkClientSecure), or mqtts:// in the URI.',
    },
  ],
  [
    /UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW/,
    {
      refusedBy: 'broker',
      code: 'tls-version',
      reason: 'The client offers only TLS 1.1 or older; this broker takes TLS 1.2 and 1.3.',
      advice: 'Switch TLS 1.2 on in the device (CONFIG_MBEDTLS_SSL_PROTO_TLS1_2) or update its TLS library.',
      deviceCode: MBEDTLS_FATAL_ALERT,
    },
  ],
  [
    /NO_SHARED_CIPHER|NO_SUITABLE_SIGNATURE_ALGORITHM|NO_SUITABLE_KEY_SHARE/,
    {
      refusedBy: 'broker',
      code: 'no-shared-cipher',
      reason: 'Client and broker have no cipher suite, curve or signature algorithm in common.',
      advice:
        'Use an ECDSA P-256 or RSA 2048 broker certificate, and look at the cipher suites that the device has on.',
      deviceCode: MBEDTLS_FATAL_ALERT,
    },
  ],
  [
    /HANDSHAKE_TIMEOUT/,
    {
      refusedBy: 'broker',
      code: 'handshake-timeout',
      reason: 'The client connected and did not finish the TLS handshake in time.',
      advice: 'A plain client, a port scan, or a board that stopped: look at what it prints.',
    },
  ],
];

const CLIENT_CERTIFICATE_REASONS: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'it is not signed by this broker’s CA',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it is not signed by this broker’s CA',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'it comes from another CA',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  CERT_SIGNATURE_FAILURE: 'its signature does not match: it is signed by a CA of the same name, but not by this one',
  INVALID_PURPOSE: 'its extended key usage has no clientAuth: it is a broker certificate',
  CERT_REVOKED: 'it has been revoked',
  CRL_HAS_EXPIRED: 'the revocation list of the CA has ended; "secure-iot certs crl" makes a new one',
  UNABLE_TO_GET_CRL: 'there is no revocation list for the CA that signed it',
};

/** Says who refused and why. An unknown failure keeps the library's own text. */
export function explainHandshakeFailure(failure: HandshakeFailure): HandshakeRefusal {
  const { code, message, clientCertificateError } = failure;
  if (clientCertificateError) {
    const why = CLIENT_CERTIFICATE_REASONS[clientCertificateError] ?? 'it did not verify';
    return {
      refusedBy: 'broker',
      code: 'client-certificate-refused',
      reason: `The client certificate was refused: ${why} (${clientCertificateError}).`,
      advice: 'Issue a device certificate from the CA of this workspace and put it on the device with its key.',
    };
  }
  const alert = alertNumberIn(message);
  if (alert !== undefined) return explainClientAlert(alert);
  const rule = RULES.find(([pattern]) => pattern.test(code));
  if (rule) return rule[1];
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    if (failure.bytesReceived === 0) {
      return {
        refusedBy: 'client',
        code: 'no-hello',
        reason: 'The client connected and closed without sending anything; a port check does this.',
        advice: 'Nothing to do.',
      };
    }
    return {
      refusedBy: 'unknown',
      code: 'closed-in-handshake',
      reason: 'The client closed the connection in the middle of the handshake without saying why.',
      advice: 'It may be out of memory, have timed out, been reset, or be a port scan: look at what the board prints.',
    };
  }
  return {
    refusedBy: 'unknown',
    code: 'handshake-failed',
    reason: `The TLS handshake failed: ${message} (${code}).`,
    advice: 'Look at what the board prints at the same moment.',
  };
}

function explainClientAlert(number: number): HandshakeRefusal {
  const name = alertName(number);
  const code = `alert-${name.replace(/[_ ]/g, '-')}`;
  const certificateReason = CERTIFICATE_ALERT_REASONS[number];
  if (certificateReason) {
    return {
      refusedBy: 'client',
      code,
      reason: `The client refused the broker: ${certificateReason} (alert ${number}, ${name}).`,
      advice:
        number === 48
          ? 'Put the CA certificate of this workspace into the sketch (ROOT_CA), whole and unchanged.'
          : number === 42
            ? 'Issue a broker certificate whose SAN has the exact name or address that the device connects to.'
            : 'Run Diagnose Connection: it repeats the check with the board’s own files and rules.',
      deviceCode: MBEDTLS_VERIFY_FAILED,
    };
  }
  return {
    refusedBy: 'client',
    code,
    reason: `The client ended the handshake with alert ${number} (${name}).`,
    advice: 'Look at what the board prints at the same moment.',
  };
}
