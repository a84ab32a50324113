// What each reason of a refused certificate means on a board.
import type { Entry } from './entry';
import { diagnose, MBEDTLS_X509_H } from './shared';

const KCONFIG = 'esp-idf components/mbedtls/Kconfig (MBEDTLS_HAVE_TIME_DATE)';

export const notTrusted: Entry = {
  title: "The broker's certificate does not lead to the CA in the firmware.",
  causes: [
    {
      text: 'The firmware holds another CA, or the certificate of the broker instead of its CA.',
      source: 'iot-middleware-freertos-samples issue #299',
    },
    { text: 'The broker does not send its intermediate certificate.', source: 'RFC 5246 section 7.4.2' },
    {
      text: 'The provider changed its root (fielded devices then go dark at once).',
      source: 'OpenEVSE issue #806; Tasmota issue #5665; esp-aws-iot issue #139',
    },
  ],
  fixes: [
    diagnose,
    {
      text: 'Put the root CA that signed the chain into the firmware: openssl s_client -showcerts -connect HOST:8883 shows the chain.',
    },
  ],
  sources: [MBEDTLS_X509_H],
};

export const wrongName: Entry = {
  title: "The name the board connects to is not in the broker's certificate.",
  causes: [
    {
      text: 'It connects by IP address: that counts among the subject alternative names only from Mbed TLS 3.5, and BearSSL checks names only.',
      source: 'mbedtls ChangeLog 3.5.0; esp-idf issue #9954',
      evidence: /\b\d{1,3}(?:\.\d{1,3}){3}\b/,
    },
    { text: 'The certificate has no subject alternative name, or another one.', source: 'esp-mqtt issue #158' },
  ],
  fixes: [
    {
      text: 'Connect by a name of the certificate, or issue one that has the name (and the IP address, also as a DNS name for older boards).',
      command: 'secureIot.generateCertificates',
    },
    diagnose,
  ],
  sources: [MBEDTLS_X509_H],
};

export const expired: Entry = {
  title: 'By the clock of the board the certificate is not valid now.',
  causes: [
    { text: 'The certificate is expired or not yet valid.', source: MBEDTLS_X509_H },
    {
      text: 'The clock of the board is not set: after a reset it starts in 1970 until SNTP answered.',
      source: KCONFIG,
    },
  ],
  fixes: [
    {
      text: 'Get the time by SNTP before the TLS connection (configTime() and wait until time(nullptr) is past 2020).',
      platforms: ['arduino-esp32', 'esp8266'],
    },
    {
      text: 'Get the time by SNTP before the TLS connection (esp_netif_sntp_init() and esp_netif_sntp_sync_wait(), from ESP-IDF 5.1).',
      platforms: ['esp-idf'],
    },
    { text: 'Look at the dates: openssl x509 -in FILE -noout -dates' },
  ],
  sources: [MBEDTLS_X509_H, KCONFIG],
};

const weak: Entry = {
  title: 'The certificate uses a key or a signature that this firmware does not accept.',
  causes: [
    {
      text: 'RSA below 2048 bits, SHA-1, or a curve outside the default profile of Mbed TLS.',
      source: 'mbedtls library/x509_crt.c (mbedtls_x509_crt_profile_default)',
    },
  ],
  fixes: [
    { text: 'Issue certificates with ECDSA P-256 or RSA 2048 and SHA-256.', command: 'secureIot.generateCertificates' },
  ],
  sources: [MBEDTLS_X509_H],
};

const usage: Entry = {
  title: 'The certificate may not be used for this: its key usage does not fit.',
  causes: [
    {
      text: 'A broker certificate without serverAuth, a CA without keyCertSign, or a client certificate used by a broker.',
      source: 'RFC 5280 sections 4.2.1.3 and 4.2.1.12',
    },
  ],
  fixes: [{ text: 'Issue the certificate with the right extensions.', command: 'secureIot.generateCertificates' }],
  sources: [MBEDTLS_X509_H],
};

const revocation: Entry = {
  title: 'The revocation list (CRL) the board checks with cannot be used.',
  causes: [
    {
      text: 'It is out of date, signed by another CA, or signed in a way this firmware refuses.',
      source: MBEDTLS_X509_H,
    },
  ],
  fixes: [{ text: 'Give the board a fresh CRL of the CA that signed the broker, or none.' }],
  sources: [MBEDTLS_X509_H],
};

const about = (title: string, cause: string, fixes: Entry['fixes'] = [diagnose]): Entry => ({
  title,
  causes: [{ text: cause, source: MBEDTLS_X509_H }],
  fixes,
  sources: [MBEDTLS_X509_H],
});

export const x509Entries: Readonly<Record<string, Entry>> = {
  MBEDTLS_X509_BADCERT_REVOKED: about(
    "The broker's certificate is revoked.",
    'It stands on the revocation list that the board was given.',
    [{ text: 'Give the broker a new certificate.', command: 'secureIot.generateCertificates' }],
  ),
  MBEDTLS_X509_BADCERT_MISSING: about(
    'The broker sent no certificate.',
    'It is not set up with one, or the cipher suite has none (PSK).',
  ),
  MBEDTLS_X509_BADCERT_SKIP_VERIFY: about(
    'The certificate was not checked at all: the firmware has switched the check off.',
    'MBEDTLS_SSL_VERIFY_NONE, setInsecure() or skip_cert_common_name_check without a CA.',
    [{ text: 'Set the CA of the broker: anybody can read and change this connection now.' }],
  ),
  MBEDTLS_X509_BADCERT_OTHER: about(
    'A check of the firmware itself refused the certificate.',
    'The verify callback set this flag: the certificate bundle or a pinned key does not fit.',
  ),
  MBEDTLS_X509_BADCRL_NOT_TRUSTED: revocation,
  MBEDTLS_X509_BADCRL_EXPIRED: revocation,
  MBEDTLS_X509_BADCRL_FUTURE: revocation,
  MBEDTLS_X509_BADCRL_BAD_MD: revocation,
  MBEDTLS_X509_BADCRL_BAD_PK: revocation,
  MBEDTLS_X509_BADCRL_BAD_KEY: revocation,
  MBEDTLS_X509_BADCERT_NS_CERT_TYPE: usage,
  MBEDTLS_X509_BADCERT_NOT_TRUSTED: notTrusted,
  MBEDTLS_X509_BADCERT_CN_MISMATCH: wrongName,
  MBEDTLS_X509_BADCERT_EXPIRED: expired,
  MBEDTLS_X509_BADCERT_FUTURE: expired,
  MBEDTLS_X509_BADCERT_BAD_KEY: weak,
  MBEDTLS_X509_BADCERT_BAD_MD: weak,
  MBEDTLS_X509_BADCERT_BAD_PK: weak,
  MBEDTLS_X509_BADCERT_KEY_USAGE: usage,
  MBEDTLS_X509_BADCERT_EXT_KEY_USAGE: usage,
  CRT_BUNDLE_NO_MATCHING_ROOT: {
    title: "The certificate bundle in the firmware has no root for this broker's chain.",
    causes: [
      { text: 'A private CA is in no bundle.', source: 'esp-idf components/mbedtls/esp_crt_bundle' },
      {
        text: 'The bundle is the small one (CONFIG_MBEDTLS_CERTIFICATE_BUNDLE_DEFAULT_CMN), or older than the root.',
        source: 'esp-idf components/mbedtls/Kconfig',
      },
    ],
    fixes: [
      {
        text: 'Set the CA of the broker as the CA certificate, or add it with CONFIG_MBEDTLS_CUSTOM_CERTIFICATE_BUNDLE_PATH.',
      },
      diagnose,
    ],
    sources: ['esp-idf components/mbedtls/esp_crt_bundle/esp_crt_bundle.c'],
  },
  CRT_BUNDLE_VERIFY_FAILED: {
    title: 'The certificate bundle could not verify the chain.',
    causes: [
      {
        text: 'No root of the bundle signed it, or its signature does not verify (also when memory runs out in the middle).',
        source: 'esp-idf components/mbedtls/esp_crt_bundle/esp_crt_bundle.c; arduino-esp32 issue #8626',
      },
    ],
    fixes: [{ text: 'Set the CA of the broker as the CA certificate instead of the bundle.' }, diagnose],
    sources: ['esp-idf components/mbedtls/esp_crt_bundle/esp_crt_bundle.c'],
  },
};
