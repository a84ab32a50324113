// What a board's TLS stack offers in its ClientHello, as its firmware is built by default.
import type { TlsStackId } from '../diagnose/tlsStack';
import { CIPHER_SUITES, type CipherSuite } from './cipherSuites';

export interface BoardOffer {
  /** The oldest TLS version that it speaks. The newest is TLS 1.2 for all, unless the firmware was built with more. */
  readonly oldest: '1.0' | '1.2';
  readonly has: (suite: CipherSuite) => boolean;
}

const suites =
  (ciphers: RegExp, ...exchanges: readonly CipherSuite['exchange'][]) =>
  ({ exchange, name, version, judgement }: CipherSuite): boolean =>
    version === '1.2' && judgement !== 'bad' && exchanges.includes(exchange) && ciphers.test(name);

const AES = /_AES_/;

/** Mbed TLS 3 has nothing before TLS 1.2; ESP-IDF's Kconfig has MBEDTLS_CHACHA20_C and MBEDTLS_DHM_C (DHE) off. */
const MBEDTLS_3: BoardOffer = { oldest: '1.2', has: suites(AES, 'ecdhe', 'rsa') };

const OFFERS: Readonly<Record<TlsStackId, BoardOffer>> = {
  /** Arduino 2.x: tools/sdk/esp32/dio_qspi/include/sdkconfig.h has TLS 1.0 and 1.1 and DHE_RSA on. */
  'mbedtls-2.28': { oldest: '1.0', has: suites(AES, 'ecdhe', 'rsa', 'dhe') },
  'mbedtls-3.4': MBEDTLS_3,
  'mbedtls-3.6': MBEDTLS_3,
  /** Mbed TLS 4 has no key exchange by RSA decryption (docs/4.0-migration-guide.md). */
  'mbedtls-4': { oldest: '1.2', has: suites(AES, 'ecdhe') },
  /** The ESP8266 core's list has ECDHE and RSA with AES (GCM, CCM, CBC) and ChaCha20; no DHE. */
  bearssl: { oldest: '1.0', has: suites(/_AES_|CHACHA20/, 'ecdhe', 'rsa') },
};

export function offerOf(stack: TlsStackId): BoardOffer {
  return OFFERS[stack];
}

/** The suites that every one of `stacks` offers, the best first. `stacks` is not empty. */
export function commonSuites(stacks: readonly TlsStackId[]): CipherSuite[] {
  return CIPHER_SUITES.filter((suite) => stacks.every((stack) => OFFERS[stack].has(suite)));
}
