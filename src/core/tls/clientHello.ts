// Hand-made ClientHellos (RFC 5246 7.4.1.2, RFC 8446 4.1.2): they ask a server what it would do, without any crypto.
import { ascii, extension, uint16, vector } from './tlsBytes';

export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3';

export const VERSION_CODES: Readonly<Record<TlsVersion, number>> = {
  '1.0': 0x0301,
  '1.1': 0x0302,
  '1.2': 0x0303,
  '1.3': 0x0304,
};

/** Key: number of a named group (IANA "TLS Supported Groups"); as OpenSSL calls it. Order: what to offer first. */
const GROUP_LIST: readonly (readonly [number, string])[] = [
  [29, 'X25519'],
  [23, 'P-256'],
  [24, 'P-384'],
  [25, 'P-521'],
  [30, 'X448'],
  [0x11ec, 'X25519MLKEM768'],
  [26, 'brainpoolP256r1'],
  [27, 'brainpoolP384r1'],
  [28, 'brainpoolP512r1'],
  [22, 'secp256k1'],
  [21, 'P-224'],
  [19, 'P-192'],
  [256, 'ffdhe2048'],
  [257, 'ffdhe3072'],
  [258, 'ffdhe4096'],
  [259, 'ffdhe6144'],
  [260, 'ffdhe8192'],
];

export const GROUP_CODES: readonly number[] = GROUP_LIST.map(([code]) => code);
const GROUP_NAMES = new Map(GROUP_LIST);

export function groupName(code: number): string {
  return GROUP_NAMES.get(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** Fragment sizes of RFC 6066 section 4 and their numbers in the extension. */
export const FRAGMENT_CODES = { 512: 1, 1024: 2, 2048: 3, 4096: 4 } as const;
export type FragmentSize = keyof typeof FRAGMENT_CODES;

export interface HelloOptions {
  /** The highest version offered. 1.3 is offered alone; others as the classic field does it. */
  readonly version: TlsVersion;
  readonly suites: readonly number[];
  /** Default: all of GROUP_CODES. */
  readonly groups?: readonly number[];
  /** 32 bytes each. `keyShare` becomes an X25519 share, which any 32 bytes are; without it a 1.3 server has to ask again. */
  readonly random: Uint8Array;
  readonly keyShare?: Uint8Array;
  readonly servername?: string;
  readonly maxFragment?: FragmentSize;
  readonly alpn?: readonly string[];
}

/** ECDSA (also with brainpool curves), Ed25519, RSA-PSS, RSA, and the SHA-1 ones that old servers still need. */
const SIGNATURES = [
  ...[0x0403, 0x0503, 0x0603, 0x081a, 0x081b, 0x081c, 0x0807, 0x0808],
  ...[0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201],
];

/** One TLS record with the ClientHello. */
export function clientHello(options: HelloOptions): Uint8Array {
  const { version, servername, maxFragment, alpn, groups = GROUP_CODES } = options;
  const code = VERSION_CODES[version];
  const extensions = [
    ...(servername ? extension(0, vector(2, [0, ...vector(2, ascii(servername))])) : []),
    ...(maxFragment ? extension(1, [FRAGMENT_CODES[maxFragment]]) : []),
    ...extension(10, vector(2, groups.flatMap(uint16))),
    ...extension(11, [1, 0]),
    ...(code >= 0x0303 ? extension(13, vector(2, SIGNATURES.flatMap(uint16))) : []),
    ...(alpn?.length
      ? extension(
          16,
          vector(
            2,
            alpn.flatMap((name) => vector(1, ascii(name))),
          ),
        )
      : []),
    ...extension(23, []), // extended master secret: asked for by some servers since RFC 9325
    ...(version === '1.3'
      ? [
          ...extension(43, [2, ...uint16(code)]),
          ...extension(45, [1, 1]),
          ...extension(51, vector(2, options.keyShare ? [0, 0x1d, ...vector(2, [...options.keyShare])] : [])),
        ]
      : []),
  ];
  const body = [
    ...uint16(Math.min(code, 0x0303)),
    ...options.random,
    ...(version === '1.3' ? vector(1, [...options.random]) : [0]), // middlebox compatibility, RFC 8446 D.4
    ...vector(2, [...options.suites.flatMap(uint16), ...(version === '1.3' ? [] : [0x00, 0xff])]),
    ...[1, 0],
    ...vector(2, extensions),
  ];
  return Uint8Array.from([22, 3, 1, ...vector(2, [1, ...vector(3, body)])]);
}
