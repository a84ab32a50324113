// Explains the lines of a mosquitto log that are about TLS and access: mosquitto repeats OpenSSL and says no more.
import { CERTIFICATE_ALERT_REASONS } from '../tls/alerts';

export interface LineExplanation {
  readonly reason: string;
  readonly advice: string;
}

/** OpenSSL's words for an alert that came from the client -> its number. */
const ALERTS: readonly (readonly [RegExp, number])[] = [
  [/alert unknown ca/i, 48],
  [/alert bad certificate(?! status)/i, 42],
  [/alert unsupported certificate/i, 43],
  [/alert certificate revoked/i, 44],
  [/alert certificate expired/i, 45],
  [/alert certificate unknown/i, 46],
  [/alert access denied/i, 49],
];

const RULES: readonly (readonly [pattern: RegExp, reason: string, advice: string])[] = [
  [
    /peer did not return a certificate/i,
    'A client showed no certificate, and require_certificate is true. The device prints -0x7780 (Mbed TLS 2.28 to 3.6).',
    'Give the device its certificate and key, or set require_certificate to false.',
  ],
  [
    /wrong version number|http request|packet length too long/i,
    'Something spoke to the TLS port without TLS: a plain MQTT client, a browser or a port scan.',
    'Use mqtts:// or a TLS client in the sketch for this port.',
  ],
  [
    /unsupported protocol|version too low/i,
    'A client offered only TLS versions older than tls_version allows.',
    'Switch TLS 1.2 on in the device (CONFIG_MBEDTLS_SSL_PROTO_TLS1_2).',
  ],
  [
    /no shared cipher|no suitable signature algorithm/i,
    'Client and broker have no cipher suite or signature algorithm in common.',
    'Use an ECDSA P-256 or RSA 2048 broker certificate, and take a narrow "ciphers" line out of mosquitto.conf.',
  ],
  [
    /certificate verify failed/i,
    'The broker refused a client certificate: it is not of the CA in cafile, has expired, or is on the revocation list.',
    'Issue the device a certificate from that CA; check that cafile and crlfile are the current ones.',
  ],
  [
    /unable to load server key file|key values mismatch/i,
    'The broker’s key cannot be read, or is not the certificate’s.',
    'Check keyfile: the pair must have been issued together, and the user "mosquitto" must be able to read it.',
  ],
  [
    /unable to load (?:ca|server) certificate/i,
    'A certificate file of the configuration cannot be read.',
    'Check the path and that the user "mosquitto" may read it.',
  ],
  [
    /disconnected,? not authori[sz]ed|not authori[sz]ed/i,
    'The login was refused: wrong user name or password, or a user name that is not there.',
    'Check password_file, and whether use_identity_as_username is set for client certificates.',
  ],
  [
    /denied (?:publish|subscribe)/i,
    'The access list does not let this client use that topic.',
    'Look at acl_file: with "pattern readwrite devices/%u/#" a device may only use its own topics.',
  ],
  [
    /address already in use/i,
    'The port is taken, by another mosquitto as a rule.',
    'Stop the system’s own service (systemctl stop mosquitto), or choose another port.',
  ],
  [
    /unexpected eof while reading/i,
    'A client closed the connection in the middle of the TLS handshake without a word.',
    'It ran out of memory, was reset, or is a port check: look at what the board prints.',
  ],
];

/** Undefined: nothing about TLS or access that is known. */
export function explainMosquittoLine(text: string): LineExplanation | undefined {
  const alert = ALERTS.find(([pattern]) => pattern.test(text))?.[1];
  if (alert !== undefined) {
    return {
      reason: `A client refused the broker’s certificate (alert ${alert}): ${CERTIFICATE_ALERT_REASONS[alert]}. The device prints -0x2700 (Mbed TLS).`,
      advice:
        alert === 48
          ? 'Put the CA that issued the broker’s certificate into the sketch.'
          : alert === 42
            ? 'Issue a broker certificate whose SAN has the exact name or address that the device connects to.'
            : 'Run Diagnose Connection with the project: it repeats the check with the board’s own rules.',
    };
  }
  const rule = RULES.find(([pattern]) => pattern.test(text));
  return rule ? { reason: rule[1], advice: rule[2] } : undefined;
}
