// The rest of BearSSL's errors, its light client on Tasmota, and axTLS of old ESP8266 cores.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';
import { diagnose, memoryFixes, readBrokerLog } from './shared';

const ssl = entriesFrom('bearssl inc/bearssl_ssl.h');
const x509 = entriesFrom('bearssl inc/bearssl_x509.h');
const light = entriesFrom('Tasmota lib/lib_ssl/tls_mini/src/WiFiClientSecureLightBearSSL.h');
const ax = entriesFrom('axTLS ssl/ssl.h; ESP8266 Arduino before 2.5, ESP8266_NONOS_SDK');

const certificateUnreadable = x509(
  'BearSSL cannot read the certificate that arrived.',
  ['It is damaged or of a kind BearSSL does not know; with little heap the bytes may be lost on the way.'],
  ['Check the chain of the broker: openssl s_client -showcerts -connect HOST:8883', ...memoryFixes],
);
const outOfStep = ssl(
  'A TLS message arrived that BearSSL does not expect or accept.',
  [
    'The port speaks another protocol, or a device between answers in place of the broker.',
    'The broker uses a version or extension BearSSL does not do: it knows TLS 1.0 to 1.2, not 1.3.',
  ],
  ['Allow TLS 1.2 on the broker.', diagnose],
);
const chain = x509(
  'BearSSL refused the chain of certificates.',
  ['A certificate of the chain is not signed by the next one, is no CA, or may not be used to sign.'],
  [
    'Let the broker send leaf and intermediates in order; issue CAs with basicConstraints CA:TRUE and keyCertSign.',
    diagnose,
  ],
);
const clientError = ssl('The firmware used BearSSL in a way it does not accept.', [
  'The client was not set up, or was used after it was stopped.',
]);
const axCertificate = ax(
  'axTLS refused the certificate.',
  ['It knows RSA and SHA-1/SHA-256 only, checks the fingerprint or CA it was given, and no more.'],
  ['Update the ESP8266 core: BearSSL replaced axTLS in 2.5.', diagnose],
);
const axHandshake = ax(
  'axTLS could not finish the handshake.',
  ['It knows TLS up to 1.2 with RSA key exchange only, and most brokers want ECDHE today.', 'The heap ran out.'],
  ['Update the ESP8266 core: BearSSL replaced axTLS in 2.5.'],
);
const axLost = ax('The TLS connection was lost.', ['The other side closed it, or Wi-Fi went away.'], [readBrokerLog]);

export const bearsslRareEntries: Readonly<Record<string, Entry>> = {
  ...named(['BR_ERR_BAD_PARAM', 'BR_ERR_BAD_STATE', 'BR_ERR_OVERSIZED_ID', 'BR_ERR_BAD_SNI'], clientError),
  ...named(
    [
      'BR_ERR_UNSUPPORTED_VERSION',
      'BR_ERR_BAD_VERSION',
      'BR_ERR_UNKNOWN_TYPE',
      'BR_ERR_UNEXPECTED',
      'BR_ERR_BAD_CCS',
      'BR_ERR_BAD_ALERT',
      'BR_ERR_BAD_HANDSHAKE',
      'BR_ERR_BAD_LENGTH',
      'BR_ERR_BAD_COMPRESSION',
      'BR_ERR_BAD_SECRENEG',
      'BR_ERR_EXTRA_EXTENSION',
      'BR_ERR_BAD_HELLO_DONE',
      'BR_ERR_RESUME_MISMATCH',
      'BR_ERR_LIMIT_EXCEEDED',
    ],
    outOfStep,
  ),
  BR_ERR_BAD_FRAGLEN: ssl(
    'The broker does not agree to the small records that were asked for.',
    ['setBufferSizes() asked for them, and the broker does not do max fragment length.'],
    ['Use probeMaxFragmentLength() first, or a receive buffer of 16384 bytes.'],
  ),
  ...named(
    ['BR_ERR_BAD_MAC', 'BR_ERR_BAD_FINISHED'],
    ssl(
      'A record or the end of the handshake does not prove genuine.',
      ['Data was changed on its way, or memory was damaged.'],
      [diagnose],
    ),
  ),
  BR_ERR_NO_RANDOM: ssl('BearSSL has no random numbers.', ['The engine was used without a seed.']),
  ...named(
    ['BR_ERR_BAD_CIPHER_SUITE', 'BR_ERR_INVALID_ALGORITHM'],
    ssl(
      'Board and broker have no cipher suite or algorithm in common.',
      ['The list of setCiphers() is too short, or the key of the broker is of another type.'],
      ['Leave setCiphers() out, or add the suites of the broker to its list.', diagnose],
    ),
  ),
  ...named(
    ['BR_ERR_BAD_SIGNATURE', 'BR_ERR_X509_BAD_SIGNATURE'],
    x509(
      'A signature does not verify.',
      [
        'Another CA with the same name signed it, or the key of the broker changed and setKnownKey() holds the old one.',
      ],
      [diagnose],
    ),
  ),
  BR_ERR_WRONG_KEY_USAGE: x509(
    'The certificate of the broker may not be used for this key exchange.',
    ['Its keyUsage lacks digitalSignature (ECDHE) or keyEncipherment (RSA).'],
    [{ text: 'Issue it with both.', command: 'secureIot.generateCertificates' }],
  ),
  BR_ERR_NO_CLIENT_AUTH: ssl(
    'The broker demands a client certificate and the board has none.',
    ['setClientRSACert() or setClientECCert() was not called.'],
    ['Give the board its certificate and key with one of the two.'],
  ),
  ...named(
    [
      'BR_ERR_X509_INVALID_VALUE',
      'BR_ERR_X509_TRUNCATED',
      'BR_ERR_X509_INNER_TRUNC',
      'BR_ERR_X509_BAD_TAG_CLASS',
      'BR_ERR_X509_BAD_TAG_VALUE',
      'BR_ERR_X509_INDEFINITE_LENGTH',
      'BR_ERR_X509_EXTRA_ELEMENT',
      'BR_ERR_X509_UNEXPECTED',
      'BR_ERR_X509_NOT_CONSTRUCTED',
      'BR_ERR_X509_NOT_PRIMITIVE',
      'BR_ERR_X509_PARTIAL_BYTE',
      'BR_ERR_X509_BAD_BOOLEAN',
      'BR_ERR_X509_OVERFLOW',
      'BR_ERR_X509_BAD_DN',
      'BR_ERR_X509_BAD_TIME',
      'BR_ERR_X509_LIMIT_EXCEEDED',
    ],
    certificateUnreadable,
  ),
  BR_ERR_X509_UNSUPPORTED: x509(
    'The certificate uses an algorithm BearSSL does not know.',
    ['RSA-PSS, Ed25519, or a curve other than P-256, P-384 and P-521.'],
    ['Issue certificates with ECDSA P-256 or RSA 2048 and SHA-256.'],
  ),
  BR_ERR_X509_WRONG_KEY_TYPE: x509(
    'The key of the broker is not of the type the cipher suite needs.',
    ['The broker was given an RSA certificate and offers ECDSA suites only, or the reverse.'],
    [diagnose],
  ),
  BR_ERR_X509_EMPTY_CHAIN: x509(
    'The broker sent no certificate.',
    ['It is not set up with one (PSK only), or the port is not the TLS one.'],
    [diagnose],
  ),
  ...named(['BR_ERR_X509_DN_MISMATCH', 'BR_ERR_X509_NOT_CA', 'BR_ERR_X509_FORBIDDEN_KEY_USAGE'], chain),
  BR_ERR_X509_CRITICAL_EXTENSION: x509(
    'A certificate holds a critical extension BearSSL does not know.',
    ['Name constraints or policies marked critical.'],
    ['Issue the CA without them, or not critical.'],
  ),
  BR_ERR_X509_WEAK_PUBLIC_KEY: x509(
    'The key in the certificate is too short.',
    ['RSA below 1017 bits.'],
    ['Issue RSA 2048 or ECDSA P-256.'],
  ),
  ...named(
    ['BR_ERR_RECV_FATAL_ALERT'],
    ssl(
      'The broker sent a fatal TLS alert: it refused this board.',
      ['256 is subtracted from the number to get the alert.'],
      [diagnose, readBrokerLog],
    ),
  ),
  ...named(
    ['BR_ERR_SEND_FATAL_ALERT'],
    ssl(
      'The board refused the broker and sent it a fatal TLS alert.',
      ['512 is subtracted from the number to get the alert.'],
      [diagnose],
    ),
  ),
  ESPEASY_TLS_ERROR: light(
    'ESPEasy: the TLS connection could not be opened.',
    [
      '-1000 is memory, -1001 the name, -1002 the TCP connection (address, port, firewall, or a controller timeout that is too short).',
    ],
    ['Raise the timeout of the controller to 1000 ms or more, and check host and port.'],
  ),
  ERR_CANT_RESOLVE_IP: light(
    'The name of the broker could not be resolved.',
    ['A typing error, or no DNS server.'],
    ['Use the IP address, or test the name with nslookup in the same network.'],
  ),
  ERR_TCP_CONNECT: light(
    'The TCP connection could not be opened: TLS never started.',
    ['Wrong address or port, a firewall, or a broker that is down.'],
    ['From a computer in the same network: openssl s_client -connect HOST:8883'],
  ),
  ERR_MISSING_CA: light(
    'No CA is set to check the broker with.',
    ['This build has neither a CA nor a fingerprint for the connection.'],
    ['Set the fingerprint (MqttFingerprint), or build with the CA of the broker.'],
  ),

  ...named(['SSL_ERROR_DEAD', 'SSL_ERROR_CONN_LOST'], axLost),
  ...named(
    [
      'SSL_ERROR_INVALID_HANDSHAKE',
      'SSL_ERROR_INVALID_PROT_MSG',
      'SSL_ERROR_INVALID_VERSION',
      'SSL_ERROR_NO_CIPHER',
      'SSL_ERROR_UNSUPPORTED_EXTENSION',
      'SSL_ERROR_INVALID_SESSION',
      'SSL_ERROR_NO_CLIENT_RENOG',
      'SSL_ERROR_FINISHED_INVALID',
      'SSL_ERROR_INVALID_HMAC',
    ],
    axHandshake,
  ),
  SSL_ERROR_RECORD_OVERFLOW: ax(
    'A TLS record is larger than the buffer.',
    ['axTLS cannot ask for smaller records.'],
    ['Update the ESP8266 core: BearSSL replaced axTLS in 2.5.'],
  ),
  ...named(
    [
      'SSL_ERROR_BAD_CERTIFICATE',
      'SSL_ERROR_INVALID_CERT_HASH_ALG',
      'SSL_ERROR_NO_CERT_DEFINED',
      'SSL_ERROR_INVALID_KEY',
      'SSL_ERROR_NOT_SUPPORTED',
    ],
    axCertificate,
  ),
  SSL_ERROR_SOCK_SETUP_FAILURE: ax('The socket under TLS could not be set up.', ['The TCP connection failed.']),
};
