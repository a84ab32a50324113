// Mbed TLS codes that are met now and then: what a certificate, key or record did wrong, by name or by group of names.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';
import { diagnose, MBEDTLS_SSL_H, MBEDTLS_X509_H, readBrokerLog } from './shared';

const ssl = entriesFrom(MBEDTLS_SSL_H);
const x509 = entriesFrom(MBEDTLS_X509_H);
const key = entriesFrom('mbedtls include/mbedtls/pk.h');
const pem = entriesFrom('mbedtls include/mbedtls/pem.h');
const net = entriesFrom('mbedtls include/mbedtls/net_sockets.h');
const crypto = entriesFrom('mbedtls include/mbedtls; esp-idf components/mbedtls/port');

const issueKey = {
  text: 'Issue a new ECDSA P-256 certificate and key for the board.',
  command: 'secureIot.generateCertificates',
};
const brokenCertificate = x509(
  'A field of the certificate cannot be read.',
  [
    'The certificate is damaged: bytes or line breaks were lost when it was copied.',
    'It was made by a tool that does not keep to the standard.',
  ],
  ['Check it: openssl x509 -in FILE -noout -text; a tool that prints it in full can read it.'],
);
const wrongPassword = key(
  'The password does not open the private key, or none was given.',
  ['The key is encrypted, and the firmware gives no password or another one.'],
  ['Take the password off: openssl pkey -in KEY -out KEY.plain (keep that file out of git).', issueKey],
);
const badKey = key(
  'The private or public key cannot be used.',
  ['Its type or curve is left out of this build, or it does not belong to the certificate.'],
  ['Check it: openssl pkey -in FILE -noout -text', issueKey],
);
const outOfStep = ssl(
  'A TLS message arrived that does not belong at this place.',
  [
    'The port speaks another protocol or version than the board expects.',
    'Two tasks use one connection at the same time, or a record was larger than the input buffer.',
  ],
  [diagnose, 'Use one client from one task; leave CONFIG_MBEDTLS_SSL_IN_CONTENT_LEN at 16384.'],
);
const handshake = ssl(
  'A message of the TLS handshake is not one the board accepts.',
  [
    'The broker uses a version, extension, key or signature type that this build leaves out.',
    'A device between (proxy, captive portal) answers in place of the broker.',
  ],
  [diagnose, 'See what the broker sends: openssl s_client -connect HOST:8883 -tls1_2'],
);
const version = ssl(
  'Board and broker have no TLS version in common.',
  ['The broker allows TLS 1.3 only and the board speaks 1.2, or the broker is older than 1.2.'],
  ['Allow TLS 1.2 on the broker, or build with CONFIG_MBEDTLS_SSL_PROTO_TLS1_3.', diagnose],
);
const random = crypto(
  'The random generator could not be started or fed.',
  ['The source of entropy failed; on ESP32 the radio or another source must run for true random numbers.'],
  ['Start Wi-Fi before TLS; look at the free heap as well.'],
);
const hardware = crypto('The crypto hardware reported an error.', [
  'The accelerator is in use or out of memory for its DMA buffers.',
]);
const wrongCall = crypto('A function of the crypto library was called with data it does not accept.', [
  'A null pointer, a wrong length, or a context that was not set up: as a rule a bug in the firmware.',
]);
const damaged = crypto('Decrypted data did not prove genuine.', [
  'The key is wrong, or the data was changed on its way or in memory.',
]);
const goOn = ssl('No error: the function wants to be called again when the socket is ready.', []);

export const mbedtlsRareEntries: Readonly<Record<string, Entry>> = {
  ...named(
    [
      'MBEDTLS_ERR_X509_INVALID_DATE',
      'MBEDTLS_ERR_X509_INVALID_EXTENSIONS',
      'MBEDTLS_ERR_X509_INVALID_NAME',
      'MBEDTLS_ERR_X509_INVALID_SERIAL',
      'MBEDTLS_ERR_X509_INVALID_VERSION',
      'MBEDTLS_ERR_X509_INVALID_ALG',
      'MBEDTLS_ERR_X509_INVALID_SIGNATURE',
      'MBEDTLS_ERR_X509_UNKNOWN_VERSION',
      'MBEDTLS_ERR_X509_SIG_MISMATCH',
      'MBEDTLS_ERR_X509_BAD_INPUT_DATA',
    ],
    brokenCertificate,
  ),
  MBEDTLS_ERR_X509_CERT_UNKNOWN_FORMAT: x509(
    'The text is neither a PEM nor a DER certificate.',
    ['Another kind of file (a key, a request), or a PEM text whose final NUL is not counted in its length.'],
    ['Check it: openssl x509 -in FILE -noout -text', 'Pass strlen(pem) + 1 to mbedtls_x509_crt_parse().'],
  ),
  ...named(
    ['MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG', 'MBEDTLS_ERR_X509_UNKNOWN_OID', 'MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE'],
    x509(
      'The certificate uses an algorithm that this build does not know.',
      ['SHA-1, SHA-512, RSA-PSS, Ed25519 or a curve that is left out of menuconfig.'],
      ['Issue certificates with ECDSA P-256 or RSA 2048 and SHA-256.', issueKey],
    ),
  ),
  ...named(
    [
      'MBEDTLS_ERR_X509_FILE_IO_ERROR',
      'MBEDTLS_ERR_PK_FILE_IO_ERROR',
      'MBEDTLS_ERR_MPI_FILE_IO_ERROR',
      'MBEDTLS_ERR_DHM_FILE_IO_ERROR',
    ],
    x509(
      'The file with the certificate or key cannot be read.',
      ['It is not in the file system of the board, or the path is wrong.'],
      ['List the files of the board; flash the file system again.'],
    ),
  ),
  ...named(
    ['MBEDTLS_ERR_PEM_INVALID_DATA', 'MBEDTLS_ERR_BASE64_INVALID_CHARACTER', 'MBEDTLS_ERR_PEM_BAD_INPUT_DATA'],
    pem(
      'The PEM text is damaged.',
      ['Characters that are no Base64: lost line breaks, quotes, or a copy out of a web page.'],
      ['Copy the block again, with both lines of dashes, into a raw string literal.'],
    ),
  ),
  ...named(
    [
      'MBEDTLS_ERR_PEM_PASSWORD_REQUIRED',
      'MBEDTLS_ERR_PEM_PASSWORD_MISMATCH',
      'MBEDTLS_ERR_PKCS12_PASSWORD_MISMATCH',
      'MBEDTLS_ERR_PKCS5_PASSWORD_MISMATCH',
    ],
    wrongPassword,
  ),
  ...named(
    [
      'MBEDTLS_ERR_PEM_UNKNOWN_ENC_ALG',
      'MBEDTLS_ERR_PEM_INVALID_ENC_IV',
      'MBEDTLS_ERR_PEM_FEATURE_UNAVAILABLE',
      'MBEDTLS_ERR_PKCS5_FEATURE_UNAVAILABLE',
      'MBEDTLS_ERR_PKCS5_INVALID_FORMAT',
      'MBEDTLS_ERR_PKCS5_BAD_INPUT_DATA',
      'MBEDTLS_ERR_PKCS12_PBE_INVALID_FORMAT',
      'MBEDTLS_ERR_PKCS12_BAD_INPUT_DATA',
    ],
    key(
      'The private key is encrypted in a way this build cannot read.',
      ['PKCS#5 or PKCS#12 encryption of a newer kind, or left out of menuconfig.'],
      ['Take the password off: openssl pkey -in KEY -out KEY.plain (keep that file out of git).'],
    ),
  ),
  ...named(
    [
      'MBEDTLS_ERR_PK_UNKNOWN_PK_ALG',
      'MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE',
      'MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE',
      'MBEDTLS_ERR_PK_TYPE_MISMATCH',
      'MBEDTLS_ERR_PK_INVALID_PUBKEY',
      'MBEDTLS_ERR_PK_INVALID_ALG',
      'MBEDTLS_ERR_PK_KEY_INVALID_VERSION',
      'MBEDTLS_ERR_PK_BAD_INPUT_DATA',
      'MBEDTLS_ERR_PK_SIG_LEN_MISMATCH',
      'MBEDTLS_ERR_PK_BUFFER_TOO_SMALL',
      'MBEDTLS_ERR_RSA_KEY_CHECK_FAILED',
      'MBEDTLS_ERR_ECP_INVALID_KEY',
      'MBEDTLS_ERR_ECP_FEATURE_UNAVAILABLE',
    ],
    badKey,
  ),
  ...named(
    ['MBEDTLS_ERR_RSA_PUBLIC_FAILED', 'MBEDTLS_ERR_RSA_PRIVATE_FAILED'],
    key(
      'The RSA operation failed.',
      [
        'With a second code beside it that one is the cause, as a rule memory.',
        'The hardware for big numbers was busy or the key is damaged.',
      ],
      ['Look at the free heap; ECDSA P-256 needs far less of it than RSA.'],
    ),
  ),
  ...named(
    [
      'MBEDTLS_ERR_RSA_VERIFY_FAILED',
      'MBEDTLS_ERR_ECP_VERIFY_FAILED',
      'MBEDTLS_ERR_ECP_SIG_LEN_MISMATCH',
      'MBEDTLS_ERR_RSA_INVALID_PADDING',
    ],
    key(
      'A signature does not verify.',
      [
        'The certificate was signed by another CA of the same name, or key and certificate do not belong together.',
        'Memory was damaged.',
      ],
      [diagnose],
    ),
  ),
  ...named(
    [
      'MBEDTLS_ERR_NET_SOCKET_FAILED',
      'MBEDTLS_ERR_NET_INVALID_CONTEXT',
      'MBEDTLS_ERR_NET_POLL_FAILED',
      'MBEDTLS_ERR_NET_BUFFER_TOO_SMALL',
      'MBEDTLS_ERR_NET_BAD_INPUT_DATA',
    ],
    net(
      'No usable socket.',
      ['All sockets are in use, the connection was closed already, or the network is not up.'],
      ['Connect after the IP address was got; stop() a client before it connects again.'],
    ),
  ),
  ...named(
    ['MBEDTLS_ERR_NET_BIND_FAILED', 'MBEDTLS_ERR_NET_LISTEN_FAILED', 'MBEDTLS_ERR_NET_ACCEPT_FAILED'],
    net(
      'The board cannot serve on that port.',
      ['The port is in use, or sockets ran out.'],
      ['Use another port, or raise CONFIG_LWIP_MAX_SOCKETS.'],
    ),
  ),
  MBEDTLS_ERR_SSL_INVALID_MAC: ssl(
    'A record does not prove genuine: the two sides have different keys, or data was changed.',
    [
      'Memory was damaged, or two tasks use one connection at the same time.',
      'With a pre-shared key: the keys differ.',
    ],
    ['Use one client from one task; compare the pre-shared keys.'],
  ),
  MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE: outOfStep,
  MBEDTLS_ERR_SSL_UNEXPECTED_RECORD: outOfStep,
  MBEDTLS_ERR_SSL_INTERNAL_ERROR: ssl(
    'Mbed TLS met a state it cannot be in.',
    ['Memory was damaged, the client was used after it was stopped, or the crypto hardware failed.'],
    ['Use one client from one task; look at heap and stack of that task.'],
  ),
  MBEDTLS_ERR_SSL_BUFFER_TOO_SMALL: ssl(
    'A TLS message is larger than the buffer of the board.',
    [
      'The output buffer (CONFIG_MBEDTLS_SSL_OUT_CONTENT_LEN) is smaller than the certificate chain or message to send.',
    ],
    ['Raise the buffer, or send a shorter chain.'],
  ),
  MBEDTLS_ERR_SSL_BAD_INPUT_DATA: ssl(
    'A TLS function was called with arguments it does not accept.',
    ['The configuration is incomplete, an ALPN name or host name too long, or the connection was freed already.'],
    ['Check what was passed to the TLS configuration, and that the client still exists.'],
  ),
  MBEDTLS_ERR_SSL_FEATURE_UNAVAILABLE: ssl(
    'The broker asks for something this build leaves out.',
    ['A cipher, key exchange or extension that menuconfig turns off.'],
    [diagnose],
  ),
  ...named(
    [
      'MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION',
      'MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION',
      'MBEDTLS_ERR_SSL_VERSION_MISMATCH',
    ],
    version,
  ),
  ...named(
    ['MBEDTLS_ERR_SSL_CERTIFICATE_REQUIRED', 'MBEDTLS_ERR_SSL_NO_CLIENT_CERTIFICATE'],
    ssl(
      'One side demands a client certificate and got none.',
      ['No certificate is set on the board, or setInsecure() dropped it.'],
      ['Set certificate and key on the board.', readBrokerLog],
    ),
  ),
  MBEDTLS_ERR_SSL_PRIVATE_KEY_REQUIRED: ssl(
    'The board has a certificate but no private key for it.',
    ['Only one of the pair is set, or the key could not be read.'],
    ['Set both: setCertificate() and setPrivateKey().'],
  ),
  MBEDTLS_ERR_SSL_PK_TYPE_MISMATCH: ssl(
    'Certificate and private key are of different types.',
    ['An RSA certificate with an EC key, or the reverse: the files of two boards are mixed.'],
    ['Give the board the pair that was issued together.', issueKey],
  ),
  MBEDTLS_ERR_SSL_CERTIFICATE_VERIFICATION_WITHOUT_HOSTNAME: ssl(
    'The board checks certificates, but was not told the name of the host to check.',
    ['mbedtls_ssl_set_hostname() was not called: Mbed TLS refuses that since 3.6.3.'],
    ['Connect by name, or set common_name (esp_tls_cfg_t, broker.verification.common_name).'],
  ),
  MBEDTLS_ERR_SSL_PEER_VERIFY_FAILED: ssl(
    'The certificate of the broker was refused.',
    ['See -0x2700: another CA, another name, or a weak key.'],
    [diagnose],
  ),
  MBEDTLS_ERR_SSL_UNKNOWN_IDENTITY: ssl(
    'The identity of the pre-shared key is not known.',
    ['The identity on the board and the one in the psk_file of the broker differ.'],
    ['Compare both, capital letters included.'],
  ),
  MBEDTLS_ERR_SSL_UNRECOGNIZED_NAME: ssl(
    'The broker does not serve the name the board asked for.',
    ['The board connects by IP address or another name than the broker is set up for.'],
    ['Connect by the name of the broker.'],
  ),
  MBEDTLS_ERR_SSL_NO_APPLICATION_PROTOCOL: ssl(
    'Board and broker have no ALPN protocol in common.',
    ['AWS IoT on port 443 wants the protocol "x-amzn-mqtt-ca".'],
    ['Set the ALPN list as the provider says, or use port 8883.'],
  ),
  MBEDTLS_ERR_SSL_NO_RNG: ssl(
    'TLS was set up without a random generator.',
    ['mbedtls_ssl_conf_rng() was not called.'],
    [],
  ),
  ...named(
    [
      'MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN',
      'MBEDTLS_ERR_SSL_UNKNOWN_CIPHER',
      'MBEDTLS_ERR_SSL_UNSUPPORTED_EXTENSION',
      'MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER',
      'MBEDTLS_ERR_SSL_DECODE_ERROR',
      'MBEDTLS_ERR_SSL_BAD_CONFIG',
    ],
    handshake,
  ),
  MBEDTLS_ERR_SSL_CERTIFICATE_TOO_LARGE: ssl(
    'The certificate chain is too large for the buffer.',
    ['The chain of the board exceeds the output buffer.'],
    ['Send the leaf and its intermediates only, not the root.'],
  ),
  ...named(
    ['MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE', 'MBEDTLS_ERR_SSL_BAD_CERTIFICATE'],
    ssl(
      'The certificate that arrived cannot be used.',
      ['It is damaged, of a kind this build cannot read, or not for this use.'],
      [diagnose],
    ),
  ),
  ...named(
    [
      'MBEDTLS_ERR_SSL_WANT_READ',
      'MBEDTLS_ERR_SSL_WANT_WRITE',
      'MBEDTLS_ERR_SSL_ASYNC_IN_PROGRESS',
      'MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS',
      'MBEDTLS_ERR_ECP_IN_PROGRESS',
      'MBEDTLS_ERR_SSL_CONTINUE_PROCESSING',
      'MBEDTLS_ERR_SSL_NON_FATAL',
      'MBEDTLS_ERR_SSL_EARLY_MESSAGE',
      'MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET',
      'MBEDTLS_ERR_SSL_RECEIVED_EARLY_DATA',
    ],
    goOn,
  ),
  MBEDTLS_ERR_ERROR_GENERIC_ERROR: crypto('A function failed and gave no reason (-1).', [
    'The lines before, from the function itself, say more.',
  ]),
  MBEDTLS_ERR_ERROR_CORRUPTION_DETECTED: crypto('Memory or a computation was found to be damaged.', [
    'A buffer overrun or a fault of the hardware.',
  ]),
};

/** Groups of names that mean the same to somebody who connects a board. */
export const MBEDTLS_GROUPS: readonly (readonly [RegExp, Entry])[] = [
  [
    /^MBEDTLS_ERR_SSL_(?:BAD_HS_|HELLO_VERIFY|WAITING_SERVER|SESSION_TICKET|INVALID_VERIFY_HASH|CACHE_ENTRY|UNEXPECTED_CID|CLIENT_RECONNECT|COUNTER|COMPRESSION|HW_ACCEL|CANNOT_)/,
    handshake,
  ],
  [/^MBEDTLS_ERR_(?:CTR_DRBG|HMAC_DRBG|ENTROPY)_|_(?:RNG|RANDOM)_FAILED$/, random],
  [/_HW_ACCEL_(?:FAILED|FALLTHROUGH)$|^MBEDTLS_ERR_PADLOCK/, hardware],
  [/^MBEDTLS_ERR_ASN1_/, brokenCertificate],
  [/_AUTH_FAILED$|^MBEDTLS_ERR_CIPHER_INVALID_PADDING$/, damaged],
  [
    /_(?:BAD_INPUT\w*|INVALID_(?:INPUT|KEY)_LENGTH|INVALID_CONTEXT|BUFFER_TOO_SMALL|BUF_TOO_SMALL|OUTPUT_TOO_LARGE|FULL_BLOCK_EXPECTED|BAD_STATE)$/,
    wrongCall,
  ],
  [
    /_FEATURE_(?:UNAVAILABLE|UNSUPPORTED)$|_UNSUPPORTED_OPERATION$|^MBEDTLS_ERR_OID_NOT_FOUND$/,
    crypto('This build leaves the algorithm out.', ['It is turned off in menuconfig, or the chip lacks it.']),
  ],
  [
    /^MBEDTLS_ERR_(?:DHM|MPI|RSA_KEY_GEN)_?/,
    crypto('The arithmetic of a key or key exchange failed.', [
      'A damaged key or parameter; with an allocation code beside it, memory.',
    ]),
  ],
  [
    /^MBEDTLS_ERR_(?:LMS|PKCS7)_/,
    crypto('A signed message could not be read or verified.', ['It is damaged, or signed by somebody else.']),
  ],
  [
    /^MBEDTLS_ERR_THREADING_/,
    crypto('A lock of the crypto library failed.', ['It was used before it was set up, or after it was freed.']),
  ],
  [
    /^MBEDTLS_ERR_MD_FILE_IO_ERROR$/,
    crypto('A file to be hashed cannot be read.', ['It is not in the file system of the board.']),
  ],
];
