// Why a board refuses a chain, in words, with what to change and with the number that BearSSL gives.
import type { BoardObjection } from '../diagnose/boardView';
import type { ProbeReport } from './probeReport';

interface Words {
  readonly why: string;
  readonly change: string;
  /** bearssl_x509.h, as `getLastSSLError` of the ESP8266 core gives it. */
  readonly bearssl?: number;
}

const OBJECTIONS: Readonly<Record<BoardObjection, Words>> = {
  'not-trusted': {
    why: 'The chain does not lead to its CA, or an intermediate certificate is missing in it.',
    change: 'Give the board the CA that signs this chain, and let the broker send its intermediates.',
    bearssl: 62,
  },
  'name-mismatch': {
    why: 'The host name is not in the certificate as this stack reads it.',
    change: 'Issue a broker certificate with that name as DNS name.',
    bearssl: 56,
  },
  expired: { why: 'The certificate has expired.', change: 'Renew it.', bearssl: 54 },
  'not-yet-valid': { why: 'The certificate is not valid yet.', change: 'Check the clocks.', bearssl: 54 },
  'weak-hash': {
    why: 'A certificate of the chain is signed with a hash that it does not take.',
    change: 'Issue it with SHA-256.',
    bearssl: 49,
  },
  'weak-key': {
    why: 'A key of the chain is of a kind or size that it does not take.',
    change: 'Use ECDSA P-256 or RSA 2048.',
    bearssl: 60,
  },
  'key-usage': { why: 'The key usage has no digitalSignature.', change: 'Issue a broker certificate.' },
  'extended-key-usage': { why: 'The certificate has no serverAuth.', change: 'Issue a broker certificate.' },
  'chain-too-long': {
    why: 'The chain is too long for it.',
    change: 'Issue the certificate from a CA nearer to the root.',
  },
  'unknown-critical-extension': {
    why: 'A certificate has a critical extension that it cannot read.',
    change: 'Issue it without.',
    bearssl: 57,
  },
  'no-chain': { why: 'The broker sends no certificate.', change: 'Set a certificate in the broker.' },
  'time-unknown': { why: 'It does not know the time.', change: 'Set the clock first (configTime and NTP).' },
};

export function explainObjections(
  objections: readonly BoardObjection[],
  { servername, chain }: ProbeReport,
): Pick<Words, 'why' | 'change'> {
  const words = objections.map((objection) => OBJECTIONS[objection]);
  const names = chain[0]?.subjectAltNames?.map(({ value }) => value).join(', ');
  const named = objections.includes('name-mismatch')
    ? [`It connects to ${servername}; the certificate has ${names ?? 'no SAN'}.`]
    : [];
  return {
    why: [...words.map(({ why }) => why), ...named].join(' '),
    change: words.map(({ change }) => change).join(' '),
  };
}

/** Why, in a sentence or two. */
export function objectionWords(objection: BoardObjection): string {
  return OBJECTIONS[objection].why;
}

/** Empty where BearSSL has no number of its own for it. */
export function bearsslCode(objections: readonly BoardObjection[]): string {
  const code = objections.map((objection) => OBJECTIONS[objection].bearssl).find((found) => found !== undefined);
  return code === undefined ? '' : `BearSSL error ${code}`;
}
