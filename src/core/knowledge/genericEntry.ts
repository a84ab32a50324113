// A reading of the official name, for codes without an entry of their own: true, and no more.
import type { Hit } from '../decode/recognizer';
import type { Entry } from './entry';

const MODULES: Readonly<Record<string, string>> = {
  SSL: 'TLS',
  X509: 'X.509 certificates',
  PK: 'keys',
  PEM: 'PEM texts',
  NET: 'the network',
  RSA: 'RSA',
  ECP: 'elliptic curves',
  MPI: 'big numbers',
  ASN1: 'ASN.1',
  CTR_DRBG: 'the random generator',
  HMAC_DRBG: 'the random generator',
  ENTROPY: 'entropy',
  CIPHER: 'ciphers',
  MD: 'hashes',
  DHM: 'Diffie-Hellman',
  OID: 'object identifiers',
};

/** Where the names of a family are defined. */
const SOURCES: Readonly<Partial<Record<Hit['family'], string>>> = {
  mbedtls: 'mbedtls include/mbedtls',
  psa: 'mbedtls include/psa/crypto_values.h',
  'x509-flags': 'mbedtls include/mbedtls/x509.h',
  'tls-alert': 'RFC 8446 section 6',
  'esp-tls': 'esp-idf components/esp-tls/esp_tls_errors.h',
  esp_err: 'esp-idf components/esp_common/src/esp_err_to_name.c',
  'arduino-update': 'arduino-esp32 libraries/Update/src/Update.h',
  mqtt5: 'esp-mqtt include/mqtt5_client.h',
  pubsubclient: 'PubSubClient src/PubSubClient.h',
  httpclient: 'arduino-esp32 libraries/HTTPClient/src/HTTPClient.h',
  bearssl: 'bearssl inc/bearssl_ssl.h, inc/bearssl_x509.h',
  axtls: 'axTLS ssl/ssl.h',
  wifi: 'esp-idf components/esp_wifi/include/esp_wifi_types_generic.h',
  errno: 'newlib sys/errno.h',
  dns: 'lwIP src/include/lwip/netdb.h',
  panic: 'esp-idf components/esp_system/panic.c; ESP8266 Arduino doc/exception_causes.rst',
  reset: 'esp-idf components/esp_rom (rom/rtc.h)',
  openssl: 'openssl include/openssl/sslerr.h',
};

const words = (name: string): string => name.toLowerCase().replaceAll('_', ' ');

export function genericEntry({ name, family }: Hit): Entry {
  const sources = [SOURCES[family] ?? name];
  const plain = (title: string): Entry => ({ title, causes: [], fixes: [], sources });
  const mbedtls = /^MBEDTLS_ERR_([A-Z0-9]+(?:_DRBG)?)_(.+)$/.exec(name);
  if (mbedtls) return plain(`Mbed TLS, ${MODULES[mbedtls[1] ?? ''] ?? mbedtls[1]}: ${words(mbedtls[2] ?? '')}.`);
  const prefixes: readonly (readonly [RegExp, string])[] = [
    [/^WIFI_(?:DISCONNECT_)?REASON_/, 'Wi-Fi disconnected: '],
    [/^ESP_ERR_/, 'ESP-IDF error: '],
    [/^BR_ERR_X509_/, 'BearSSL refused the certificate: '],
    [/^BR_(?:ERR|ALERT)_/, 'BearSSL: '],
    [/^SSL_R_/, 'OpenSSL: '],
    [/^X509_V_ERR_/, 'OpenSSL refused a certificate: '],
    [/^PSA_ERROR_/, 'PSA Crypto: '],
    [/^MQTT5_/, 'MQTT 5: '],
    [/^MBEDTLS_X509_/, 'Certificate check: '],
    [/^(?:MBEDTLS_)?SSL_ALERT_(?:MSG_)?/, 'TLS alert: '],
    [/^HTTPC_ERROR_/, 'HTTPClient: '],
    [/^(?:UPDATE_ERROR|OTA)_/, 'Update: '],
  ];
  for (const [prefix, title] of prefixes) {
    if (prefix.test(name)) return plain(`${title}${words(name.replace(prefix, ''))}.`);
  }
  return plain(family === 'panic' ? `The firmware crashed: ${name}.` : `${name} (${family}).`);
}
