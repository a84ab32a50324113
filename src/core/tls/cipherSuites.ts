// The cipher suites that a TLS test offers, by their IANA numbers, with a judgement that is read from their names.
import names from './tables/cipherSuites.json';

export type SuiteJudgement =
  /** Forward secrecy and authenticated encryption. */
  | 'good'
  /** Works and is not broken: CBC, an 8-byte tag, or no forward secrecy. */
  | 'fair'
  /** Broken, no encryption, or no proof of who the server is: nobody should accept it. */
  | 'bad';

export interface CipherSuite {
  readonly code: number;
  /** IANA name without `TLS_`. */
  readonly name: string;
  /** `1.2` stands for 1.0 to 1.2, whose suites are of one kind. */
  readonly version: '1.2' | '1.3';
  readonly exchange: 'ecdhe' | 'dhe' | 'rsa' | 'ecdh' | 'psk' | 'anonymous' | 'any';
  readonly judgement: SuiteJudgement;
}

const RANK: Readonly<Record<SuiteJudgement, number>> = { good: 0, fair: 1, bad: 2 };
const EXCHANGE_RANK: readonly CipherSuite['exchange'][] = ['any', 'ecdhe', 'dhe', 'rsa', 'ecdh', 'psk', 'anonymous'];

/** Order: what a sensible client offers first. */
export const CIPHER_SUITES: readonly CipherSuite[] = Object.entries(names)
  .map(([hex, name]) => describe(Number.parseInt(hex, 16), name))
  .sort(
    (a, b) =>
      RANK[a.judgement] - RANK[b.judgement] ||
      EXCHANGE_RANK.indexOf(a.exchange) - EXCHANGE_RANK.indexOf(b.exchange) ||
      Number(/CAMELLIA|ARIA/.test(a.name)) - Number(/CAMELLIA|ARIA/.test(b.name)) ||
      a.code - b.code,
  );

const BY_CODE = new Map(CIPHER_SUITES.map((known) => [known.code, known]));

export function suiteByCode(code: number): CipherSuite | undefined {
  return BY_CODE.get(code);
}

export function suiteName(code: number): string {
  return BY_CODE.get(code)?.name ?? `0x${code.toString(16).padStart(4, '0')}`;
}

/** OpenSSL's own name (ciphers(1)), under which it is switched on; OpenSSL ignores names that it does not know. */
export function opensslName({ name, version }: CipherSuite): string {
  if (version === '1.3') return `TLS_${name}`;
  const [exchange = '', cipher = ''] = name.split('_WITH_');
  const psk = exchange.includes('PSK');
  const short = cipher
    .replace('3DES_EDE_CBC', psk ? '3DES-EDE-CBC' : 'DES-CBC3')
    .replace(/^DES_CBC/, 'DES-CBC')
    .replace('RC4_128', 'RC4')
    .replace('CHACHA20_POLY1305_SHA256', 'CHACHA20-POLY1305')
    .replace('CCM_8', 'CCM8')
    .replace(/^(AES|CAMELLIA|ARIA)_/, '$1')
    .replace(/_CBC_/, psk && cipher.startsWith('AES') ? '-CBC-' : '-')
    .replaceAll('_', '-');
  const prefixes: Readonly<Record<string, string>> = {
    RSA: '',
    DH_anon: 'ADH-',
    ECDH_anon: 'AECDH-',
    PSK_DHE: 'DHE-PSK-',
    ...(cipher.startsWith('ARIA') ? { ECDHE_RSA: 'ECDHE-' } : {}),
  };
  return `${prefixes[exchange] ?? `${exchange.replaceAll('_', '-')}-`}${short}`;
}

function describe(code: number, name: string): CipherSuite {
  const version = name.includes('_WITH_') ? '1.2' : '1.3';
  const exchange = exchangeOf(name);
  return { code, name, version, exchange, judgement: judge(name, exchange) };
}

function exchangeOf(name: string): CipherSuite['exchange'] {
  const [exchange = '', cipher] = name.split('_WITH_');
  if (cipher === undefined) return 'any';
  if (exchange.includes('anon')) return 'anonymous';
  if (exchange.includes('PSK')) return 'psk';
  if (exchange.startsWith('ECDHE')) return 'ecdhe';
  if (exchange.startsWith('ECDH')) return 'ecdh';
  return exchange.startsWith('DHE') ? 'dhe' : 'rsa';
}

/** RFC 9325, 4.1 and 4.2. DSS keys went out of use with their hash, SHA-1. */
function judge(name: string, exchange: CipherSuite['exchange']): SuiteJudgement {
  if (exchange === 'anonymous' || /NULL|EXPORT|RC4|RC2|DES|IDEA|MD5|DSS/.test(name)) return 'bad';
  if (/CBC|CCM_8/.test(name)) return 'fair';
  return exchange === 'any' || exchange === 'ecdhe' || exchange === 'dhe' || /DHE/.test(name) ? 'good' : 'fair';
}
