// esp-tls: at which step of a connection ESP-IDF stopped. The Mbed TLS code beside it says why.
import type { Entry } from './entry';
import { entriesFrom, named } from './plainEntry';
import { longerNetworkTimeout } from './repairs';
import { diagnose, readBrokerLog } from './shared';

const entry = entriesFrom('esp-idf components/esp-tls/esp_tls_errors.h; esp_tls_mbedtls.c');
const wolf = entriesFrom('esp-idf components/esp-tls/esp_tls_errors.h; esp_tls_wolfssl.c');

const seeAbove = 'Read the Mbed TLS code in the line above, or print esp_tls_stack_err.';
const noSocket = entry(
  'esp-tls: no socket could be opened or set up.',
  ['All sockets are in use (CONFIG_LWIP_MAX_SOCKETS), out of memory, or the network is not up.'],
  ['Close connections that are done, and connect after the IP address was got.'],
);
const setup = entry(
  'esp-tls: the TLS library could not be set up.',
  [
    'As a rule the heap is too small: TLS takes 40 kB and more.',
    'An option of esp_tls_cfg_t that this build does not support.',
  ],
  [seeAbove, 'Print the largest free block before connecting.'],
);
const ownCertificate = entry(
  'esp-tls: the client certificate or its key cannot be used.',
  [
    'The PEM text is damaged, or its length does not count the final NUL.',
    'The key does not belong to the certificate, is encrypted without a password given, or is of a type left out of the build.',
  ],
  ['Check both: openssl x509 -in FILE -noout -text; openssl pkey -in FILE -noout.', seeAbove],
);
const broken = entry(
  'esp-tls: the TLS connection broke while data was sent or read.',
  ['The other side closed it, or Wi-Fi was lost.'],
  [seeAbove, 'Reconnect with a growing pause.'],
);

export const espTlsEntries: Readonly<Record<string, Entry>> = {
  ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT: entry(
    'esp-tls: the connection was not ready in time.',
    [
      'The peer does not answer: wrong address or port, or a firewall that drops packets.',
      'The handshake takes longer than the timeout.',
    ],
    [longerNetworkTimeout, diagnose],
  ),
  ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST: entry(
    'esp-tls: the TCP connection could not be opened.',
    ['Wrong address or port, a firewall, or a broker that is down or on localhost only.'],
    ['Check address and port from another computer in the same network.', diagnose],
  ),
  ESP_ERR_ESP_TLS_TCP_CLOSED_FIN: entry(
    'The peer closed the connection in good order.',
    ['The broker ended it: keep-alive, a second client with the same id, or a refusal it does not explain.'],
    [readBrokerLog],
  ),
  ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED: {
    title: 'esp-tls: the TLS handshake failed; the Mbed TLS code beside it says how.',
    causes: [
      {
        text: 'The line above has the code: explain that one.',
        source: 'esp-idf components/esp-tls/esp_tls_mbedtls.c',
        evidence: /mbedtls_ssl_handshake returned -0x|stack error/i,
      },
    ],
    fixes: [{ text: 'Print esp_tls_stack_err of the event where no such line is there.' }, diagnose],
    sources: ['esp-idf components/esp-tls/esp_tls_errors.h; esp_tls_mbedtls.c'],
  },
  ...named(['ESP_ERR_ESP_TLS_CANNOT_CREATE_SOCKET', 'ESP_ERR_ESP_TLS_SOCKET_SETOPT_FAILED'], noSocket),
  ESP_ERR_ESP_TLS_UNSUPPORTED_PROTOCOL_FAMILY: entry(
    'esp-tls: the address is of a family this firmware does not use.',
    ['The name resolves to an IPv6 address only, and IPv6 is off (or the reverse).'],
    ['Turn on CONFIG_LWIP_IPV6, or give the host an IPv4 address.'],
  ),
  ESP_ERR_MBEDTLS_CERT_PARTLY_OK: entry(
    'esp-tls: some of the CA certificates could not be read.',
    ['One PEM block of several is damaged or of a kind this build cannot read; the others are used.'],
    ['Check each block: openssl x509 -noout -text.'],
  ),
  ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED: entry(
    'esp-tls: the CA or client certificate cannot be read.',
    ['The PEM text is damaged, or its length does not count the final NUL (use sizeof, or strlen + 1).'],
    ['Check it: openssl x509 -in FILE -noout -text.', seeAbove],
  ),
  ...named(['ESP_ERR_MBEDTLS_SSL_CONF_OWN_CERT_FAILED', 'ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED'], ownCertificate),
  ...named(
    [
      'ESP_ERR_MBEDTLS_SSL_SETUP_FAILED',
      'ESP_ERR_MBEDTLS_SSL_CONFIG_DEFAULTS_FAILED',
      'ESP_ERR_MBEDTLS_CTR_DRBG_SEED_FAILED',
      'ESP_ERR_MBEDTLS_SSL_SET_HOSTNAME_FAILED',
      'ESP_ERR_MBEDTLS_SSL_CONF_ALPN_PROTOCOLS_FAILED',
      'ESP_ERR_MBEDTLS_SSL_TICKET_SETUP_FAILED',
    ],
    setup,
  ),
  ESP_ERR_MBEDTLS_SSL_CONF_PSK_FAILED: entry(
    'esp-tls: the pre-shared key cannot be used.',
    ['The key or its hint is empty or too long (MBEDTLS_PSK_MAX_LEN), or there is no memory for a copy.'],
    ['Check key, key_size and hint of psk_hint_key: the key is bytes, not hex digits.'],
  ),
  ...named(['ESP_ERR_MBEDTLS_SSL_WRITE_FAILED', 'ESP_ERR_MBEDTLS_SSL_READ_FAILED'], broken),
  ESP_ERR_ESP_TLS_SE_FAILED: entry(
    'esp-tls: the secure element did not answer or has no key.',
    ['The ATECC608 is not wired, not provisioned, or at another I2C address.'],
    ['Check its wiring and configuration with esp_cryptoauth_utility.'],
  ),
  ESP_ERR_ESP_TLS_SERVER_HANDSHAKE_TIMEOUT: entry(
    'esp-tls: as a server, the board waited too long for the handshake of a client.',
    ['A client that connects without TLS, or a slow one.'],
    ['Raise tls_handshake_timeout_ms.'],
  ),
  ...named(
    [
      'ESP_ERR_WOLFSSL_SSL_SET_HOSTNAME_FAILED',
      'ESP_ERR_WOLFSSL_SSL_CONF_ALPN_PROTOCOLS_FAILED',
      'ESP_ERR_WOLFSSL_CTX_SETUP_FAILED',
      'ESP_ERR_WOLFSSL_SSL_SETUP_FAILED',
    ],
    wolf('esp-tls with wolfSSL: TLS could not be set up.', [
      'The heap is too small, or an option is left out of the build.',
    ]),
  ),
  ...named(
    ['ESP_ERR_WOLFSSL_CERT_VERIFY_SETUP_FAILED', 'ESP_ERR_WOLFSSL_KEY_VERIFY_SETUP_FAILED'],
    wolf('esp-tls with wolfSSL: a certificate or key cannot be read.', [
      'The PEM text is damaged, or key and certificate do not fit.',
    ]),
  ),
  ...named(
    ['ESP_ERR_WOLFSSL_SSL_HANDSHAKE_FAILED', 'ESP_ERR_WOLFSSL_SSL_WRITE_FAILED'],
    wolf(
      'esp-tls with wolfSSL: the handshake or the connection failed.',
      ['The code of wolfSSL beside it says why.'],
      [diagnose],
    ),
  ),
};
