// The TLS stacks that boards run, and where their rules for certificates differ.

import type { Verifier } from '../x509/criticalExtensions';

export type TlsStackId = 'mbedtls-2.28' | 'mbedtls-3.4' | 'mbedtls-3.6' | 'mbedtls-4' | 'bearssl';

export interface TlsStack {
  readonly id: TlsStackId;
  /** As people call it, with who ships it. */
  readonly label: string;
  readonly library: 'mbedtls' | 'bearssl';
  /** Off on ESP32 by default (Kconfig MBEDTLS_HAVE_TIME_DATE, default n); BearSSL always checks. */
  readonly checksDates: boolean;
  /** Mbed TLS matches an iPAddress SAN from 3.5.0 on (x509_crt_check_san_ip); BearSSL never does. */
  readonly matchesIpSan: boolean;
  /** Hashes accepted in certificate signatures (mbedtls_x509_crt_profile_default). */
  readonly hashes: readonly string[];
  /** Curves accepted; missing means any that the library knows. */
  readonly curves?: readonly string[];
  readonly minimumRsaBits: number;
  /** Whose critical extensions it takes. */
  readonly extensions: Verifier;
}

const SHA2 = ['sha256', 'sha384', 'sha512'];
const CURVES_3 = ['prime256v1', 'secp384r1', 'secp521r1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'];

const mbedtls3 = {
  library: 'mbedtls',
  checksDates: false,
  hashes: SHA2,
  curves: CURVES_3,
  minimumRsaBits: 2048,
  extensions: 'mbedtls',
} as const;

export const tlsStacks: Readonly<Record<TlsStackId, TlsStack>> = {
  'mbedtls-2.28': {
    id: 'mbedtls-2.28',
    label: 'Mbed TLS 2.28 (arduino-esp32 2.x, ESP-IDF 4.4)',
    library: 'mbedtls',
    checksDates: false,
    matchesIpSan: false,
    hashes: ['sha224', ...SHA2],
    minimumRsaBits: 2048,
    extensions: 'mbedtls',
  },
  'mbedtls-3.4': {
    ...mbedtls3,
    id: 'mbedtls-3.4',
    label: 'Mbed TLS 3.x before 3.5 (ESP-IDF 5.0 and early 5.1)',
    matchesIpSan: false,
  },
  'mbedtls-3.6': {
    ...mbedtls3,
    id: 'mbedtls-3.6',
    label: 'Mbed TLS 3.5 or later (arduino-esp32 3.x, ESP-IDF 5.2 and later)',
    matchesIpSan: true,
    extensions: 'mbedtls-3.6',
  },
  'mbedtls-4': {
    ...mbedtls3,
    id: 'mbedtls-4',
    label: 'Mbed TLS 4.x (ESP-IDF 6)',
    matchesIpSan: true,
    extensions: 'mbedtls-3.6',
  },
  bearssl: {
    id: 'bearssl',
    label: 'BearSSL (ESP8266)',
    library: 'bearssl',
    checksDates: true,
    matchesIpSan: false,
    hashes: ['sha1', 'sha224', ...SHA2],
    curves: ['prime256v1', 'secp384r1', 'secp521r1'],
    minimumRsaBits: 1017,
    extensions: 'bearssl',
  },
};

export function isTlsStackId(text: string): text is TlsStackId {
  return Object.hasOwn(tlsStacks, text);
}
