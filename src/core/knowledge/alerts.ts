// TLS alerts by their description, whoever prints them: Mbed TLS, BearSSL, axTLS, or OpenSSL on the broker. Who sent the
// alert matters more than its name: the sender is the one that refuses.
import type { Hit } from '../decode/recognizer';
import type { Entry, FixRule } from './entry';
import { tls13 } from './repairs';
import { diagnose, readBrokerLog } from './shared';

const RFC = 'RFC 5246 section 7.2.2; RFC 8446 section 6.2; RFC 6066 section 3';

/** As seen from the board; `logged`: received by the side whose log it is, a broker's or a client's. */
export type AlertDirection = 'received' | 'sent' | 'logged' | 'unknown';

interface Alert {
  readonly title: string;
  /** Causes where the broker sent it, and where the board did. */
  readonly received: readonly string[];
  readonly sent: readonly string[];
  readonly fixes?: readonly FixRule[];
  /** What helps only where the broker sent it. */
  readonly receivedFixes?: readonly FixRule[];
}

const noCommon: Alert = {
  title: 'no protocol version, cipher suite or certificate that both sides accept.',
  received: [
    'The broker wants a client certificate and got none, or one it cannot use.',
    'No cipher suite or key type in common (an ECDSA certificate and a client that does RSA only, for one).',
    'The server name (SNI) is missing or unknown.',
  ],
  sent: ['The broker chose a suite, key or version that the firmware leaves out.'],
};
const badCertificate: Alert = {
  title: 'the certificate that was shown is refused.',
  received: [
    "The broker refuses the board's client certificate: broken, of the wrong kind, not for clientAuth, or signed in a way it does not accept.",
  ],
  sent: [
    "The board refuses the broker's certificate: another CA than the one in the firmware, another name, or a weak key.",
  ],
};
const unknownCa: Alert = {
  title: 'the certificate that was shown leads to no CA that the other side trusts.',
  received: ["The broker does not know the CA of the board's client certificate: it is not in its cafile."],
  sent: ["The board does not know the CA of the broker's certificate: the firmware holds another CA."],
};
const version: Alert = {
  title: 'no protocol version in common.',
  received: ['The broker demands a newer TLS than the board offers (tls_version), or allows 1.3 only.'],
  sent: ['The broker answers with a TLS version that the firmware is not built for.'],
  receivedFixes: [tls13],
};
const damaged: Alert = {
  title: 'a record or message could not be read or proved genuine.',
  received: ['What the board sent arrived damaged: memory was overwritten, or two tasks used one connection.'],
  sent: ['What arrived is damaged, or no TLS: another protocol on that port, or a device between.'],
};
const outOfPlace: Alert = {
  title: 'a message arrived that does not belong there.',
  received: ['The broker did not expect what the board sent: another version, extension or order of messages.'],
  sent: ['The board did not expect what the broker sent: another version, extension or order of messages.'],
};
const ends: Alert = {
  title: 'the session ends; that is no failure.',
  received: ['The broker closes the connection: the lines around say why, if there is a reason.'],
  sent: ['The board closes the connection.'],
  fixes: [readBrokerLog],
};

const ALERTS: Readonly<Record<string, Alert>> = {
  CLOSE_NOTIFY: ends,
  USER_CANCELED: ends,
  NO_RENEGOTIATION: {
    title: 'a renegotiation was refused; by itself that is no failure.',
    received: ['The board asked to negotiate again, which brokers refuse today.'],
    sent: ['The broker asked to negotiate again, and the firmware is built without that.'],
    fixes: [readBrokerLog],
  },
  HANDSHAKE_FAILURE: noCommon,
  INSUFFICIENT_SECURITY: noCommon,
  BAD_CERT: badCertificate,
  UNSUPPORTED_CERT: badCertificate,
  CERT_UNKNOWN: badCertificate,
  UNKNOWN_CA: unknownCa,
  PROTOCOL_VERSION: version,
  INVALID_VERSION: version,
  INAPROPRIATE_FALLBACK: version,
  BAD_RECORD_MAC: damaged,
  DECRYPTION_FAILED: damaged,
  DECOMPRESSION_FAILURE: damaged,
  DECODE_ERROR: damaged,
  UNEXPECTED_MESSAGE: outOfPlace,
  ILLEGAL_PARAMETER: outOfPlace,
  MISSING_EXTENSION: outOfPlace,
  UNSUPPORTED_EXT: outOfPlace,
  EXPORT_RESTRICTION: noCommon,
  RECORD_OVERFLOW: {
    title: 'a record is larger than the receiver allows.',
    received: ['The board sent more in one record than the broker takes.'],
    sent: ['The broker sends records larger than the input buffer of the board (CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN).'],
  },
  CERT_EXPIRED: {
    title: 'the certificate that was shown is expired, by the clock of the side that refused it.',
    received: ["The board's client certificate ran out, or the clock of the broker is wrong."],
    sent: ["The broker's certificate ran out, or the clock of the board is wrong."],
  },
  CERT_REVOKED: {
    title: 'the certificate that was shown is revoked.',
    received: ["The board's client certificate is on the broker's revocation list (crlfile)."],
    sent: ["The broker's certificate is on the revocation list of the board."],
  },
  NO_CERT: {
    title: 'no certificate was sent (SSL 3.0).',
    received: ['The other side is very old.'],
    sent: ['The other side is very old.'],
  },
  CERT_REQUIRED: {
    title: 'the broker demands a client certificate and the board sent none.',
    received: [
      'No client certificate is set on the board, or it was dropped (setInsecure() does that on arduino-esp32).',
    ],
    sent: ['As a server, the board demands a client certificate and got none.'],
  },
  ACCESS_DENIED: {
    title: 'the certificate is valid, but access is denied.',
    received: ['An access rule of the broker refuses this board.'],
    sent: ['The board refuses the other side.'],
  },
  UNRECOGNIZED_NAME: {
    title: 'the broker does not serve the name the board asked for.',
    received: ['The board connects by IP address or by another name than the broker is set up for.'],
    sent: ['As a server, the board does not know the name the client asked for.'],
  },
  UNKNOWN_PSK_IDENTITY: {
    title: 'the identity of the pre-shared key is not known.',
    received: ["The board's identity is not in the psk_file of the broker."],
    sent: ['As a server, the board does not know the identity of the client.'],
  },
  NO_APPLICATION_PROTOCOL: {
    title: 'no ALPN protocol in common.',
    received: [
      'The broker does not speak the protocol that the board names (AWS IoT wants x-amzn-mqtt-ca on port 443).',
    ],
    sent: ['As a server, the board does not speak what the client asked for.'],
  },
  DECRYPT_ERROR: {
    title: 'a signature did not verify.',
    received: ["The board's private key does not belong to its certificate."],
    sent: [
      'The signature of the broker or of its certificate is wrong: another CA of the same name, or damaged memory.',
    ],
  },
  INTERNAL_ERROR: {
    title: 'the sender ran into an error of its own.',
    received: ['The broker has trouble of its own: its files, memory, or a plug-in.'],
    sent: ['The board ran out of memory, or its crypto failed: see the code beside the alert.'],
    fixes: [readBrokerLog],
  },
};

const ALIASES: Readonly<Record<string, string>> = {
  BAD_CERTIFICATE: 'BAD_CERT',
  UNSUPPORTED_CERTIFICATE: 'UNSUPPORTED_CERT',
  CERTIFICATE_UNKNOWN: 'CERT_UNKNOWN',
  CERTIFICATE_EXPIRED: 'CERT_EXPIRED',
  CERTIFICATE_REVOKED: 'CERT_REVOKED',
  CERTIFICATE_REQUIRED: 'CERT_REQUIRED',
  NO_CERTIFICATE: 'NO_CERT',
  UNSUPPORTED_EXTENSION: 'UNSUPPORTED_EXT',
  INAPPROPRIATE_FALLBACK: 'INAPROPRIATE_FALLBACK',
  USER_CANCELLED: 'USER_CANCELED',
};

/** `MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA`, `BR_ALERT_UNKNOWN_CA`, `SSL_R_TLSV1_ALERT_UNKNOWN_CA` … -> their entry. */
export function alertEntry(name: string, direction: AlertDirection = 'unknown'): Entry | undefined {
  const description = /(?:_ALERT_(?:MSG_)?|^SSL_R_TLSV1_(?:ALERT_)?)([A-Z_]+)$/.exec(name)?.[1];
  const alert = description === undefined ? undefined : ALERTS[ALIASES[description] ?? description];
  if (!alert) return undefined;
  const [who, texts] = told(alert, direction);
  return {
    title: `TLS alert${who ? `, ${who}` : ''}: ${alert.title}`,
    causes: texts.map((text) => ({ text, source: RFC })),
    fixes: [
      ...(alert.fixes ?? [diagnose, readBrokerLog]),
      ...(direction === 'received' ? (alert.receivedFixes ?? []) : []),
    ],
    sources: [RFC],
  };
}

function told({ received, sent }: Alert, direction: AlertDirection): readonly [string, readonly string[]] {
  if (direction === 'received') return ['the broker sent it to the board', received];
  if (direction === 'sent') return ['the board sent it', sent];
  const [ifSent, ifReceived] =
    direction === 'logged'
      ? ["In the broker's log", "In a client's log"]
      : ['If the board sent it', 'If the board received it'];
  const both = [
    ...received.map((text) => `${ifReceived}: ${lower(text)}`),
    ...sent.map((text) => `${ifSent}: ${lower(text)}`),
  ];
  return ['', direction === 'logged' ? both.reverse() : both];
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Who sent the alert, as far as the line tells: Mbed TLS has two sentences, BearSSL two numbers, a broker's log is the broker's. */
export function alertDirection({ family, name, text }: Hit): AlertDirection {
  if (family === 'tls-alert')
    return /^message=/.test(text) ? 'sent' : /^msg |^\[2:/.test(text) ? 'received' : 'unknown';
  if (name === 'BR_ERR_RECV_FATAL_ALERT') return 'received';
  if (name === 'BR_ERR_SEND_FATAL_ALERT') return 'sent';
  if (family === 'axtls' || /^MBEDTLS_ERR_SSL_FATAL_ALERT/.test(name)) return 'received';
  return family === 'openssl' ? 'logged' : 'unknown'; // OpenSSL prints what it received
}
