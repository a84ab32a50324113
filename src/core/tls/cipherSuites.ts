// The cipher suites that a TLS test offers, by their IANA numbers, with a judgement. Order: what to offer first.

export type SuiteJudgement =
  /** Forward secrecy and authenticated encryption. */
  | 'good'
  /** Works and is not broken: CBC, or no forward secrecy. */
  | 'fair'
  /** Broken or no encryption: nobody should accept it. */
  | 'bad';

export interface CipherSuite {
  readonly code: number;
  /** IANA name without `TLS_`. */
  readonly name: string;
  readonly version: '1.2' | '1.3';
  readonly exchange: 'ecdhe' | 'dhe' | 'rsa' | 'psk' | 'any';
  readonly judgement: SuiteJudgement;
}

const suite =
  (version: '1.2' | '1.3', exchange: CipherSuite['exchange'], judgement: SuiteJudgement) =>
  ([code, name]: readonly [number, string]): CipherSuite => ({ code, name, version, exchange, judgement });

export const CIPHER_SUITES: readonly CipherSuite[] = [
  ...(
    [
      [0x1301, 'AES_128_GCM_SHA256'],
      [0x1302, 'AES_256_GCM_SHA384'],
      [0x1303, 'CHACHA20_POLY1305_SHA256'],
      [0x1304, 'AES_128_CCM_SHA256'],
      [0x1305, 'AES_128_CCM_8_SHA256'],
    ] as const
  ).map(suite('1.3', 'any', 'good')),
  ...(
    [
      [0xc02b, 'ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
      [0xc02c, 'ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
      [0xc02f, 'ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      [0xc030, 'ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      [0xcca9, 'ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256'],
      [0xcca8, 'ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
      [0xc0ac, 'ECDHE_ECDSA_WITH_AES_128_CCM'],
      [0xc0ad, 'ECDHE_ECDSA_WITH_AES_256_CCM'],
      [0xc0ae, 'ECDHE_ECDSA_WITH_AES_128_CCM_8'],
      [0xc0af, 'ECDHE_ECDSA_WITH_AES_256_CCM_8'],
    ] as const
  ).map(suite('1.2', 'ecdhe', 'good')),
  ...(
    [
      [0xc023, 'ECDHE_ECDSA_WITH_AES_128_CBC_SHA256'],
      [0xc024, 'ECDHE_ECDSA_WITH_AES_256_CBC_SHA384'],
      [0xc027, 'ECDHE_RSA_WITH_AES_128_CBC_SHA256'],
      [0xc028, 'ECDHE_RSA_WITH_AES_256_CBC_SHA384'],
      [0xc009, 'ECDHE_ECDSA_WITH_AES_128_CBC_SHA'],
      [0xc00a, 'ECDHE_ECDSA_WITH_AES_256_CBC_SHA'],
      [0xc013, 'ECDHE_RSA_WITH_AES_128_CBC_SHA'],
      [0xc014, 'ECDHE_RSA_WITH_AES_256_CBC_SHA'],
    ] as const
  ).map(suite('1.2', 'ecdhe', 'fair')),
  ...(
    [
      [0x009e, 'DHE_RSA_WITH_AES_128_GCM_SHA256'],
      [0x009f, 'DHE_RSA_WITH_AES_256_GCM_SHA384'],
      [0xccaa, 'DHE_RSA_WITH_CHACHA20_POLY1305_SHA256'],
    ] as const
  ).map(suite('1.2', 'dhe', 'good')),
  ...(
    [
      [0x0067, 'DHE_RSA_WITH_AES_128_CBC_SHA256'],
      [0x006b, 'DHE_RSA_WITH_AES_256_CBC_SHA256'],
      [0x0033, 'DHE_RSA_WITH_AES_128_CBC_SHA'],
      [0x0039, 'DHE_RSA_WITH_AES_256_CBC_SHA'],
    ] as const
  ).map(suite('1.2', 'dhe', 'fair')),
  ...(
    [
      [0x009c, 'RSA_WITH_AES_128_GCM_SHA256'],
      [0x009d, 'RSA_WITH_AES_256_GCM_SHA384'],
      [0x003c, 'RSA_WITH_AES_128_CBC_SHA256'],
      [0x003d, 'RSA_WITH_AES_256_CBC_SHA256'],
      [0x002f, 'RSA_WITH_AES_128_CBC_SHA'],
      [0x0035, 'RSA_WITH_AES_256_CBC_SHA'],
    ] as const
  ).map(suite('1.2', 'rsa', 'fair')),
  ...(
    [
      [0x00a8, 'PSK_WITH_AES_128_GCM_SHA256'],
      [0x00a9, 'PSK_WITH_AES_256_GCM_SHA384'],
      [0x00ae, 'PSK_WITH_AES_128_CBC_SHA256'],
      [0x008c, 'PSK_WITH_AES_128_CBC_SHA'],
      [0xc037, 'ECDHE_PSK_WITH_AES_128_CBC_SHA256'],
    ] as const
  ).map(suite('1.2', 'psk', 'fair')),
  ...(
    [
      [0xc008, 'ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA'],
      [0xc012, 'ECDHE_RSA_WITH_3DES_EDE_CBC_SHA'],
      [0xc007, 'ECDHE_ECDSA_WITH_RC4_128_SHA'],
      [0xc011, 'ECDHE_RSA_WITH_RC4_128_SHA'],
    ] as const
  ).map(suite('1.2', 'ecdhe', 'bad')),
  ...(
    [
      [0x000a, 'RSA_WITH_3DES_EDE_CBC_SHA'],
      [0x0005, 'RSA_WITH_RC4_128_SHA'],
      [0x0004, 'RSA_WITH_RC4_128_MD5'],
      [0x003b, 'RSA_WITH_NULL_SHA256'],
      [0x0002, 'RSA_WITH_NULL_SHA'],
      [0x0001, 'RSA_WITH_NULL_MD5'],
    ] as const
  ).map(suite('1.2', 'rsa', 'bad')),
];

const BY_CODE = new Map(CIPHER_SUITES.map((known) => [known.code, known]));

export function suiteByCode(code: number): CipherSuite | undefined {
  return BY_CODE.get(code);
}

export function suiteName(code: number): string {
  return BY_CODE.get(code)?.name ?? `0x${code.toString(16).padStart(4, '0')}`;
}
